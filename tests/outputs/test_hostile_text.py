"""Text of a repository, in every place where there is text, through every format there is: nothing of it becomes markup, a
formula, a command of a CI job, or something that a terminal obeys or a person does not see.

Formats are those of the folders, so that a new one is held to this as soon as it is there.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from dataclasses import replace
from itertools import cycle
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any
from unicodedata import category
from xml.etree import ElementTree as ET

import pytest
import yaml

import sqllineage_scan.outputs
from sqllineage_scan.api import compare
from sqllineage_scan.diff.contracts import compare_contracts
from sqllineage_scan.domain.change import ChangeKind
from sqllineage_scan.domain.commit import Commit
from sqllineage_scan.domain.contract import Contract, PromisedColumn, PromisedDataset
from sqllineage_scan.domain.coverage import Coverage, FileRecord, Gap, GapKind
from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.drift import Drift, DriftKind, DriftReport
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.finding import Finding, Severity, Step
from sqllineage_scan.domain.history import (
    Blame,
    Blamed,
    DatasetStep,
    Entry,
    History,
    InputState,
    Looked,
    ToldChange,
    What,
)
from sqllineage_scan.domain.job import Exposure, Job, JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.report import Report, Reported, with_fingerprints
from sqllineage_scan.domain.rule import Example, Option, Rule, RuleScope
from sqllineage_scan.domain.run import GovernedCounts, Run, Stage, Understood
from sqllineage_scan.domain.source import FileKind, FileStatus
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.graph.join.crossings import crossings
from sqllineage_scan.graph.join.join import join
from sqllineage_scan.graph.overlay import overlay
from sqllineage_scan.graph.snapshot import Snapshot, hashes_of
from sqllineage_scan.graph.told import ToldTrace, ToldWays
from sqllineage_scan.outputs.formats import formats, is_binary, writer
from sqllineage_scan.outputs.harmless import in_json, in_xml, without_unseen
from sqllineage_scan.outputs.lines import clean, write_lines
from sqllineage_scan.outputs.rules.text import explained, listing

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph

EVIL = {
    "a workflow command": "::set-output name=verdict::safe",
    "a workflow command on a line of its own": "a\n::error file=x::b\r\n  ::add-mask::c",
    "a workflow command after a space to wrap at": "word " * 14
    + "::set-env name=PATH::/tmp "
    + "word " * 14
    + "::stop-commands::x",
    "a runner's old command": "a ##[set-output name=verdict;]safe",
    "a command of Azure": "a ##vso[task.setvariable variable=PATH]/tmp",
    "an escaped line break": "a%0A::error::b%0D",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>",
    "an HTML comment": "--><!-- sqllineage-scan:default -->",
    "Markdown": "[x](javascript:alert(1)) ![y](https://evil.example/y.png) @someone org/repo#1 `a` | b",
    "a Mermaid directive": "%%{init: {'theme': 'x'}}%%\nclick d0 href \"javascript:alert(1)\"\nd0[\"x\"]",
    "DOT": 'end"]; a [URL="javascript:alert(1)" label=<<b>x</b>>]; \\N | {y} <z>',
    "Jinja": "{{ env_var('SECRET') }}{% set x %}{# c #}",
    "YAML": "---\n- !!python/object/apply:os.system [id]\n&a [*a]",
    "XML": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;]]>',
    "SQL": "'); drop table datasets; --",
    "a formula": "=cmd|' /C calc'!A0",
    "a formula after a tab": '\t=HYPERLINK("https://evil.example")',
    "a formula in full width": "\uff1dcmd",
    "a formula at a plus": "+1+cmd|' /C calc'!A0",
    "a formula at an at": "@SUM(1)",
    "colours and a title": "\x1b]0;title\x07\x1b[31mred\x1b[0m\x1b[2J",
    "C1 controls": "\x9b2J\x9d0;title\x9c\x85",
    "a link of the terminal's": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "from right to left": "orders\u202egnp.exe\u2066x\u2069\u200f",
    "not to be seen": "or\u200bde\ufeffrs\u2060\u00ad\u3164\u115f\U000e0041",
    "line separators": "a\u2028b\u2029c\x0b\x0c",
    "a backspace": "safe\x08\x08\x08\x08evil\x00\x7f",
    "a shell's": "$(id) `id` ; rm -rf / & --select=x",
    "the letter of a lone byte": "caf\udce9",
}
TEXTS = tuple(EVIL.values())
_MARKUP = ("<script", "<img", "<svg/", "onerror=alert(1)>", '<?xml version="1.0"?><!')


def evil_graph(name: str = TEXTS[0], *, changed: bool = False) -> LineageGraph:
    """Each text is a name, a type, a description, an owner, an expression, a path, … of something."""

    def place(text: str) -> Span:
        return Span(text, 3, 1, 3, 9)

    datasets = [
        Dataset(
            DatasetId("", text),
            DatasetKind.MODEL,
            (Column(text, text, 1, text, (text,), (text,)), *(() if changed else (Column("gone", "int", 2),))),
            SchemaOrigin.INFERRED,
            place(text),
            text,
            (text,),
            text,
            f"model.shop.{text}",
            f"sha256:{number}{changed}",
        )
        for number, text in enumerate(TEXTS)
    ]
    jobs = [
        Job(
            JobId("", text), JobKind.QUERY, "duckdb", place(text), reads=(datasets[number - 1].id,), writes=(datasets[number].id,)
        )
        for number, text in enumerate(TEXTS)
    ]
    columns, rows, tables = [], [], []
    for number, text in enumerate(TEXTS[1:], 1):
        before, after, because = datasets[number - 1].id, datasets[number].id, (Evidence(EvidenceKind.HOLE, text, place(text)),)
        how = Transformation(TransformationSubtype.TRANSFORMATION, text)
        job = jobs[number].id
        source = ColumnId(before, before.name)
        columns.append(ColumnEdge(source, ColumnId(after, after.name), job, how, because, place(text)))
        if not changed:
            columns.append(ColumnEdge(ColumnId(before, "gone"), ColumnId(after, after.name), job, how, because, place(text)))
        rows.append(
            RowEdge(
                source=source, target=after, job=job, subtype=TransformationSubtype.FILTER, evidence=because, span=place(text)
            )
        )
        tables.append(DatasetEdge(before, after, job, because))
    return build_graph(
        name=name,
        datasets=datasets,
        jobs=jobs,
        column_edges=columns,
        row_edges=rows,
        dataset_edges=tables,
        exposures=[Exposure(text, text, text, text, (datasets[0].id,), place(text), text) for text in TEXTS],
        findings=findings(),
        coverage=Coverage(
            files=tuple(FileRecord(text, FileKind.SQL, FileStatus.PARTIAL, 1) for text in TEXTS),
            gaps=tuple(Gap(GapKind.HOLE, text, text, 1, text, place(text)) for text in TEXTS),
        ),
    )


def findings() -> list[Finding]:
    return [
        Finding("XX01", text, severity, text, Span(text, 1, 1, 1, 2), text, text, (Step(text, Span(text, 1, 1, 1, 2)),), text)
        for text, severity in zip(TEXTS, (Severity.ERROR, Severity.WARNING, Severity.NOTE) * len(TEXTS), strict=False)
    ]


def evil_rule() -> Rule:
    text = "\n".join(TEXTS)
    return Rule(
        "own.rule",
        "XX02",
        RuleScope.GRAPH,
        Severity.ERROR,
        text,
        text,
        "column",
        (),
        text,
        text,
        TEXTS,
        {"o": Option(text, text)},
    )


def evil_history() -> tuple[History, Blame]:
    commit = Commit("0" * 40, TEXTS[0], "2026-01-01T00:00:00+00:00", "\n".join(TEXTS))
    looked = Looked("0" * 40, 1)
    dataset = DatasetId("", TEXTS[0])
    told = [
        ToldChange(kind, text, own=True, before=text, after=text, was=text, details=TEXTS)
        for kind, text in zip(cycle((ChangeKind.REDEFINED, ChangeKind.ROWS_CHANGED, ChangeKind.RENAMED)), TEXTS, strict=False)
    ]
    states = tuple(InputState(DatasetId("", text), text) for text in TEXTS)
    steps = tuple(
        DatasetStep(dataset, "a", "b", tuple(What), DatasetId("", change.was), (change,), (state,), (state,), (state.dataset,))
        for change, state in zip(told, states, strict=True)
    )
    blamed = tuple(Blamed(ColumnId(dataset, change.column), 1, commit, change) for change in told)
    return History(dataset, (Entry(commit, steps),), looked), Blame(ColumnId(dataset, TEXTS[0]), blamed, looked)


def evil_run() -> Run:
    counts = dict.fromkeys(TEXTS, 1)
    stages = tuple(Stage(text, 1.0, processed=counts, hits=1, misses=1) for text in TEXTS)
    understood = Understood(TEXTS[0], counts, 1, 1, 1, 1, 1, 1, counts, 1, 1, counts, GovernedCounts(1, 1, 1, 1, 1, 1))
    return Run(
        id=TEXTS[0],
        command=TEXTS[1],
        started="2026-01-01T00:00:00+00:00",
        seconds=1.0,
        outcome=TEXTS[2],
        exit_code=0,
        role="\n".join(TEXTS),
        environment="".join(TEXTS),
        revision=TEXTS[0],
        branch="\n".join(TEXTS),
        configuration=TEXTS[0],
        stages=stages,
        understood=understood,
        drift=counts,
        open_findings=counts,
    )


def evil_contract(version: str) -> Contract:
    columns = tuple(
        PromisedColumn(text, Span(text, 3, 1, 3, 9), text, "string", (text,), text, description=f"{version} {text}")
        for text in TEXTS
    )
    datasets = tuple(PromisedDataset(text, (text,), Span(text, 3, 1, 3, 9), columns, (text,), text) for text in TEXTS)
    return Contract(TEXTS[0], TEXTS[0], "\n".join(TEXTS), version, TEXTS[0], datasets)


def evil_drift() -> DriftReport:
    found = [Drift(kind, text, text, text, text, Span(text, 3, 1, 3, 9)) for kind in DriftKind for text in TEXTS]
    return DriftReport(TEXTS[0], TEXTS[1], tuple(found), 1, 1, 1, TEXTS)


def things() -> dict[str, list[Any]]:
    """By the folder that has formats of it."""
    graph, other = evil_graph(), evil_graph(TEXTS[1])
    first, last = DatasetId("", TEXTS[0]), DatasetId("", TEXTS[-1])
    reported = [Reported(finding, fingerprint, TEXTS) for finding, fingerprint in with_fingerprints(findings())]
    jobs = {job.id: job.span for job in graph.jobs}
    column = ColumnId(last, last.name)
    return {
        "lineage": [graph],
        "subject": [graph.subject(str(last)), graph.subject(str(column))],
        "findings": [Report(tuple(reported), (evil_rule(),), 1, {TEXTS[2]: TEXTS[3]})],
        "changes": [compare(graph, evil_graph(changed=True))],
        "impact": [graph.impact(str(first))],
        "trace": [ToldTrace(graph.trace(str(column), rows=True), jobs, {})],
        "paths": [ToldWays(graph.ways(str(first), str(last), rows=False), jobs)],
        "crossings": [crossings(join([replace(graph, name="a"), replace(other, name="b")], {}))],
        "log": [evil_history()[0]],
        "blame": [evil_history()[1]],
        "run": [evil_run()],
        "contract": [evil_contract("1.0.0")],
        "terms": [compare_contracts(evil_contract("1.0.0"), evil_contract(TEXTS[0]))],
        "drift": [evil_drift()],
        "snapshot": [Snapshot(TEXTS[0], TEXTS[1], TEXTS[2], graph, hashes_of(graph))],
        "overlay": [overlay(evil_graph(changed=True), graph), overlay(graph, evil_graph(changed=True))],
    }


@pytest.fixture(scope="module")
def outputs() -> dict[str, bytes]:
    """What each format writes: ``lineage.json``, ``changes.markdown``, …"""
    found = {}
    for thing, values in things().items():
        for form in formats(thing):
            for number, value in enumerate(values):
                if is_binary(thing, form):
                    data = io.BytesIO()
                    writer(thing, form)(value, data)
                    found[f"{thing}.{form}.{number}"] = data.getvalue()
                else:
                    text = io.StringIO()
                    writer(thing, form)(value, text)
                    found[f"{thing}.{form}.{number}"] = text.getvalue().encode("utf-8", "backslashreplace")
    lines = io.StringIO()
    write_lines(listing([evil_rule()], {"own.rule": Severity.ERROR}, 80), lines)
    write_lines(explained(evil_rule(), [Example(1, {TEXTS[0]: "\n".join(TEXTS)}, {}, "\n".join(TEXTS))], 80), lines)
    found["rules.text.0"] = lines.getvalue().encode("utf-8", "backslashreplace")
    return found


def names(outputs: dict[str, bytes], *endings: str) -> list[str]:
    return [name for name in outputs if name.split(".")[1] in endings]


_NO_TEXT = {"sqlite", "parquet", "png"}


def texts(outputs: dict[str, bytes]) -> dict[str, str]:
    return {name: data.decode("utf-8") for name, data in outputs.items() if name.split(".")[1] not in _NO_TEXT}


def test_every_folder_of_formats_is_here() -> None:
    folders = {module.name for module in iter_modules(sqllineage_scan.outputs.__path__) if module.ispkg}
    no_formats = {"drawing", "openlineage", "rules", "site", "sqlite"}  # what others share; tests/outputs/site/test_safety.py
    assert folders - no_formats == set(things())


def test_the_texts_arrive(outputs: dict[str, bytes]) -> None:
    """Else nothing is tested. A comparison's ``dbt`` leaves out what is no name of a model, which all of them are."""
    for name, data in outputs.items():
        assert name.startswith(("changes.dbt.", "lineage.png.")) or b"calc" in data or b"caf" in data, name


def test_no_terminal_obeys_and_everything_is_seen(outputs: dict[str, bytes]) -> None:
    for name, text in texts(outputs).items():
        odd = {letter for letter in text if category(letter) in ("Cc", "Cf", "Zl", "Zp", "Co") and letter != "\n"}
        if "markdown" in name:  # which sets what is written from right to left apart
            odd -= {"\u2068", "\u2069"}
        assert not odd, (name, odd)
        assert not set(text) & set("\u3164\u115f\u1160\u2800"), name


def test_no_ci_job_obeys(outputs: dict[str, bytes]) -> None:
    """As actions/runner reads a log: ``::`` ahead of a line, but for spaces, and ``##[`` anywhere in it; Azure's ``##vso[``."""
    for name, text in texts(outputs).items():
        for row in re.split(r"\r\n|\r|\n", text):
            if not name.split(".")[1].startswith("github"):
                assert not row.lstrip().startswith("::"), (name, row[:200])
            assert "##vso[" not in row, (name, row[:200])
            assert "##[" not in row or name.split(".")[1] == "github", (name, row[:200])


def test_annotations_are_ours(outputs: dict[str, bytes]) -> None:
    """A line each, with a name of ours before it; a runner finds ``##[`` only in lines that are no ``::`` command."""
    for name in names(outputs, "github"):
        for row in outputs[name].decode().splitlines():
            found = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", row)
            assert found is not None, (name, row)
            for said in found[2].split(","):
                assert re.fullmatch(r"(file|line|endLine|col|endColumn|title)=[^,:\r\n]*", said), (name, row)


def test_nothing_becomes_markup(outputs: dict[str, bytes]) -> None:
    for name in names(outputs, "markdown", "svg", "mermaid", "graphml", "junit"):
        text = outputs[name].decode()
        assert "markdown" in name or not [word for word in _MARKUP if word in text], name
        if "markdown" in name:
            import cmarkgfm

            page = cmarkgfm.github_flavored_markdown_to_html(text)
            assert not re.search(r"<(script|img|svg|iframe|style|input)\b|<a[^>]*(javascript:|evil)", page, re.IGNORECASE), name
    for name in names(outputs, "svg"):
        elements = list(ET.fromstring(outputs[name]).iter())
        assert {element.tag.rpartition("}")[2] for element in elements} <= {
            "svg",
            "g",
            "title",
            "text",
            "path",
            "polygon",
            "polyline",
            "a",
        }
        links = [value for element in elements for key, value in element.attrib.items() if key.endswith("href")]
        assert not any(links), links  # an edge's tooltip makes it an <a> without a place to go to


def test_documents_are_read_back_as_what_was_meant(outputs: dict[str, bytes]) -> None:
    """Escapes change no value: JSON, XML and YAML hold the very texts, where the format has a way to spell them."""
    document = json.loads(outputs["lineage.json.0"])
    assert {dataset["name"] for dataset in document["datasets"]} == {text.replace("\udce9", "\\udce9") for text in TEXTS} or {
        dataset["name"] for dataset in document["datasets"]
    } == set(TEXTS)
    for name in names(outputs, "json", "sarif", "gitlab"):
        assert json.loads(outputs[name])
    for name in names(outputs, "openlineage"):
        assert [json.loads(row) for row in outputs[name].splitlines()]
    for name in names(outputs, "junit", "graphml"):
        ET.fromstring(outputs[name])
    patched = yaml.safe_load(outputs["lineage.dbt.0"])
    assert not re.search(r"\{[{%#]", outputs["lineage.dbt.0"].decode())
    assert patched["models"]


def test_no_cell_is_a_formula(outputs: dict[str, bytes]) -> None:
    for name in names(outputs, "csv"):
        for row in csv.reader(io.StringIO(outputs[name].decode())):
            for cell in row:
                assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")), cell
                assert "\n" not in cell


def test_names_are_values_in_the_database(outputs: dict[str, bytes], tmp_path: Any) -> None:
    path = tmp_path / "lineage.sqlite"
    path.write_bytes(outputs["lineage.sqlite.0"])
    with sqlite3.connect(path) as database:
        tables = {name for (name,) in database.execute("select name from sqlite_master where type = 'table'")}
        (found,) = database.execute("select count(*) from datasets").fetchone()
    database.close()
    assert "datasets" in tables
    assert found == len(TEXTS)


@pytest.mark.parametrize("name", EVIL)
def test_clean_is_clean(name: str) -> None:
    text = clean(EVIL[name])
    assert "##[" not in text
    assert without_unseen(text) == text
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    ["\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f469\u200d\U0001f4bb", "Stra\u00dfe", "\u540d\u524d"],
)
def test_what_people_write_with_is_left_alone(text: str) -> None:
    """Persian joins and parts letters with marks that nobody sees alone, and emoji are joined by one."""
    assert clean(text) == text
    assert clean(f"a\u200c{text}") == f"a {text}"


@pytest.mark.parametrize("name", EVIL)
def test_escapes_change_no_value(name: str) -> None:
    text = EVIL[name]
    assert json.loads(in_json(json.dumps(text, ensure_ascii=False))) == text
    plain = "".join(letter for letter in text if letter in "\n\t" or (letter >= " " and not "\ud800" <= letter <= "\udfff"))
    written = f"<a>{plain.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</a>"
    assert ET.fromstring(in_xml(written)).text == plain
