"""Macros: found in files as text, compiled when first called, called as dbt calls them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.bounds import ExhaustedError
from sqllineage_scan.render.direct import direct_macro
from sqllineage_scan.render.hole import Unknown
from sqllineage_scan.render.sandbox import compiled, run

if TYPE_CHECKING:
    from sqllineage_scan.render.sandbox import Host

_HEAD = re.compile(r"(\{%[-+]?\s*macro\s+)(?=\w)")
_OWN = "sqllineage_scan_own_"


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
        """Jinja's macro. Its template calls it otherwise: by its own name it must find this ``Macro``, as anybody else does.

        {% macro f(n) %}{{ return(n and n + f(n - 1)) }}{% endmacro %}
        """
        if self._function is None:
            self._function = direct_macro(self._text, _OWN + self._name, self._rendering.names_of(self._package))
        if self._function is None:
            text = _HEAD.sub(lambda head: head[1] + _OWN, self._text, count=1)
            pieces, context = run(compiled(text), self._rendering.names_of(self._package))
            for _ in pieces:
                pass
            self._function = context.vars[_OWN + self._name]
        return self._function
