from __future__ import annotations

import re
from pathlib import Path

import pytest

from sqllineage_scan.dialects import dialect, own_files
from sqllineage_scan.discover.needed_words import may_fit, needed_words

PAGES = Path(__file__).parents[1] / "sql"
HINTS = sorted({pattern for name in own_files() for pattern, _, _ in dialect(name).hints})


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bon\s+conflict\b|\b(serial|jsonb)\b", (("on", "conflict"), ("serial",), ("jsonb",))),
        (r"\bnvl2?\b", (("nvl",),)),
        (r"\bengine\s*=?\s*\w*mergetree\b", (("engine", "mergetree"),)),
        (r"\b(a1|b2)(_c3)?\s+(d4|e5)", (("a1",), ("b2",))),
        (r"a1|\d+", ()),
        (r"(a1)?", ()),
        (r"[a|b]c1", (("c1",),)),
    ],
)
def test_each_alternative_says_what_it_needs(pattern: str, needed: tuple[tuple[str, ...], ...]) -> None:
    assert needed_words(pattern) == needed


def test_no_text_that_fits_is_passed_over() -> None:
    texts = re.findall(
        r"^```sql.*?\n(.*?)^```", "\n".join(page.read_text() for page in PAGES.glob("*.md")), re.MULTILINE | re.DOTALL
    )
    fitting = [(pattern, text) for pattern in HINTS for text in texts if re.search(pattern, text, re.IGNORECASE | re.MULTILINE)]
    assert len({pattern for pattern, _ in fitting}) > len(HINTS) / 2
    assert [pair for pair in fitting if not may_fit(needed_words(pair[0]), pair[1].lower())] == []


def test_most_hints_need_a_word() -> None:
    assert sum(bool(needed_words(pattern)) for pattern in HINTS) > 0.9 * len(HINTS)
