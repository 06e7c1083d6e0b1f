"""Values that stand for what nobody in the repository knows, and for what is simply not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from jinja2.runtime import Undefined

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 60  # characters of an argument that a hole's text repeats


class RemembersHoles(Protocol):
    """The rendering under way, as far as a hole needs it."""

    def hole_token(self, text: str, reason: str) -> str: ...


class Absent(Undefined):
    """An attribute that a known thing lacks, an argument that was not given: writes nothing, as in dbt.

    {% macro m(a, suffix) %}{{ a }}{{ suffix }}{% endmacro %}{{ m('x') }}      ->  x
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        return self

    def __str__(self) -> str:
        return ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Undefined) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(type(self))

    def _itself(self, *_args: Any) -> Any:
        return self

    def _never(self, *_args: Any) -> bool:
        return False

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _itself
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _itself
    __pow__ = __rpow__ = __neg__ = __pos__ = _itself
    __lt__ = __le__ = __gt__ = __ge__ = _never  # type: ignore[assignment]

    def __contains__(self, item: Any) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __int__(self) -> int:  # type: ignore[override]
        return 0

    def __float__(self) -> float:  # type: ignore[override]
        return 0.0


class Unknown(Absent):
    """A hole: whatever is done to it, it stays one; written out, a stand-in identifier takes its place.

    {{ nobody.knows('a') ~ 'b' }}   ->  hole__0b, hole__0 being remembered as nobody.knows('a')
    """

    __slots__ = ("_reason", "_rendering", "_text")

    def __init__(self, rendering: RemembersHoles, text: str, reason: str) -> None:
        super().__init__(name=text)
        self._rendering, self._text, self._reason = rendering, text, reason

    def _derived(self, text: str) -> Unknown:
        return type(self)(self._rendering, text, self._reason)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._derived(f"{self._text}.{name}")

    def __getitem__(self, key: Any) -> Any:
        return self._derived(f"{self._text}[{shown(key)}]")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = [shown(argument) for argument in args]
        given += [f"{name}={shown(argument)}" for name, argument in kwargs.items() if name != "caller"]
        return self._derived(f"{self._text}({', '.join(given)})")

    def __iter__(self) -> Iterator[Any]:
        """One turn, with a hole for the item: what the loop writes keeps its shape, and the columns it reads.

        select {% for v in nobody_knows() %} sum(case when kind = '{{ v }}' then amount end) as {{ v }} {% endfor %}
        """
        self._rendering.hole_token(self._text, self._reason)
        return iter((self._derived(f"{self._text}[…]"),))

    def __str__(self) -> str:
        return self._rendering.hole_token(self._text, self._reason)

    def __repr__(self) -> str:
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


class Answer(Unknown):
    """What the warehouse would answer: nobody knows it, but there is something, so that what a template does with it is done.

    {% if load_result('tables') %} … {% for row in load_result('tables')['table'] %} … {% endfor %} {% else %} … {% endif %}
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 1

    def _more(self, _other: Any) -> bool:
        """``rows | length > 0``"""
        return True

    __gt__ = __ge__ = _more  # type: ignore[assignment]


def shown(argument: Any) -> str:
    """An argument as a hole's text repeats it."""
    text = repr(argument)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
