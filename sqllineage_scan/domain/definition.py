"""What a dataset means by itself: how each of its values is made, and which rows it has, in a form that can be compared.

A *form* is a normal form with the columns taken out: ``sum(? - ?)`` of ``orders.amount``, ``orders.tax``. Two equal forms are
equal definitions, however they are laid out, whatever their aliases and CTEs are called; two different ones may still be equal.
The columns stay apart so that a renamed dataset or column can be followed through the definitions that name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.domain.span import Span

PASSED_ON = "?"
_MARK = "\x03"  # around the number of a column in a shape
_MARKS = {number: f"\ufffd{number}" for number in range(7)}  # ours, and those of domain/unit.py: PLACE, OPEN
_DIGEST = "#"
_LONG, _LONGEST = 64, 4000  # characters of a shape, above which its digest stands for it: kept, and while it is put together


class Form(NamedTuple):
    """``shape`` with numbers for ``reads``, or the digest of a long one; ``?`` alone passes a column on as it is."""

    shape: str
    reads: tuple[ColumnId | DatasetId, ...] = ()

    @property
    def passes_on(self) -> bool:
        return self.shape == PASSED_ON

    def compact(self) -> Form:
        """As it is kept: ``sum(?0)``, or a digest. Nothing more can be composed of it."""
        if self.shape == PASSED_ON:  # nearly always
            return self
        if len(self.shape) > _LONG and self.shape[0] != _DIGEST:
            return Form(digest(self.shape), self.reads)
        pieces = self.shape.split(_MARK)
        pieces[1::2] = [f"{PASSED_ON}{number}" for number in pieces[1::2]]
        return Form("".join(pieces), self.reads)


class RowRule(NamedTuple):
    """One clause that decides which rows there are: ``filter``, ``o.status = 'paid'``, as people read it and as a form."""

    kind: str
    text: str
    form: Form
    span: Span | None = None


class ColumnForm(NamedTuple):
    """``expression`` and ``span`` are set where no edge has them: of a value that is made of no column."""

    name: str
    form: Form
    expression: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """``rules`` explain what ``rows`` sums up; the structure they stand in is in ``rows`` alone."""

    rows: Form
    columns: tuple[ColumnForm, ...] = ()
    rules: tuple[RowRule, ...] = ()
    missing: tuple[str, ...] = ()  # columns that it reads and that nothing it reads has
    words: str = ""  # digest of the statements' words: where it is the same, whatever differs comes from upstream


class Definitions(Mapping["DatasetId", Definition]):
    """Of the datasets that something in the repository makes. Each is put together when somebody asks for it.

    ``keys`` are the datasets that may have one; ``make`` gives it, or None.
    """

    def __init__(
        self, keys: Iterable[DatasetId] = (), make: Callable[[DatasetId], Definition | None] = lambda _dataset: None
    ) -> None:
        self._keys, self._make = frozenset(keys), make
        self._made: dict[DatasetId, Definition | None] = {}

    def __getitem__(self, dataset: DatasetId) -> Definition:
        if dataset in self._keys and dataset not in self._made:
            self._made[dataset] = self._make(dataset)
        found = self._made.get(dataset)
        if found is None:
            raise KeyError(dataset)
        return found

    def __iter__(self) -> Iterator[DatasetId]:
        return (dataset for dataset in sorted(self._keys) if self.get(dataset) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        """Without putting any together."""
        return bool(self._keys)

    def __reduce__(self) -> tuple[object, ...]:
        found = dict(self)
        return Definitions, (tuple(found), found.get)


def in_any_order(forms: Iterable[Form]) -> list[Form]:
    """Sorted by what does not hang on names first, so that a renamed column leaves them where they were."""
    return sorted(forms, key=lambda form: (form.shape, [str(read) for read in form.reads]))


def joined(kind: str, said: str, forms: Sequence[Form]) -> Form:
    """One form of several, in this order."""
    return composed([f"{kind} {said}(", *([","] * (len(forms) - 1)), ")"] if forms else [f"{kind} {said}()"], forms, ())


def composed(texts: Sequence[str], forms: Sequence[Form], behind: Sequence[Form]) -> Form:
    """The texts with the forms between them, and more forms behind. What is read twice is one of ``reads``.

    A form goes in as if its text had been written there, so that it does not matter whether a value was made in a CTE.
    """
    reads: dict[ColumnId | DatasetId, int] = {}

    def inserted(form: Form) -> str:
        shape = form.shape
        places = [reads.setdefault(read, len(reads)) for read in form.reads]
        if shape == PASSED_ON:
            return f"{_MARK}{places[0]}{_MARK}"
        if _MARK not in shape:  # a digest, or a form that is compact already
            return f"{shape}{places}" if places else shape
        if places[-1] == len(places) - 1 and places == list(range(len(places))):  # numbered already as they are here
            return shape
        pieces = shape.split(_MARK)
        pieces[1::2] = [f"{_MARK}{places[int(number)]}{_MARK}" for number in pieces[1::2]]
        return "".join(pieces)

    parts = [texts[0]]
    for text, form in zip(texts[1:], forms, strict=True):
        parts += [inserted(form), text]
    parts += [inserted(form) for form in behind]
    shape = "".join(parts)
    return Form(digest(shape) if len(shape) > _LONGEST else shape, tuple(reads))


def unmarked(text: str) -> str:
    """``text`` of the user's as it may stand in a form: without the characters that are marks there."""
    return text if text.isprintable() else text.translate(_MARKS)


def digest(shape: str) -> str:
    return f"{_DIGEST}{blake2b(shape.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"
