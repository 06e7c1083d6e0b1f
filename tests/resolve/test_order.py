from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.domain.names import DatasetId
from sqllineage_scan.resolve.order import Ends, binding_order, cycles


def ends(reads: str, writes: str) -> Ends:
    return Ends(frozenset(DatasetId("", name) for name in reads), frozenset(DatasetId("", name) for name in writes))


def test_writers_before_readers() -> None:
    assert binding_order([ends("b", "c"), ends("a", "b"), ends("", "a")]) == [2, 1, 0]


def test_the_given_order_among_equals() -> None:
    assert binding_order([ends("x", "a"), ends("x", "b"), ends("x", "c")]) == [0, 1, 2]


def test_reading_oneself_is_no_cycle() -> None:
    assert cycles([ends("ab", "a")]) == []


def test_a_cycle_is_found_and_everything_is_still_placed() -> None:
    units = [ends("c", "a"), ends("a", "b"), ends("b", "c"), ends("c", "d")]
    assert sorted(binding_order(units)) == [0, 1, 2, 3]
    assert cycles(units) == [(DatasetId("", "a"), DatasetId("", "b"), DatasetId("", "c"))]


def test_a_long_chain_does_not_recurse() -> None:
    names = [DatasetId("", f"t{number:05}") for number in range(5000)]
    units = [Ends(frozenset([names[i]]), frozenset([names[i + 1]])) for i in range(4999)]
    assert binding_order(list(reversed(units))) == list(reversed(range(4999)))
    assert cycles([*units, Ends(frozenset([names[-1]]), frozenset([names[0]]))]) == [tuple(names)]


@given(st.lists(st.tuples(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef"), max_size=2)), max_size=12))
def test_any_units_are_placed_once_and_in_order_where_there_is_one(raw: list[tuple[set[str], set[str]]]) -> None:
    units = [ends("".join(reads), "".join(writes)) for reads, writes in raw]
    order = binding_order(units)
    assert sorted(order) == list(range(len(units)))
    if not cycles(units):
        place = {unit: position for position, unit in enumerate(order)}
        for reader, unit in enumerate(units):
            for writer, other in enumerate(units):
                # two units that write what the other reads are a cycle of units, if not of datasets
                if writer != reader and other.writes & unit.reads and not _leads(units, reader, writer):
                    assert place[writer] < place[reader]


def _leads(units: list[Ends], start: int, end: int) -> bool:
    seen, pending = {start}, [start]
    while pending:
        current = pending.pop()
        for number, unit in enumerate(units):
            if number not in seen and units[current].writes & unit.reads:
                seen.add(number)
                pending.append(number)
    return end in seen
