"""Reading a JSON object member by member gives what reading it whole gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.discover.json_members import JsonMembers

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(max_size=5), st.dictionaries(st.text(max_size=5), VALUES, max_size=4), max_size=4),
    st.sampled_from([None, 1, "\t"]),
    st.sets(st.integers(0, 3)),
)
def test_members_of_members(document: dict[str, dict[str, Any]], indent: Any, whole: set[int]) -> None:
    """``whole``: the sections that are read as one value, the others member by member."""
    reader = JsonMembers(json.dumps(document, indent=indent))
    found: dict[str, Any] = {}
    number = 0
    while (section := reader.key()) is not None:
        if number in whole:
            found[section] = reader.value()
        else:
            reader.enter()
            found[section] = {}
            while (key := reader.key()) is not None:
                found[section][key] = reader.value()
        number += 1
    assert found == document


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a" 1}', '{"a": }', '{"a": 1 "b": 2}', '{"a": tru}'])
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):  # noqa: PT012 -- whichever step finds it
        reader = JsonMembers(text)
        while reader.key() is not None:
            reader.value()
