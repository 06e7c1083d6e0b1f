"""How much a template may do. A repository is read, not trusted: no template may take the machine's memory or its day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_OUTPUT = 10_000_000  # characters of one rendering
MAX_STEPS = 500_000  # loop iterations and macro calls of one rendering
MAX_ITEMS = 1_000_000  # of one list
_CHARACTERS_A_STEP = 128  # that a template puts together
MAX_RANGE = 100_000
_MAX_BITS = 4_096  # of a whole number: 10 ** 1000 is fine, 10 ** 10 ** 10 is not
_PADDING = frozenset(("center", "ljust", "rjust", "zfill", "expandtabs"))
_PADDING_FILTERS = frozenset(("center", "indent", "batch", "slice", "wordwrap"))
_WIDE_FORMAT = re.compile(r"\d{6,}|%[^a-zA-Z%]*\*")
_NESTED_FORMAT = re.compile(r"\{[^{}]*\{")


class TooMuchError(Exception):
    """The template asked for more than a template may have."""


class ExhaustedError(TooMuchError):
    """All that a rendering may do is done: trying again makes no sense."""


class Budget:
    """The steps that one rendering has left."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = MAX_STEPS

    def spend(self, steps: int = 1) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise ExhaustedError(f"more than {MAX_STEPS} loop iterations and macro calls")

    def made(self, text: Any) -> Any:
        """``text``, paid for: many that are kept take more memory than each may."""
        if isinstance(text, str):
            self.spend(len(text) // _CHARACTERS_A_STEP)
        return text

    def counted(self, items: Iterable[Any]) -> Iterable[Any]:
        """``items``, paid for: at once where their number is known, else one by one. A list may grow in its own loop."""
        if isinstance(items, (list, tuple, dict, str, range)):
            self.spend(len(items))
            return items[:] if type(items) is list else items
        return self._one_by_one(items)

    def _one_by_one(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.spend()
            yield item


def bounded_range(*args: Any) -> range:
    """Jinja's ``range``, of any length a loop could have."""
    numbers = range(*map(int, args))
    if len(numbers) > MAX_RANGE:
        raise TooMuchError(f"range() of more than {MAX_RANGE} numbers")
    return numbers


def joined(parts: Iterable[Any]) -> str:
    """How Jinja joins the output of macros and blocks, and what stands around ``~``."""
    texts = [part if isinstance(part, str) else str(check_size(part)) for part in parts]
    if sum(map(len, texts)) > MAX_OUTPUT:
        raise TooMuchError(f"text of more than {MAX_OUTPUT} characters")
    return "".join(texts)


def checked(text: Any) -> Any:
    """``text``, unless it is too long to go on with; a list likewise."""
    if isinstance(text, str) and len(text) > MAX_OUTPUT:
        raise TooMuchError(f"text of more than {MAX_OUTPUT} characters")
    if isinstance(text, (list, tuple)) and len(text) > MAX_ITEMS:
        raise TooMuchError(f"a list of more than {MAX_ITEMS} items")
    return text


def check_operator(operator: str, left: Any, right: Any) -> None:
    """Refuse ``'a' * 10 ** 10``, ``10 ** 10 ** 10``, ``'%999999999d' % 1``."""
    if operator == "%" and isinstance(left, str):
        check_format(left, right if isinstance(right, tuple) else (right,))
        check_size(right)
    elif operator == "*":
        for sized, times in ((left, right), (right, left)):
            if isinstance(sized, (str, list, tuple)) and isinstance(times, int) and len(sized) * times > MAX_OUTPUT:
                raise TooMuchError(f"a repetition of more than {MAX_OUTPUT} items")
        _check_bits(left, right)
    elif operator == "**" and isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > _MAX_BITS:
        raise TooMuchError("a power too large to compute")
    elif (
        operator == "+"
        and isinstance(left, (str, list, tuple))
        and isinstance(right, (str, list, tuple))
        and len(left) + len(right) > MAX_OUTPUT
    ):
        raise TooMuchError(f"a concatenation of more than {MAX_OUTPUT} items")


def _check_bits(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > _MAX_BITS:
        raise TooMuchError("a number too large to compute with")


def check_format(template: str, args: Iterable[Any]) -> None:
    if _WIDE_FORMAT.search(template):
        raise TooMuchError("a format of unbounded width")
    args = tuple(args)
    if _NESTED_FORMAT.search(template):
        _check_widths(args)
    longest = max((len(given) for given in args if isinstance(given, (str, list, tuple, dict))), default=0)
    _check_product(template.count("%") + template.count("{"), longest)


def check_call(function: Any, args: tuple[Any, ...]) -> None:
    """Refuse ``'a'.center(10 ** 10)`` and ``text.replace('', text)`` on large texts."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, list):
        check_size(args)
        if function.__name__ == "extend":
            check_operator("+", owner, args[0] if args else ())
    if not isinstance(owner, str):
        return
    name = function.__name__
    if name in _PADDING:
        _check_widths(args)
    elif name == "join":
        check_size(args)
    elif name in ("replace", "translate"):
        check_replacement(owner, args)


def check_replacement(text: str, args: tuple[Any, ...]) -> None:
    if args and isinstance(args[0], dict):  # of str.translate
        _check_product(len(text), max((len(new) for new in args[0].values() if isinstance(new, str)), default=0))
    elif len(args) > 1 and isinstance(args[0], str) and isinstance(args[1], str):
        _check_product(text.count(args[0]), len(args[1]))


def check_filter(name: str, args: tuple[Any, ...]) -> None:
    check_size(args)
    if name in _PADDING_FILTERS:
        _check_widths(args)
        if name == "indent" and args and isinstance(args[0], str):
            widths = [len(width) if isinstance(width, str) else width for width in args[1:2] if isinstance(width, (str, int))]
            _check_product(args[0].count("\n") + 1, max(widths, default=4))
    elif name == "replace" and args and isinstance(args[0], str):
        check_replacement(args[0], args[1:])
    elif name == "format" and args and isinstance(args[0], str):
        check_format(args[0], args[1:])


def check_size(value: Any) -> Any:
    """``value``, unless writing it out would take for ever: a list of a list twice, of a list twice, sixty times over."""
    if isinstance(value, (list, tuple, dict)):
        _weight(value, {})
    return value


def _weight(value: Any, known: dict[int, int]) -> int:
    """How many values are written when this one is. Each container is gone through once."""
    if not isinstance(value, (list, tuple, dict)):
        return 1 + (len(value) if isinstance(value, str) else 0)
    if id(value) not in known:
        known[id(value)] = 0  # it may hold itself
        items = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_weight(item, known) for item in items)
        _check_product(known[id(value)], 1)
    return known[id(value)]


def _check_widths(args: tuple[Any, ...]) -> None:
    if any(isinstance(width, int) and width > MAX_RANGE for width in args):
        raise TooMuchError(f"a width of more than {MAX_RANGE}")


def _check_product(left: int, right: int) -> None:
    if left * right > MAX_OUTPUT:
        raise TooMuchError(f"text of more than {MAX_OUTPUT} characters")
