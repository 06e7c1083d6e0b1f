"""YAML strings that hold Jinja: ``enabled: "{{ var('load', false) }}"`` is a truth value, not a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.bounds import check_size
from sqllineage_scan.render.direct import context_of
from sqllineage_scan.render.expressions import Frame, plain, valued
from sqllineage_scan.render.rendering import Rendering

if TYPE_CHECKING:
    from sqllineage_scan.render.subject import Subject

_ONE_EXPRESSION = re.compile(r"\s*\{\{-?((?:[^{}%#\"']|\"[^\"\\]*\"|'[^'\\]*'|\{[^{}]*\})*?)-?\}\}\s*")
_READ_AS_NUMBER = re.compile(r"\|\s*as_number\s*$")
_NUMBER = re.compile(r"\s*[-+]?\d+(\.\d*)?\s*")
_DOC = re.compile(r"""\{\{-?\s*doc\(\s*(?:(['"])\w+\1\s*,\s*)?(['"])(\w+)\2\s*\)\s*-?\}\}""")


def is_template(value: object) -> bool:
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def evaluate(text: str, rendering: Rendering) -> Any:
    """The value of a string that may hold Jinja: of any type where it is one expression, else text. May raise."""
    from sqllineage_scan.render.sandbox import compiled, run

    names = rendering.names_of(rendering.owner.name)
    only = _ONE_EXPRESSION.fullmatch(text)
    if only is None:
        return "".join(run(compiled(text.removesuffix("\n")), names)[0])
    expression = plain(only[1])
    if expression is not None:
        result = valued(expression, Frame(context_of(names)))
    else:
        pieces, context = run(compiled(f"{{% set result = ({only[1]}) %}}"), names)
        for _ in pieces:
            pass
        result = context.vars["result"]
    if isinstance(result, str) and _READ_AS_NUMBER.search(only[1].rstrip()) and _NUMBER.fullmatch(result):
        return float(result) if "." in result else int(result)  # port: "{{ env_var('PORT', '5432') | as_number }}"
    return result


def known_value(value: Any, subject: Subject, default: Any = None) -> Any:
    """A YAML value with its Jinja rendered, in lists and mappings too; ``default`` for what cannot be known."""
    if isinstance(value, (list, dict)):
        known = attempt(lambda: _each_known(check_size(value), subject, default))
        return default if isinstance(known, Failure) else known
    return _known_text(value, subject, default) if is_template(value) else value


def _each_known(value: Any, subject: Subject, default: Any) -> Any:
    if isinstance(value, list):
        return [_each_known(item, subject, default) for item in value]
    if isinstance(value, dict):
        return {key: _each_known(item, subject, default) for key, item in value.items()}
    return known_value(value, subject, default)


def _known_text(template: str, subject: Subject, default: Any) -> Any:
    text = _DOC.sub(lambda found: subject.environment.docs.get(found[3], ""), template)  # thousands of them, and so simple
    if not is_template(text):
        return text
    aside = Rendering(subject, parsing=True)
    result = attempt(lambda: evaluate(text, aside))
    return default if isinstance(result, Failure) or aside.holds_hole(result) else result


def is_true(value: Any) -> bool:
    """A truth value as YAML and the command line write it."""
    return value.strip().lower() not in ("false", "no", "off", "0", "") if isinstance(value, str) else bool(value)
