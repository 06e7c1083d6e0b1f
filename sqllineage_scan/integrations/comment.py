"""A comparison as the comment of its pull request: what it says, where it goes, and what is told when it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqllineage_scan.errors import HostError
from sqllineage_scan.integrations.http import NotAllowedError
from sqllineage_scan.integrations.place import NoPullRequestError, Wanted, place
from sqllineage_scan.integrations.sticky import Done, Mode, marker
from sqllineage_scan.integrations.sticky import post as stick
from sqllineage_scan.outputs.changes._page import Page
from sqllineage_scan.outputs.changes.markdown import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.integrations.http import Patience
    from sqllineage_scan.integrations.place import Place
    from sqllineage_scan.integrations.runner import Runner

_WIDEST_CHARACTER = 4  # bytes of UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for. ``longest``: characters of the comment, its marker included."""

    mode: Mode = Mode.UPDATE
    key: str = "default"
    longest: int
    wanted: Wanted = field(default_factory=Wanted)

    def __post_init__(self) -> None:
        """A key that makes no marker is misuse, before anything is read or asked."""
        marker(self.key)


@dataclass(frozen=True, slots=True)
class Posted:
    """``said`` is for people; ``trouble``: the comment is not there though it should be."""

    said: str
    id: str = ""
    trouble: bool = False


def body(diff: Diff, order: Order, where: Place | None = None) -> str:
    """The comment without its marker. ``where`` makes places in files links to the commits of the pull request."""
    longest = order.longest if where is None else min(order.longest, where.discussion.longest)
    longest -= len(marker(order.key)) + 1
    if where is None:
        return plain(render(diff, Page(longest=longest)))
    head, base = (_at(where.blob, revision) for revision in (where.head, where.base))
    return plain(render(diff, Page(head=head, base=base, whole=where.run, longest=longest)))


def summary(diff: Diff, runner: Runner) -> str:
    """The whole report for the summary of this step, in as many bytes as are left there."""
    room = runner.room_for_summary()
    text = whole(diff, runner)
    if len(text.encode()) <= room:
        return text
    return plain(render(diff, replace(_page(diff, runner), longest=max(room // _WIDEST_CHARACTER, 0))))


def whole(diff: Diff, runner: Runner) -> str:
    """The report uncut, with links into the repository that the job is of."""
    return plain(render(diff, _page(diff, runner)))


def _page(diff: Diff, runner: Runner) -> Page:
    blob = f"{runner.server}/{runner.repository}/blob/{{revision}}/{{path}}#L{{line}}"
    pull = runner.pull_request()
    head = pull.head if pull is not None else diff.head.commit
    base = diff.base.commit or (pull.base if pull is not None else "")
    return Page(head=_at(blob, head or ""), base=_at(blob, base))


def post(diff: Diff, order: Order, environment: Mapping[str, str], patience: Patience | None = None) -> Posted:
    """Bring the pull request's comment up to date. Whatever the host does, this comes back; only misuse is raised."""
    if order.mode is Mode.OFF:
        return Posted("comments are off")
    try:
        with place(order.wanted, environment, patience) as where:
            text = body(diff, order, where)
            outcome = stick(
                where.discussion, text, order.key, order.mode, worth_saying=bool(diff.changes or diff.findings or diff.stale)
            )
            comment = outcome.comment
            if comment is None:
                return Posted(f"nothing changed, and there is no comment on #{where.number}")
            words = {Done.UNCHANGED: "comment says so already"}.get(outcome.done, f"comment {outcome.done}")
            return Posted(f"{words}: {comment.url or f'#{where.number}'}", comment.id)
    except NoPullRequestError as error:
        return Posted(f"no comment: {error}")
    except NotAllowedError as error:
        return Posted(
            f"{error}. The token may not comment: that of a pull request from a fork never may, others need "
            "`permissions: pull-requests: write`. The report is in the step's summary.",
            trouble=True,
        )
    except HostError as error:
        return Posted(str(error), trouble=True)


def plain(text: str) -> str:
    """What UTF-8 and the hosts can hold: a lone half of a surrogate pair from a file's name would end the request."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _at(blob: str, revision: str) -> str:
    """Empty where the revision is not known: a link to somewhere is worse than none."""
    return blob.replace("{revision}", quote(revision)) if revision else ""
