"""Macros: found in files as text, compiled when first called, called as dbt calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.bounds import ExhaustedError
from sqllineage_scan.render.hole import Unknown
from sqllineage_scan.render.sandbox import compiled, run

if TYPE_CHECKING:
    from sqllineage_scan.render.sandbox import Host


class ReturnedError(Exception):
    """``{{ return(x) }}``: not an error but the way out of a macro, with its value."""

    def __init__(self, value: Any) -> None:
        super().__init__("return() outside a macro")
        self.value = value


class CompilerError(Exception):
    """``{{ exceptions.raise_compiler_error('…') }}``"""


class Macro:
    """A macro bound to the rendering that calls it."""

    __slots__ = ("_function", "_name", "_package", "_rendering", "_text")

    def __init__(self, rendering: Host, package: str, name: str, text: str) -> None:
        self._rendering, self._package, self._name, self._text = rendering, package, name, text
        self._function: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the macro returns, or the text it writes; a hole where it fails."""
        self._rendering.budget.spend()
        try:
            outcome = attempt(
                lambda: self._compiled()(*args, **kwargs),
                passing=(ReturnedError, RecursionError, ExhaustedError),
            )
        except ReturnedError as returned:
            return returned.value
        if not isinstance(outcome, Failure):
            return outcome
        if isinstance(outcome.error, CompilerError):
            self._rendering.refused(outcome.reason)
        hole = Unknown(self._rendering, self._name, f"macro `{self._name}` fails: {outcome.reason}")(*args, **kwargs)
        str(hole)  # remembered even when nothing writes it
        return hole

    def _compiled(self) -> Any:
        if self._function is None:
            pieces, context = run(compiled(self._text), self._rendering.names_of(self._package))
            for _ in pieces:
                pass
            self._function = context.vars[self._name]
        return self._function
