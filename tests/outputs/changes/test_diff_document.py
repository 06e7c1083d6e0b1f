"""The document of a comparison: its schema, and back again."""

from __future__ import annotations

import json
from importlib.resources import files
from io import StringIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sample_diff import sample_diff

from sqllineage_scan.domain.change import ChangeKind, Effect, ReaderKind, Verdict
from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.changes._decode import from_dict
from sqllineage_scan.outputs.changes._encode import to_dict
from sqllineage_scan.outputs.changes.json import write

DOCUMENT = Path(__file__).with_name("sample.diff.json")
SCHEMA = json.loads(files("sqllineage_scan.outputs.changes").joinpath("diff.schema.json").read_text(encoding="utf-8"))


def _written() -> str:
    out = StringIO()
    write(sample_diff(), out)
    return out.getvalue()


def test_the_sample_that_others_load_is_this_comparison() -> None:
    """Made anew with: ``python tests/outputs/changes/test_diff_document.py``."""
    assert _written() == DOCUMENT.read_text(encoding="utf-8")


def test_the_schema_is_one_and_the_document_meets_it() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(_written()))


def test_the_schema_knows_every_word() -> None:
    defined = SCHEMA["$defs"]
    assert defined["change_kind"]["enum"] == [kind.value for kind in ChangeKind]
    assert defined["effect"]["enum"] == [effect.value for effect in Effect]
    assert defined["reader_kind"]["enum"] == [kind.value for kind in ReaderKind]
    assert SCHEMA["properties"]["verdict"]["enum"] == [verdict.value for verdict in Verdict]


def test_the_schema_says_what_is_written_and_nothing_more() -> None:
    written = to_dict(sample_diff())
    assert set(written) == set(SCHEMA["properties"])
    change = written["changes"][0]
    assert set(change) == set(SCHEMA["$defs"]["change"]["properties"])
    assert set(change["impact"]["readers"][0]) == set(SCHEMA["$defs"]["reader"]["properties"])
    assert set(change["impact"]["readers"][0]["path"][0]) == set(SCHEMA["$defs"]["step"]["properties"])


def test_a_document_is_read_back_to_the_same_values() -> None:
    assert from_dict(json.loads(_written())) == sample_diff()


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda d: d.pop("verdict"), "not a diff document: the top level has no 'verdict'"),
        (lambda d: d["changes"][0].update(kind="remove"), "changes[0].kind is 'remove'; did you mean 'removed'?"),
        (lambda d: d["changes"][0]["impact"].update(readers=3), "changes[0].impact.readers must be a list, not a number"),
        (lambda d: d.update(schema_version="2.0"), "schema_version is '2.0'; this version of sqllineage-scan reads 1.x"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(break_it, said) -> None:
    document = json.loads(_written())
    break_it(document)
    with pytest.raises(UsageError) as told:
        from_dict(document)
    assert said in str(told.value)


if __name__ == "__main__":
    DOCUMENT.write_text(_written(), encoding="utf-8")
