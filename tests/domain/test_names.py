"""Which dataset it is, whoever asks."""

from __future__ import annotations

from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.domain.names import DATASETS, DatasetId

NAMES = st.text(st.characters(exclude_categories=["Cs"]))


def test_a_uuid_is_for_ever() -> None:
    """Catalogs keep it: another answer tomorrow would be another dataset."""
    assert str(DatasetId("", "analytics.orders").uuid) == "d055c601-2adb-558a-8628-4260f4f20c92"
    assert DatasetId("", "analytics.orders").uuid.version == 5
    assert DatasetId("", "broken \udc80").uuid != DatasetId("", "broken ").uuid


@given(NAMES, NAMES)
def test_anybody_can_work_it_out(namespace: str, name: str) -> None:
    assert DatasetId(namespace, name).uuid == uuid5(DATASETS, f"{namespace}\n{name}")


@given(st.tuples(NAMES, NAMES), st.tuples(NAMES, NAMES))
def test_two_datasets_have_two(one: tuple[str, str], other: tuple[str, str]) -> None:
    if not any("\n" in text for text in (*one, *other)):
        assert (DatasetId(*one).uuid == DatasetId(*other).uuid) == (one == other)
