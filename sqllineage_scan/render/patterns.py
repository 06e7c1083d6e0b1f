"""What a regular expression may cost: Python's ``re`` goes back and tries again, for years where a pattern invites it.

(a|aa)+$        a repetition of something that can match in several ways: exponential in the length of the text
(.*)(.*)(.*)x   three repetitions, and a start at every place: its fourth power
"""

from __future__ import annotations

import re

from sqllineage_scan.render.bounds import MAX_OUTPUT, TooMuchError

_MOST_STEPS = 10**9
_SHORT = 20  # characters of a text on which even an exponential pattern ends
_LONGEST_PATTERN = 1_000
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<open>\((?:\?(?:P?<\w+>|P?[=!:>]|<[=!]|\w+:?))?)|(?P<close>\))|(?P<many>[*+]|\{\d*,?\d*\})[?+]?|(?P<other>[?|])"
)


def check_pattern(pattern: str, text: str, replacement: str = "") -> None:
    """Refuse what may never end on this text, or end in one that is too long."""
    repetitions, ambiguous = _shape(pattern)
    if (
        len(pattern) > _LONGEST_PATTERN
        or (ambiguous and len(text) > _SHORT)
        or len(text) ** (repetitions + 1 if repetitions else 0) > _MOST_STEPS
    ):
        raise TooMuchError("a regular expression that may never end")
    if (len(text) + 1) * len(replacement) > MAX_OUTPUT:
        raise TooMuchError(f"text of more than {MAX_OUTPUT} characters")


def _shape(pattern: str) -> tuple[int, bool]:
    """How many repetitions there are, and whether one repeats what can match in several ways: ``(a+)+``, ``(a|b)*``."""
    repetitions, ambiguous = 0, False
    flexible = [False]  # for each open group, whether its content can match in several ways
    closed, behind = False, -1  # what the group that ended at ``behind`` was
    for token in _TOKEN.finditer(_ATOM.sub("c", pattern)):
        if token["open"]:
            flexible.append(False)
        elif token["close"]:
            closed, behind = len(flexible) > 1 and flexible.pop(), token.end()
            flexible[-1] |= closed
        else:
            flexible[-1] = True
            if token["many"]:
                repetitions += 1
                ambiguous |= closed and behind == token.start()
    return repetitions, ambiguous
