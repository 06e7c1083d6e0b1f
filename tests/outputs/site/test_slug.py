"""Page names are safe on every file system and never two datasets'."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.outputs.site.slug import anchor, slug, slugs

_LETTERS = st.sampled_from([*"abAB.-_~/\\: %$#\"'`<>|?*é\x00\n\u202e\u2028\udc80", "..", "con", "NUL", "aux.", "orders"])
_NAMES = st.one_of(st.text(), st.lists(_LETTERS).map("".join))
_SAFE = re.compile(r"[a-z0-9_~.-]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)")


@given(_NAMES)
def test_a_slug_is_a_safe_file_name(name: str) -> None:
    made = slug(name)
    assert _SAFE.fullmatch(made)
    assert len(made) <= 80
    assert not made.startswith((".", "-"))
    assert not made.endswith(".")
    assert not _DEVICES.match(made)


@given(st.lists(_NAMES, max_size=30))
def test_slugs_differ_where_case_does_not_count(names: list[str]) -> None:
    made = slugs(names)
    assert len({page.casefold() for page in made.values()}) == len(set(names))


@given(st.lists(_NAMES, max_size=10, unique=True), st.randoms())
def test_a_slug_does_not_depend_on_the_others(names: list[str], chance) -> None:
    other = list(names)
    chance.shuffle(other)
    assert slugs(names) == slugs(other)


def test_plain_names_stay() -> None:
    assert slug("analytics.orders") == "analytics.orders"
    assert slug("Analytics.orders") != "analytics.orders"
    assert slug("con.orders") != "con.orders"
    assert re.fullmatch(r"ops-orderexport~[0-9a-f]{12}", slug('ops."OrderExport"'))
    assert re.fullmatch(r"-*etc-passwd~[0-9a-f]{12}", slug("../../etc/passwd"))


@given(_NAMES)
def test_an_anchor_is_one_word(name: str) -> None:
    assert re.fullmatch(r"c-[A-Za-z0-9_.~%-]*", anchor(name))
