"""Rendering a template each way that the repository leaves open.

    {% if is_incremental() %} where day > (select max(day) from {{ this }}) {% endif %}

is text only on some runs, so the file is rendered without it, and again with it. Before either it is rendered as dbt does
while it parses, since that says what its parents are; for most files the SQL of a run is the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2.exceptions import TemplateSyntaxError

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.source import FileKind, Rendered, RenderedFile
from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.blocks import blocks
from sqllineage_scan.render.bounds import MAX_OUTPUT, ExhaustedError
from sqllineage_scan.render.direct import program, written_by
from sqllineage_scan.render.lexical import lexical
from sqllineage_scan.render.markers import joined, last_marker, marked, replaceable, unmarked
from sqllineage_scan.render.node import node_of
from sqllineage_scan.render.rendering import Rendering
from sqllineage_scan.render.sandbox import run, sandbox
from sqllineage_scan.render.snapshot import recorded
from sqllineage_scan.render.subject import Subject
from sqllineage_scan.render.template import Piece, UnclosedTagError, pieces, tag_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template

    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.direct import Step
    from sqllineage_scan.render.environment import RenderEnvironment

_MOST_CONDITIONS = 8  # that one file is rendered for
_MOST_FAILURES = 12  # of single tags in one file; more, and the file is read by its looks


def render_ways(file: SourceFile, text: str, environment: RenderEnvironment | None) -> RenderedFile:
    """The file in each way of rendering it; its node as dbt would see it when it parses."""
    name, start, end = _extent(file, text)
    subject = Subject(file, text, environment, name)
    source = Source(subject, start, end)
    parsed = first = Rendering(subject, parsing=True)
    variants = [source.rendered(parsed, "")]
    findings = list(parsed.findings)
    if parsed.run_differs:
        first = Rendering(subject)
        variants = [source.rendered(first, "")]
        findings += [finding for finding in first.findings if finding not in findings]
    for condition in tuple(first.asked)[:_MOST_CONDITIONS]:
        rendering = Rendering(subject, frozenset((condition,)))
        variant = source.rendered(rendering, condition)
        same = next((number for number, other in enumerate(variants) if _alike(variant, other)), None)
        if same is None:
            variants.append(variant)
            findings += [finding for finding in rendering.findings if finding not in findings]
        elif same > 0:  # {% if target.name in ('prod', 'ci') %}
            variants[same] = replace(variants[same], condition=f"({variants[same].condition} or {condition})")
    node = node_of(parsed) if subject.is_dbt and subject.resource_type else None
    if subject.is_dbt and file.kind is FileKind.SNAPSHOT:
        variants = [recorded(variant, first) for variant in variants]
    return RenderedFile(tuple(variants), node, tuple(findings))


def _alike(one: Rendered, other: Rendered) -> bool:
    return one.text == other.text and one.names == other.names


def _extent(file: SourceFile, text: str) -> tuple[str, int, int]:
    """The name that the file itself gives its node, and the part of it that is the node's SQL."""
    found = list(blocks(text, "snapshot")) if file.kind is FileKind.SNAPSHOT else []
    if not found:
        return "", 0, len(text)
    snapshot = found[file.part]
    return snapshot.name, max(tag_end(text, snapshot.start, snapshot.last), snapshot.start), snapshot.last


def parts_of(file: SourceFile, text: str) -> tuple[str, ...]:
    """The names of the nodes of a file that holds several: ``{% snapshot a %} … {% endsnapshot %} {% snapshot b %} …``"""
    return tuple(block.name for block in blocks(text, "snapshot")) if file.kind is FileKind.SNAPSHOT else ()


class Source:
    """A template, compiled once for all ways of rendering it; its tags that fail are replaced by holes one by one."""

    def __init__(self, subject: Subject, start: int, end: int) -> None:
        self._subject, self._start, self._end = subject, start, end
        self._pieces: list[Piece] = []
        self._steps: tuple[Step, ...] | None = None  # the whole template, where it needs no compiler
        self._template: Template | None = None
        self._failed: dict[int, tuple[str, str]] = {}
        self._reported: list[Finding] = []

    def rendered(self, rendering: Rendering, condition: str) -> Rendered:
        """One way of rendering it. ``rendering`` holds what was found out on the way."""
        while True:
            rendering.restart(self._failed)
            outcome = attempt(lambda: self._run(rendering))
            if not isinstance(outcome, Failure):
                break
            if not self._give_up_piece(rendering, outcome):
                outcome = self._by_its_looks(rendering, outcome)
                break
        rendering.findings += [finding for finding in self._reported if finding not in rendering.findings]
        text, source_map = outcome
        return Rendered(text, source_map, condition, dict(rendering.names), rendering.final_holes(text))

    def _run(self, rendering: Rendering) -> Any:
        subject = self._subject
        if not self._pieces:
            self._pieces = pieces(subject.text, self._start, self._end)
            self._steps = program(subject.text, self._pieces)
        if self._steps is not None and not self._failed:
            return self._run_directly(rendering, self._steps)
        if self._template is None:
            self._template = sandbox().from_string(marked(subject.text, self._pieces, self._failed))
        output: list[str] = []
        size = 0
        for chunk in run(self._template, rendering.names_of(subject.owner.name))[0]:
            if "\x01" in chunk and (number := last_marker(chunk)) is not None and number < len(self._pieces):
                rendering.piece, rendering.place = number, self._pieces[number].place
            size += len(chunk)
            if size > MAX_OUTPUT:
                raise ExhaustedError(f"text of more than {MAX_OUTPUT} characters")
            output.append(chunk)
        return unmarked("".join(output), subject.text, self._pieces, subject.file.path, subject.line_starts)

    def _run_directly(self, rendering: Rendering, said: Sequence[Step]) -> Any:
        subject = self._subject

        def begin(number: int) -> None:
            rendering.piece, rendering.place = number, self._pieces[number].place

        written = written_by(said, rendering.names_of(subject.owner.name), begin)
        return joined(written, subject.text, self._pieces, subject.file.path, subject.line_starts)

    def _give_up_piece(self, rendering: Rendering, failure: Failure) -> bool:
        """Put a hole where the failing tag is, if it can be told which one that is. Whether another try makes sense."""
        number = rendering.piece
        if isinstance(failure.error, TemplateSyntaxError):
            number = self._piece_at(failure.error.lineno)
        elif isinstance(failure.error, (UnclosedTagError, ExhaustedError)):
            return False
        if number in self._failed or len(self._failed) >= _MOST_FAILURES or not 0 <= number < len(self._pieces):
            return False
        piece = self._pieces[number]
        if not replaceable(piece):
            return False
        self._failed[number] = (self._subject.expression(piece.place), failure.reason)
        self._template = None
        self._report(failure, piece.place, Severity.WARNING)
        return True

    def _piece_at(self, line: int) -> int:
        """The piece on a line of the marked template, in which each tag begins a line."""
        current = 1
        for number, piece in enumerate(self._pieces):
            current += marked(self._subject.text, [piece], (0,) if number in self._failed else ()).count("\n")
            if line <= current:
                return number
        return -1

    def _by_its_looks(self, rendering: Rendering, failure: Failure) -> Any:
        """The whole template read without Jinja."""
        place = rendering.place
        if isinstance(failure.error, UnclosedTagError):
            place = (failure.error.start, failure.error.start + 2)
        self._reported.clear()
        self._report(failure, place, Severity.ERROR)
        rendering.restart({})
        return lexical(rendering, self._start, self._end, f"the template fails: {failure.reason}")

    def _report(self, failure: Failure, place: tuple[int, int], severity: Severity) -> None:
        span = self._subject.span(*place)
        what = "this tag could not be rendered" if severity is Severity.WARNING else "the template could not be rendered"
        self._reported.append(Finding("RN01", "render.failed", severity, f"{what}: {failure.reason}", span))
