"""A graph whose every text means something somewhere: markup, formulas, templates, control sequences."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from sqllineage_scan.domain.coverage import Coverage
from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.job import Exposure, Job, JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.graph.build import build_graph

EVIL = (
    '<script>alert(1)</script>"]; a-->b',
    "=cmd|' /C calc'!A0",
    "{{ env_var('SECRET') }}{% set x %}{# c #}",
    "\x1b]0;title\x07\x1b[31mred\x1b[0m\x9b2J",
    "%%{init: {'theme': 'x'}}%%\nclick d0 href",
    'end"] | {x} > \\N \\{ <b> \\',
    "&lt;&#60;\u202egnp.exe\u2066",
    "---\n- !!python/object:x\n\ttab",
)


def hostile():
    where = Span(EVIL[0], 1, 1, 1, 2)
    job = Job(JobId("", EVIL[0]), JobKind.QUERY, "duckdb", where)
    datasets = [
        Dataset(
            DatasetId("", text),
            DatasetKind.MODEL,
            (Column(text, text, 1, text, (text,), (text,)),),
            SchemaOrigin.INFERRED,
            where,
            text,
            (text,),
            text,
            f"model.shop.m{number}",
        )
        for number, text in enumerate(EVIL)
    ]
    because = (Evidence(EvidenceKind.HOLE, EVIL[2], where),)
    pairs = list(pairwise(datasets))
    return build_graph(
        name=EVIL[0],
        datasets=datasets,
        jobs=[replace(job, reads=(datasets[0].id,), writes=(datasets[1].id,))],
        column_edges=[
            ColumnEdge(
                ColumnId(one.id, one.id.name),
                ColumnId(other.id, other.id.name),
                job.id,
                Transformation(TransformationSubtype.TRANSFORMATION, one.id.name),
                because,
                where,
            )
            for one, other in pairs
        ],
        dataset_edges=[DatasetEdge(one.id, other.id, job.id, because) for one, other in pairs],
        exposures=[Exposure(EVIL[0], EVIL[1], EVIL[2], EVIL[3], (datasets[0].id,), where, EVIL[4])],
        coverage=Coverage(),
    )
