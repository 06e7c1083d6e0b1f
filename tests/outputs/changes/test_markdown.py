"""The comment: what it says, that it fits, and that a name in it is nothing but a name.

cmarkgfm is GitHub's own parser; what GitHub makes of text afterwards (mentions, references) happens outside of code alone.
"""

from __future__ import annotations

import dataclasses
import re
from enum import StrEnum
from functools import cache
from html.parser import HTMLParser
from io import StringIO
from typing import TYPE_CHECKING, Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_diff import sample_diff

from sqllineage_scan.domain.change import Change, ChangeKind, Diff, Effect, Impact, Reader, ReaderKind, Unresolved, Verdict
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.outputs.changes._page import Page
from sqllineage_scan.outputs.changes.markdown import render, write
from sqllineage_scan.outputs.changes.mermaid import MOST_LINES, MOST_NODES, Drawn, diagram

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOB = "https://github.com/shop/warehouse/blob/{}/{{path}}#L{{line}}"
PAGE = Page(head=BLOB.format("a" * 40), base=BLOB.format("b" * 40), whole="https://github.com/shop/warehouse/actions/runs/9")
LONGEST = 65_536
TAGS = set("h3 p table thead tbody tr th td a code pre br details summary ul li sub wbr".split())


class Seen(HTMLParser):
    """The tags, the links and the text outside of code of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.code: list[str] = []
        self.attributes: set[tuple[str, str]] = set()
        self.open: list[str] = []
        html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")
        if tag == "code":
            self.code.append("")
        if tag not in ("br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "tags are nested"

    def handle_data(self, data: str) -> None:
        if "code" in self.open:
            self.code[-1] += data
        else:
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"an HTML comment: {data}")


def rendered(diff: Diff, page: Page = PAGE) -> Seen:
    return Seen(render(diff, page))


def test_the_sample() -> None:
    text = render(sample_diff(), PAGE)
    assert text.startswith(
        "### 🔴 1 breaking · 🟠 2 to review — `dw.stg_orders.amount` removed\nCompared `main@9f2c1d0` → `HEAD@abc1234`"
    )
    seen = Seen(text)
    assert "98.3 % of column references resolved" in seen.text
    assert "1 place near the change could not be read: what follows is a lower bound" in seen.text
    rows = re.findall(r"^\| (🔴|🟠) \|.*\|$", text, re.MULTILINE)
    assert rows == ["🔴", "🟠"]
    assert BLOB.format("b" * 40).format(path="models/stg_orders.sql", line=14) in seen.links, "gone in head: the place in base"
    assert BLOB.format("a" * 40).format(path="models/fct_revenue.sql", line=31) in seen.links
    assert "`@finance`" in text
    assert "- filter o.status = 'paid'\n+ filter o.status in ('paid', 'sent')\n" in seen.code
    assert "dbt build -s dim_users fct_revenue kpis revenue_daily stg_orders\n" in seen.code
    assert "keys are text from today" in seen.code
    out = StringIO()
    write(sample_diff(), out)
    assert out.getvalue() == render(sample_diff(), Page())


def test_how_sure() -> None:
    """The number comes with the edge that lowers it most."""
    doubtful = sample_diff().changes[0].impact.readers[2]
    change = dataclasses.replace(sample_diff().changes[0], effect=Effect.REVIEW, impact=Impact((doubtful,)))
    (row,) = re.findall(r"^\| 🟠.*$", render(of(change), PAGE), re.MULTILINE)
    assert row.split(" | ")[-1].startswith("likely 0.80 – only when `is_incremental()` [`kpis.sql` L8](https://github.com/")  # noqa: RUF001


def of(*changes: Change, verdict: Verdict = Verdict.REVIEW, **others: Any) -> Diff:
    empty: dict[str, Any] = {"unresolved": (), "stale": (), "findings": (), "rebuild": ()}
    return dataclasses.replace(sample_diff(), changes=changes, verdict=verdict, **{**empty, **others})


def test_nothing_changed_is_two_lines() -> None:
    text = render(of(verdict=Verdict.SAFE), PAGE)
    assert text.splitlines()[0] == "### ✅ No change of lineage"
    assert len(text.splitlines()) == 2


def test_a_safe_change_says_what_was_not_seen() -> None:
    added = sample_diff().changes[-1]
    text = render(of(added, verdict=Verdict.SAFE, unresolved=sample_diff().unresolved), PAGE)
    assert text.startswith("### ✅ 1 change, none that breaks a reader\n")
    assert "could not be read" in text
    assert "| Change |" not in text


def test_rows_alone_are_not_folded_away() -> None:
    text = render(of(sample_diff().changes[2]), PAGE)
    assert "<details open><summary>🟠 Rows: 1 dataset may keep other rows</summary>" in text


# Nothing but text


FRAGMENTS = [
    "|", "`", "``", "```", "~~~", "<img src=x onerror=alert(1)>", "<script>", "</details>", "<!--", "-->", "]]>", "&lt;", "&#64;",
    "@someone", "shop/warehouse#1", "#1", "GH-1", "!1", "\n", "\r\n", "\t", "\n\n# heading", "\n- item", "\n| a | b |",
    "\n/close",
    "[x](https://evil.example)", "![x](https://evil.example/x.png)", "https://evil.example", "www.evil.example", "a@evil.example",
    "$x$", "$`x`$", "**b**", "_i_", "~s~", "\\", "\\|", "\u202e", "\u2066", "\u200b", "\u0000", "\ud800", "שלום", "名前", "🔴",
    "[^1]",
    ":tada:", "  ", "a" * 300, "::error::x", "%0A", "'", '"', "{{ x }}", "..", "/",
]  # fmt: skip
hostile = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), min_size=1, max_size=6).map("".join)


def spoiled(value: Any, text: str, *, alone: bool = True) -> Any:
    """The same value with ``text`` as, or after, every text of it."""
    if isinstance(value, StrEnum) or value is None:
        return value
    if isinstance(value, str):
        return text if alone else value + text
    if dataclasses.is_dataclass(value):
        changed = {field.name: spoiled(getattr(value, field.name), text, alone=alone) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **changed)  # type: ignore[type-var]
    if isinstance(value, tuple):
        items = [spoiled(item, text, alone=alone) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return value


@settings(max_examples=300)
@given(hostile, st.booleans())
@example("x` | y <img src=x> @someone shop/warehouse#1 --> \u202e\nz", True)
@example("```\n</details>\n@someone", False)
@example("`` ` ``", True)
@example("GH-1", False)
@example("|a@evil.example", False)
@example("|\nwww.evil.example", False)
def test_names_are_text_and_nothing_else(text: str, alone: bool) -> None:  # noqa: FBT001
    seen = rendered(spoiled(sample_diff(), text, alone=alone))
    assert set(seen.tags) <= TAGS
    assert seen.open == []
    assert seen.attributes <= {("a", "href"), ("pre", "lang"), ("details", "open"), ("code", "class")}
    home = "https://github.com/shop/warehouse/"
    assert all(link.startswith(home) and ".." not in link.removeprefix(home).split("#")[0].split("/") for link in seen.links)
    outside = seen.text
    assert not re.search(r"@\w|\w#\d|#\d|GH-\d|!\d|://|www\.|\$|:\w+:|\[\^", outside), outside
    assert not re.search("[\u202a-\u202e\u200b\u2066\u2067\u0000]", outside + "".join(seen.code))
    assert seen.tags.count("tr") == 3
    assert seen.tags.count("td") == 10
    drawn, built = "Diagram:" in outside, "Rebuild:" in outside
    assert drawn is not alone, "of a single name there is nothing to draw"
    assert built or not re.fullmatch(r"[a-z]+", text)
    assert seen.tags.count("details") == 6 + drawn + built
    assert not re.search(r"^\s*/", outside, re.MULTILINE), "GitLab takes a line like /close for a command"


@given(hostile)
def test_a_path_never_leads_elsewhere(text: str) -> None:
    span = sample_diff().changes[0].before
    assert span is not None
    path = f"../../../evil/{text}/../x.sql"
    change = dataclasses.replace(
        sample_diff().changes[0], before=span._replace(span=span.span._replace(path=path)), impact=Impact()
    )
    assert rendered(of(change)).links == [] or all("evil" not in link for link in rendered(of(change)).links)


@given(st.text(max_size=40))
def test_a_name_can_be_read_as_it_is(name: str) -> None:
    """Printable letters come out as they went in; what cannot be seen by its number."""
    wanted = " ".join(name.split())
    if wanted and name.isprintable() and wanted == name:
        change = Change(ChangeKind.ADDED, ColumnId(DatasetId("", "t"), name), None, None, Effect.REVIEW, "")
        headline, base, head, row = rendered(of(change)).code[:4]
        assert headline == row == f"t.{name}"
        assert (base, head) == ("main@9f2c1d0", "HEAD@abc1234")


def test_a_rebuild_command_can_be_pasted_into_a_shell() -> None:
    text = render(of(sample_diff().changes[0], rebuild=("orders", "x; rm -rf /", "$(id)", "-h", "shop.v2")), PAGE)
    assert "dbt build -s orders shop.v2\n" in text


# Never too long


@cache
def many(number: int, effect: Effect = Effect.BREAKING, name: str = "marts.orders") -> Diff:
    sample = sample_diff().changes[0]

    def changes() -> Iterator[Change]:
        for at in range(number):
            dataset = DatasetId("", f"{name}_{at}")
            reader = Reader(ReaderKind.COLUMN, f"{name}_{at}.b", effect, "reads it", ColumnId(DatasetId("", f"r_{at}"), "b"))
            yield dataclasses.replace(sample, subject=ColumnId(dataset, "amount"), effect=effect, impact=Impact((reader,)))

    unresolved = tuple(Unresolved(sample_diff().unresolved[0].gap, appeared=False, near=False) for _ in range(number))
    verdict = {Effect.BREAKING: Verdict.BREAKING, Effect.REVIEW: Verdict.REVIEW}.get(effect, Verdict.SAFE)
    rebuild = tuple(f"model_{at}" for at in range(number))
    return of(*changes(), verdict=verdict, unresolved=unresolved, findings=sample_diff().findings * number, rebuild=rebuild)


@pytest.mark.parametrize("effect", list(Effect))
@pytest.mark.parametrize("number", [1, 40, 400, 5000])
@pytest.mark.parametrize("longest", [1000, 4000, 60_000, LONGEST])
def test_it_fits_and_says_what_is_missing(number: int, effect: Effect, longest: int) -> None:
    diff = many(number, effect)
    text = render(diff, dataclasses.replace(PAGE, longest=longest))
    assert len(text) <= longest
    seen = Seen(text)
    assert seen.open == []
    shown = len(re.findall(r"^(?:\| [🔴🟠] |- \[)", text, re.MULTILINE))
    if shown < number:
        assert re.search(r"\+[\d,]+ more in the \[whole report\]", text) or longest == 1000
    assert f"{number:,}" in text.splitlines()[0]


def test_a_comment_that_fits_is_whole() -> None:
    text = render(many(40), dataclasses.replace(PAGE, longest=LONGEST))
    assert "more in the" not in text.replace("+1 more<br>", "")
    assert text.count("| 🔴 |") == 40


def test_what_goes_first() -> None:
    whole = render(sample_diff(), PAGE)
    assert "```mermaid" in whole
    less = render(sample_diff(), dataclasses.replace(PAGE, longest=len(whole) - 1))
    assert "```mermaid" not in less
    assert "dw.stg_orders.note" in less
    still_less = render(sample_diff(), dataclasses.replace(PAGE, longest=len(less) - 1))
    assert "dw.stg_orders.note" not in still_less
    assert "Nobody harmed: 1 change" in still_less
    assert still_less.count("| 🔴 |") + still_less.count("| 🟠 |") == 2


@pytest.mark.parametrize("name", ["x" * 5000, "|`<" * 200, "\u202e" * 500, "名" * 500])
def test_long_names_are_cut(name: str) -> None:
    text = render(many(300, name=name), dataclasses.replace(PAGE, longest=LONGEST))
    assert 20_000 < len(text) <= LONGEST
    assert Seen(text).open == []


def meshed(number: int) -> Drawn | None:
    """The diagram where ``number`` datasets are read by as many others each."""
    step = sample_diff().changes[0].impact.readers[0].path[0]
    ways = [
        step._replace(source=ColumnId(DatasetId("", f"a{one}"), "x"), target=ColumnId(DatasetId("", f"b{other}"), "x"))
        for one in range(number)
        for other in range(number)
    ]
    readers = tuple(Reader(ReaderKind.COLUMN, "x", Effect.REVIEW, "", way.target, path=(way,)) for way in ways)
    return diagram(of(dataclasses.replace(sample_diff().changes[0], impact=Impact(readers))))


def test_diagrams_stay_small() -> None:
    """Forty nodes and eighty lines, whatever reaches what."""
    assert diagram(of()) is None
    wide, dense = meshed(60), meshed(12)
    assert wide is not None
    assert (wide.shown, wide.datasets, wide.text.count("-->")) == (MOST_NODES, 120, 39)
    assert dense is not None
    assert (dense.shown <= 24, dense.datasets, dense.text.count("-->")) == (True, 24, MOST_LINES)
    hostile_name = diagram(spoiled(sample_diff(), 'a"]; click n0 "javascript:x" --> b'))
    assert hostile_name is None, "all datasets are one then"
