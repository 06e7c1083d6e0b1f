"""Some files compiled by whoever is asked, for whoever asks: bytes in, bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.source import CompiledFile, FileStatus
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.pipeline.cache.codec import UncodableError
from sqllineage_scan.pipeline.cache.compiled import codec
from sqllineage_scan.pipeline.limits import Limits, OutOfTimeError, bound_next, bounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.pipeline.workshop import Workshop

_GB = 1 << 30


class Answer(NamedTuple):
    """What became of one file. ``data``: its compiled parts through the codec; None where they have no bytes, and whoever
    asks compiles it. ``content``: SHA-256 of what was read, b"" where the answer is not one to keep.
    """

    content: bytes
    data: bytes | None


def compile_batch(files: Sequence[SourceFile], texts: Sequence[bytes | None], workshop: Workshop, limits: Limits) -> list[Answer]:
    """``texts``: the files' bytes, for a machine that has no such folder, None for one that cannot be read; () where it has."""
    answers = []
    for number, file in enumerate(files):
        if texts and texts[number] is None:
            answers.append(Answer(b"", None))
            continue
        bound_next()
        parts, content = compile_within(file, workshop, limits, texts[number] if texts else None)
        try:
            data = codec().encode(parts)
        except UncodableError:
            data = None
        answers.append(Answer(content, data))
    return answers


def compile_within(
    file: SourceFile, workshop: Workshop, limits: Limits, data: bytes | None = None
) -> tuple[tuple[CompiledFile, ...], bytes]:
    """``compile_file`` as far as the limits allow."""
    from sqllineage_scan.pipeline.work import compile_bytes, compile_file

    try:
        with bounded(limits.seconds):
            found = compile_file(file, workshop) if data is None else compile_bytes(file, data, workshop)
    except OutOfTimeError:
        return (given_up(file, out_of_time(limits)),), b""
    except MemoryError:
        return (given_up(file, out_of_memory(limits)),), b""
    return found.parts, found.content


def given_up(file: SourceFile, why: str) -> CompiledFile:
    """A file that could not be read to the end, for no fault of its neighbours."""
    message = f"{file.path} {why}; it is left out"
    fix = "leave it out (exclude), or raise the limit (max_seconds, max_memory)"
    finding = Finding("RD03", "read.exhausted", Severity.ERROR, message, whole_file(file.path), subject=file.path, help=fix)
    return CompiledFile(file.path, file.kind, file.dialect, FileStatus.FAILED, findings=(finding,))


def out_of_time(limits: Limits) -> str:
    return f"takes more than {limits.seconds} seconds to read"


def out_of_memory(limits: Limits) -> str:
    return f"takes more than {limits.memory / _GB:.3g} GB of memory to read"


ENDED = "ended the process that read it"
