"""The one Jinja environment of this process: sandboxed, bounded, and tolerant of what it does not know.

Nothing of a file or a project lives in it. What a template sees comes through ``Names``, which asks the rendering
under way for each name the first time it is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache, wraps
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer

from sqllineage_scan.render import bounds
from sqllineage_scan.render.hole import Absent, RemembersHoles, Unknown
from sqllineage_scan.render.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jinja2 import Template

_COUNTED, _JOINED, _SIZED = "sqllineage_scan_counted", "sqllineage_scan_joined", "sqllineage_scan_sized"  # filters of our own
_COMPARING = ("==", "eq", "equalto", "!=", "ne", "<", "lt", "lessthan", "<=", "le", ">", "gt", "greaterthan", ">=", "ge", "in")
_TO_BOUND = re.compile(r"\bfor\b|~|[=!<>]=|[<>]|\bin\b")
_MAKE_DEFAULTS = frozenset(("default", "d", "string"))


class Host(RemembersHoles, Protocol):
    """The rendering under way, as far as Jinja needs it."""

    budget: bounds.Budget

    def meaning(self, name: str, package: str) -> Any: ...

    def names_of(self, package: str) -> Names: ...

    def refused(self, message: str) -> None: ...

    def undefined(self, name: str) -> Unknown: ...


class Names(dict[str, Any]):
    """The global names of a template: each looked up when first used, then kept for the rest of the rendering."""

    __slots__ = ("package", "rendering")

    def __init__(self, rendering: Host, package: str) -> None:
        super().__init__()
        self.rendering, self.package = rendering, package

    def __missing__(self, name: str) -> Any:
        found = self[name] = self.rendering.meaning(name, self.package)
        return found


class NamesContext(Context):
    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        return self.parent[key] if isinstance(self.parent, Names) else self.parent.get(key, missing)


class Sandbox(SandboxedEnvironment):
    """dbt's Jinja. Templates may fill their own lists and dicts (``{% do columns.append('id') %}``), as dbt's do;
    nothing they can reach is shared with another file.
    """

    intercepted_binops = frozenset(("*", "**", "+", "%"))
    context_class = NamesContext
    concat = staticmethod(bounds.joined)

    def __init__(self) -> None:
        super().__init__(
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
            undefined=Absent,
            keep_trailing_newline=True,
            cache_size=0,
            finalize=bounds.check_size,
            optimized=False,  # folding constants costs more than it saves: nearly every template runs once
        )
        self.globals["range"] = bounds.bounded_range
        del self.globals["lipsum"]
        dbt_filters = dict.fromkeys(("as_bool", "as_native", "as_number", "as_text"), _as_it_is)
        known = {name: _tolerant(name, function) for name, function in {**self.filters, **dbt_filters}.items()}
        self.filters = _Filters({**known, _COUNTED: counted, _JOINED: concatenated, _SIZED: bounds.check_size})
        self.tests |= {name: _sized(self.tests[name]) for name in _COMPARING}
        self.tests |= {"mapping": _is_mapping, "string": _is_string}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Jinja's tree, with every loop made to pay for its turns, and every ``~`` and comparison kept within bounds."""
        tree = super()._parse(source, name, filename)
        if _TO_BOUND.search(source):
            _Bounding().visit(tree)
        return tree

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        raise SecurityError(f"a template may not read {attribute!r} of a {type(obj).__name__}")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        bounds.check_operator(operator, left, right)
        return _paid(context, super().call_binop(context, operator, left, right))

    def call(self, context: Context, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        bounds.check_call(function, args)
        return bounds.checked(super().call(context, function, *args, **kwargs))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        template, formatted = str(value.__self__), wrapped

        def bounded(*args: Any, **kwargs: Any) -> str:
            bounds.check_format(template, (*args, *kwargs.values()))
            return formatted(*args, **kwargs)

        return bounded


class _Bounding(NodeTransformer):
    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 -- Jinja's name
        node.iter = nodes.Filter(node.iter, _COUNTED, [], [], None, None, lineno=node.lineno)
        return self.generic_visit(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 -- Jinja's name
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return self.generic_visit(nodes.Filter(parts, _JOINED, [], [], None, None, lineno=node.lineno))

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 -- Jinja's name
        """Two lists of lists of lists, each of them twice the one before, take as long to compare as to write."""
        if not isinstance(node.expr, nodes.Const):
            node.expr = nodes.Filter(node.expr, _SIZED, [], [], None, None, lineno=node.lineno)
        return self.generic_visit(node)


def _paid(context: Context, text: Any) -> Any:
    names = context.parent
    return names.rendering.budget.made(text) if isinstance(names, Names) else text


@pass_context
def concatenated(context: Context, parts: Iterable[Any]) -> str:
    return str(_paid(context, bounds.joined(parts)))


def _sized(test: Any) -> Callable[..., bool]:
    return lambda value, *args: test(bounds.check_size(value), *args)


@pass_context
def counted(context: Context, items: Iterable[Any]) -> Iterable[Any]:
    names = context.parent
    return names.rendering.budget.counted(items) if isinstance(names, Names) else items


class _Filters(dict[str, Any]):
    """Filters by name. One that nobody defines makes a hole of what it is given, instead of failing the file."""

    def get(self, name: str, _default: Any = None) -> Any:
        return self[name]

    def __missing__(self, name: str) -> Any:
        @pass_context
        def unknown(context: Context, value: Any, *_args: Any, **_kwargs: Any) -> Any:
            names = context.parent
            if not isinstance(names, Names):
                return value
            return names.rendering.undefined(f"{value!r} | {name}")

        return unknown


def _tolerant(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that keeps holes what they are, and results within bounds."""
    place = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def tolerant(*args: Any, **kwargs: Any) -> Any:
        if isinstance(args[place], Unknown) and name not in _MAKE_DEFAULTS:
            return args[place]
        bounds.check_filter(name, (*args[place:], *kwargs.values()))
        return bounds.checked(function(*args, **kwargs))

    return tolerant


def _as_it_is(value: Any) -> Any:
    """``as_bool``, ``as_native`` … matter in YAML only, where values are read from what they render to."""
    return value


def _is_mapping(value: Any) -> bool:
    return isinstance(value, (Mapping, Relation))


def _is_string(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Relation)


@cache
def sandbox() -> Sandbox:
    return Sandbox()


@lru_cache(maxsize=4096)
def compiled(template: str) -> Template:
    """A macro or a YAML string, compiled once per process."""
    return sandbox().from_string(template)


def run(template: Template, names: Names) -> tuple[Iterator[str], Context]:
    """The pieces of the template's output, made as they are asked for, and the context that holds what it sets."""
    context = template.new_context(names, shared=True)
    return template.root_render_func(context), context
