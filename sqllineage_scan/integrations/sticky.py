"""One comment a pull request that follows the change: found again by its marker and its author, brought up to date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError
from sqllineage_scan.integrations.http import UnclearError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.integrations.hosts import Comment, Discussion

_KEY = re.compile(r"[A-Za-z0-9._/-]{1,80}")  # "--" could end an HTML comment only before ">", which is not among these
_TRIES = 3


class Mode(StrEnum):
    UPDATE = "update"
    """The comment is edited: nobody is notified again."""
    RECREATE = "recreate"
    """A new comment at the end of the discussion; the old one is deleted."""
    HIDE = "hide"
    """A new comment; the old one stays, folded away as outdated."""
    OFF = "off"


class Done(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    RECREATED = "recreated"
    UNCHANGED = "unchanged"
    NOTHING = "nothing"
    """There is nothing to say, and nothing was said before."""


@dataclass(frozen=True, slots=True)
class Outcome:
    done: Done
    comment: Comment | None = None


def marker(key: str) -> str:
    """What a comment of ours begins with. ``key`` tells apart several of one pull request."""
    if not _KEY.fullmatch(key) or "--" in key:
        raise UsageError(f"{key!r} is no key of a comment; letters, digits and . _ - / make one")
    return f"<!-- sqllineage-scan comment={key} -->"


def post(discussion: Discussion, body: str, key: str, mode: Mode, *, worth_saying: bool = True) -> Outcome:
    """Bring the discussion to where ``body`` is our one comment with ``key``.

    ``worth_saying``: false for a text that only takes back what was said before ("nothing changed any more"): it is never
    the first comment.
    """
    mark = marker(key)
    if mode is Mode.HIDE and not discussion.hides:
        raise UsageError("this host cannot hide comments; use --mode update or recreate")
    text = f"{mark}\n{body}"
    before = list(discussion.own(mark))
    if not before:
        return Outcome(Done.CREATED, _create(discussion, text, mark, before)) if worth_saying else Outcome(Done.NOTHING)
    *older, last = before
    if _same(last.body, text):
        done, comment, gone = Done.UNCHANGED, last, older
    elif mode is Mode.UPDATE:
        done, comment, gone = Done.UPDATED, discussion.update(last, text), older
    else:  # first the new, then away with the old: whatever fails between, something stands there
        done, comment, gone = Done.RECREATED, _create(discussion, text, mark, before), before
    for each in gone:
        if mode is Mode.HIDE:
            discussion.hide(each)
        else:
            discussion.delete(each)
    return Outcome(done, comment)


def _create(discussion: Discussion, text: str, mark: str, before: Sequence[Comment]) -> Comment:
    """A host in trouble may have made the comment before its answer got lost: look, before making a second one."""
    known = {comment.id for comment in before}
    for _ in range(_TRIES - 1):
        try:
            return discussion.create(text)
        except UnclearError:
            made = [comment for comment in discussion.own(mark) if comment.id not in known]
            if made:
                return made[-1]
    return discussion.create(text)


def _same(there: str, here: str) -> bool:
    """Hosts keep line ends their own way, and no space at the end."""
    return there.replace("\r\n", "\n").strip() == here.strip()
