"""A rendering under way: what the template has asked for, what it named, what nobody could tell it."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.source import Hole
from sqllineage_scan.render.bounds import Budget
from sqllineage_scan.render.columns import ColumnName
from sqllineage_scan.render.hole import Absent, Answer, Unknown, shown
from sqllineage_scan.render.macros import Macro
from sqllineage_scan.render.relation import Parts, Relation
from sqllineage_scan.render.sandbox import Names, sandbox
from sqllineage_scan.render.vocabulary import context_words, shimmed_packages, shims

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqllineage_scan.domain.source import DbtProject
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.render.environment import RenderEnvironment
    from sqllineage_scan.render.subject import Subject

FAILED = "sqllineage_scan_failed_"  # sqllineage_scan_failed_3: what stands for the third piece once it has failed
_NO_MACROS: Mapping[str, str] = MappingProxyType({})
_HOLE_TOKEN = re.compile(r"hole__\d+", re.IGNORECASE)


class Rendering:
    """One way of rendering one file. ``assumed``: the conditions taken as true, of those the repository cannot decide.

    ``parsing``: as dbt renders while it parses, when nothing is executed and nobody is asked; that is where parents come
    from. Else as it renders for a run, which is where the SQL comes from.
    """

    def __init__(self, subject: Subject, assumed: frozenset[str] = frozenset(), *, parsing: bool = False) -> None:
        self.subject = subject
        self.parsing = parsing
        self.environment: RenderEnvironment = subject.environment
        self.owner: DbtProject = subject.owner
        self.assumed = assumed
        self.restart({})

    def restart(self, failed: Mapping[int, tuple[str, str]]) -> None:
        """Forget what was found out: the template is rendered anew, with holes where it ``failed``.

        ``failed``: number of the piece -> its expression, and why it failed.
        """
        self.failed = {str(number): what for number, what in failed.items()}
        self.asked: dict[str, None] = {}
        self.run_differs = False  # whether it was asked for anything that a run would answer otherwise
        self.budget = Budget()
        self.names: dict[str, RelationName] = {}
        self.holes: dict[str, Hole] = {}
        self._left_out: dict[str, dict[str, None]] = {}  # stand-in for all columns of a relation -> those that it does not mean
        self.findings: list[Finding] = []
        self.config: dict[str, Any] = {}  # what config() in the file says
        self.place: tuple[int, int] = (0, 0)  # where in the source the template is
        self.piece = -1  # the same, as the number of the piece
        self._relations: dict[RelationName, Relation] = {}
        self._places: dict[RelationName, tuple[int, int]] = {}
        self._hole_tokens: dict[tuple[str, str], str] = {}
        self._scopes: dict[str, Names] = {}
        self._packages: dict[str, PackageNames] = {}
        self._macros: dict[tuple[str, str], Macro] = {}
        self._undefined: dict[str, str] = {}  # why a hole is one, and what nobody defines; "" once a finding says so
        self._next = 0

    def undecided(self, condition: str) -> bool:
        """Whether a condition that the repository cannot decide is taken as true this time."""
        self.asked[condition] = None
        return condition in self.assumed

    def at_run(self) -> bool:
        """Whether this is as dbt renders for a run: ``execute`` is true then, and ``config.get`` knows something."""
        self.run_differs = True
        return not self.parsing

    def asked_of_warehouse(self, text: str) -> Absent:
        """What a query would give: nothing at all while dbt parses, a hole in a run."""
        return Answer(self, text, "it asks the warehouse") if self.at_run() else Absent()

    # -- names ---------------------------------------------------------------------------------------------------

    def names_of(self, package: str) -> Names:
        """The global names as a macro of ``package`` sees them."""
        if package not in self._scopes:
            self._scopes[package] = Names(self, package)
        return self._scopes[package]

    def meaning(self, name: str, package: str) -> Any:
        """What a name means in a template: a macro of the project, a word of dbt's, a package, or nobody knows what."""
        if name.startswith(FAILED):
            return Unknown(self, *self.failed.get(name.removeprefix(FAILED), (name, "it failed")))
        for asked in dict.fromkeys((self.owner.name, self.environment.project.name)):
            macro = self.own_macro(asked, name)
            if macro is not None:
                return macro
        if self.subject.is_dbt:
            word = context_words().get(name)
            if word is not None:
                return word.spoken(self)
            shim = self.package_macro("dbt", name)
            if shim is not None:
                return shim
        if name in sandbox().globals:
            return sandbox().globals[name]
        if self.subject.is_dbt and self._is_package(name):
            return self.package(name)
        macro = self.own_macro(package, name)
        return macro if macro is not None else self.undefined(name)

    def package(self, name: str) -> PackageNames:
        if name not in self._packages:
            self._packages[name] = PackageNames(self, name)
        return self._packages[name]

    def package_macro(self, package: str, name: str) -> Any:
        """The macro ``package.name``, or what we write for it; None when nobody knows it."""
        word = shims(package).get(name)
        if word is not None and word.symbolic:
            return word.spoken(self)
        macro = self.own_macro(package, name)
        if macro is not None:
            return macro
        if word is None and "__" in name:  # default__dateadd, snowflake__dateadd
            word = shims(package).get(name.partition("__")[2])
        return None if word is None else word.spoken(self)

    def own_macro(self, package: str, name: str) -> Macro | None:
        """A macro that a file of the package defines; no shim."""
        text = self.environment.macros.get(package, _NO_MACROS).get(name)
        if text is None:
            return None
        if (package, name) not in self._macros:
            self._macros[package, name] = Macro(self, package, name, text)
        return self._macros[package, name]

    def shim(self, package: str, name: str) -> Any:
        """What we write for a macro; None for most."""
        word = shims(package).get(name)
        return None if word is None else word.spoken(self)

    def _is_package(self, name: str) -> bool:
        return name in self.environment.macros or name in shimmed_packages() or name == self.owner.name

    # -- relations -----------------------------------------------------------------------------------------------

    def relation(self, name: RelationName, describe: Callable[[], Parts]) -> Relation:
        """The stand-in for a relation; the same one each time."""
        if name not in self._relations:
            token = self._stand_in(name.kind.value)
            self.names[token] = name
            self._places[name] = self.place
            self._relations[name] = Relation.named(token, describe)
        return self._relations[name]

    def described(self, schema: str, identifier: str) -> Relation | None:
        """The relation met already that is called ``schema.identifier``."""
        wanted = (schema.lower(), identifier.lower())
        for relation in self._relations.values():
            if (relation.schema.lower(), relation.identifier.lower()) == wanted:
                return relation
        return None

    def depends_on(self) -> tuple[RelationName, ...]:
        return tuple(name for name in self.names.values() if name.kind in (NameKind.REF, NameKind.SOURCE))

    def first_named(self, names: Iterable[RelationName]) -> tuple[Span, ...]:
        """Where each of some names stands first."""
        return tuple(self.subject.span(*self._places[name]) for name in names)

    def _stand_in(self, kind: str) -> str:
        while (token := f"{kind}__{self._next}") in self.subject.taken:
            self._next += 1
        self._next += 1
        return token

    # -- holes ---------------------------------------------------------------------------------------------------

    def hole_token(self, text: str, reason: str, **star: Any) -> str:
        """The stand-in for something unknown; the same one for the same thing."""
        name = self._undefined.get(reason)
        if name and self.subject.is_dbt:
            self._undefined[reason] = ""
            self.findings.append(Finding("RN04", "render.undefined", Severity.WARNING, reason, self.span(), name))
        known = self._hole_tokens.get((text, repr(star)))
        if known is None:
            known = self._hole_tokens[text, repr(star)] = self._stand_in("hole")
            expression = self.subject.expression(self.place) or text
            self.holes[known] = Hole(known, expression, reason, self.span(), **star)
        return known

    def column_name(self, relation: Any, asked: str, excluded: tuple[str, ...] = ()) -> ColumnName | None:
        """The name that stands for those of all columns of a relation; None where it is not known which relation it is."""
        star = str(relation).lower()
        if star not in self.names:
            return None
        token = self.hole_token(f"{asked}({shown(relation)})", "the columns of another relation", star=star, excluded=excluded)
        self._left_out.setdefault(token, {})
        return ColumnName.named(token, self)

    def leave_out(self, token: str, column: str) -> None:
        """The template treats a column of its own way, so that what it does with all columns is not done with that one."""
        if not _HOLE_TOKEN.fullmatch(column):
            self._left_out[token][column] = None

    def final_holes(self, text: str) -> tuple[Hole, ...]:
        """The holes of the text that was made; one that stands for columns and is not written there is as any other."""
        return tuple(self._final(hole, text) for hole in self.holes.values())

    def _final(self, hole: Hole, text: str) -> Hole:
        left_out = self._left_out.get(hole.token)
        if left_out is None:
            return hole
        if hole.token not in text:
            return replace(hole, star="", excluded=())
        return replace(hole, excluded=tuple(dict.fromkeys((*hole.excluded, *left_out))))

    def undefined(self, name: str) -> Unknown:
        """A macro or a variable that nobody defines: a finding once it is written or gone through."""
        reason = f"nothing in the repository defines `{name}`"
        self._undefined.setdefault(reason, name)
        return Unknown(self, name, reason)

    def holds_hole(self, text: object) -> bool:
        """Whether a value is a hole, or a text made with one: ``'stg_' ~ nobody_knows()``."""
        if isinstance(text, Unknown):
            return True
        return isinstance(text, str) and "__" in text and any(found.lower() in self.holes for found in _HOLE_TOKEN.findall(text))

    # -- places and remarks --------------------------------------------------------------------------------------

    def span(self) -> Span:
        return self.subject.span(*self.place)

    def refused(self, message: str) -> None:
        """The project's own code says that something is wrong: ``exceptions.raise_compiler_error``."""
        finding = Finding("RN03", "render.refused", Severity.WARNING, message, self.span())
        if finding not in self.findings:
            self.findings.append(finding)

    # -- variables -----------------------------------------------------------------------------------------------

    def copied(self, given: Any) -> Any:
        """A value that the template may change without changing it for anyone else."""
        return deepcopy(given) if isinstance(given, (dict, list)) else given


class PackageNames:
    """``dbt_utils`` in ``dbt_utils.star(…)``: a package's macros, by attribute or by item."""

    __slots__ = ("_found", "_package", "_rendering")

    def __init__(self, rendering: Rendering, package: str) -> None:
        self._rendering, self._package = rendering, package
        self._found: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> Any:
        macro = self._rendering.package_macro(self._package, name)
        if macro is None:
            return self._rendering.undefined(f"{self._package}.{name}")
        return macro

    def __getitem__(self, name: str) -> Any:
        return self.__getattr__(str(name))  # not getattr: dbt_utils['_rendering'] is no macro

    def get(self, name: str, default: Any = None) -> Any:
        found = self[name]
        return default if isinstance(found, Unknown) else found
