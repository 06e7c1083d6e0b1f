"""``modules``: what dbt lends templates of Python's library, cut down to what is harmless and the same every day."""

from __future__ import annotations

import datetime as dt
import itertools as iteration
import re as expressions
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.bounds import MAX_RANGE, TooMuchError
from sqllineage_scan.render.patterns import check_pattern
from sqllineage_scan.render.vocabulary import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.render.rendering import Rendering

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # the time it always is, or outputs would change
_MOST_REPEATS = 10


class _DateTime(dt.datetime):
    """``modules.datetime.datetime``, whose clock stands still."""

    @classmethod
    def now(cls, tz: Any = None) -> dt.datetime:  # type: ignore[override]
        return NOW if isinstance(tz, dt.tzinfo) else NOW.replace(tzinfo=None)

    @classmethod
    def utcnow(cls) -> dt.datetime:  # type: ignore[override]
        return NOW.replace(tzinfo=None)

    @classmethod
    def today(cls) -> dt.datetime:  # type: ignore[override]
        return NOW.replace(tzinfo=None)


class _Date(dt.date):
    @classmethod
    def today(cls) -> dt.date:  # type: ignore[override]
        return NOW.date()


class _Zone(dt.tzinfo):
    """Every time zone is UTC here: which instant a template means decides no lineage."""

    def __init__(self, zone: str = "UTC") -> None:
        self.zone = zone

    def __repr__(self) -> str:
        return self.zone

    def utcoffset(self, _moment: Any) -> dt.timedelta:
        return dt.timedelta(0)

    dst = utcoffset

    def tzname(self, _moment: Any) -> str:
        return "UTC"

    def localize(self, moment: dt.datetime, **_options: Any) -> dt.datetime:
        return moment.replace(tzinfo=self)

    def normalize(self, moment: dt.datetime, **_options: Any) -> dt.datetime:
        return moment


@value
def modules(rendering: Rendering) -> SimpleNamespace:
    return SimpleNamespace(
        datetime=SimpleNamespace(
            datetime=_DateTime,
            date=_Date,
            time=dt.time,
            timedelta=dt.timedelta,
            timezone=dt.timezone,
            UTC=dt.UTC,
        ),
        re=_regular_expressions(),
        itertools=_iteration(rendering),
        pytz=SimpleNamespace(timezone=lambda name: _Zone(str(name)), utc=_Zone(), UTC=_Zone()),
    )


def _regular_expressions() -> SimpleNamespace:
    functions = ("match", "search", "fullmatch", "findall", "split", "sub", "subn")
    flags = ("IGNORECASE", "I", "MULTILINE", "M", "DOTALL", "S", "VERBOSE", "X")
    return SimpleNamespace(
        escape=expressions.escape,
        compile=lambda pattern, flags=0: SimpleNamespace(**{name: _guarded(name, pattern, flags) for name in functions}),
        **{name: _guarded(name) for name in functions},
        **{name: getattr(expressions, name) for name in flags},
    )


def _guarded(name: str, *compiled_with: Any) -> Callable[..., Any]:
    """A function of ``re`` that refuses patterns and texts it could take for ever over."""

    def call(*args: Any, **kwargs: Any) -> Any:
        pattern, flags = compiled_with or (args[0], kwargs.pop("flags", 0))
        rest = args if compiled_with else args[1:]
        texts = [str(text) for text in (*rest, *kwargs.values()) if isinstance(text, str)]
        replacement = texts[0] if name in ("sub", "subn") and texts else ""
        check_pattern(str(pattern), max(texts, key=len, default=""), replacement)
        return getattr(expressions.compile(str(pattern), flags), name)(*rest, **kwargs)

    return call


def _iteration(rendering: Rendering) -> SimpleNamespace:
    """``itertools``, each item paid for, and nothing that never ends."""
    finite = ("accumulate", "chain", "combinations", "compress", "dropwhile", "groupby", "islice", "permutations")
    more = ("starmap", "takewhile", "zip_longest", "combinations_with_replacement", "pairwise")

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: rendering.budget.counted(function(*args, **kwargs))

    def product(*items: Any, repeat: int = 1) -> Any:
        if repeat > _MOST_REPEATS:
            raise TooMuchError(f"a product of more than {_MOST_REPEATS} times the same")
        return rendering.budget.counted(iteration.product(*items, repeat=repeat))

    def repeat(item: Any, times: int) -> list[Any]:
        return [item] * min(times, MAX_RANGE)

    return SimpleNamespace(
        **{name: counted(getattr(iteration, name)) for name in (*finite, *more)}, product=product, repeat=repeat
    )
