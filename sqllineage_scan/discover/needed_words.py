"""The words without which a regular expression cannot fit: looking for a word is a hundred times as quick as looking for a
pattern, and most files hold none.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r"\\.|\[[^\]]*\]|.", re.DOTALL)
_ANY = re.compile(r"\\.|\[[^\]]*\]|[.^$]")  # what stands for more than itself, or for a place
_WORD = re.compile(r"(?:[a-z0-9_]+|[:@<>=`-]+)(?![?*{])")
_OPTIONAL = ("?", "*", "{")


def needed_words(pattern: str) -> tuple[tuple[str, ...], ...]:
    r"""For each alternative of a pattern, in lower case, the words that it is made of; () where one of them has no word.

    r"\\bon\\s+conflict\\b|\\b(serial|jsonb)\\b"   ->  (on, conflict), (serial,), (jsonb,)
    """
    found: list[tuple[str, ...]] = []
    for alternative in _alternatives(pattern):
        outside, groups = _groups(alternative)
        words = tuple(_WORD.findall(_ANY.sub(" ", outside)))
        inner = (words,) if words else next((needed for group in groups if (needed := needed_words(group))), ())
        if not inner:
            return ()
        found.extend(inner)
    return tuple(found)


def may_fit(needed: tuple[tuple[str, ...], ...], lower: str) -> bool:
    """Whether a text, in lower case, has what some alternative needs."""
    if not needed:
        return True
    for words in needed:
        for word in words:
            if word not in lower:
                break
        else:
            return True
    return False


def _alternatives(pattern: str) -> list[str]:
    """``a`` and ``(b|c)`` of ``a|(b|c)``."""
    depth, found = 0, [""]
    for part in _PARTS.findall(pattern):
        depth += (part == "(") - (part == ")")
        if part == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += part
    return found


def _groups(pattern: str) -> tuple[str, list[str]]:
    """What stands outside parentheses, and what inside those that must be there: ``a`` and ``b|c`` of ``a(b|c)(d)?``."""
    outside, inside, depth = "", "", 0
    groups: list[str] = []
    parts = _PARTS.findall(pattern)
    for part, then in zip(parts, [*parts[1:], ""], strict=True):
        depth -= part == ")"
        if part == ")" and depth == 0:
            groups += [] if then in _OPTIONAL else [inside]
            outside, inside = f"{outside} ", ""
        elif depth:
            inside += part
        elif part != "(":
            outside += part
        depth += part == "("
    return outside, groups
