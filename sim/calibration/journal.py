"""Reads an exported journal: JSON lines, as `fanout export` writes them now and wrote them in version 0.1."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import to_json

from core.events import Entry, entry_from


class JournalError(Exception):
    """The journal cannot be read; the message is one sentence that says where, and what to do about it."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    seq: int
    shift_id: str | None
    version: int | None
    at_ms: int
    kind: str
    data: dict[str, object]


def read(path: Path) -> list[Entry]:
    """The entries of a journal, in the order of their `seq`.

    Raises `JournalError` if a line is not an entry or out of order, or if there are no entries, and `OSError`
    if the file cannot be read.
    """
    with path.open("rb") as file:
        entries = list(_entries(file))
    if not entries:
        raise JournalError("the journal is empty; run a fanout, then write it again with fanout export")
    return entries


def _entries(lines: Iterable[bytes]) -> Iterator[Entry]:
    last_seq = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = _entry(line)
        except ValidationError as error:
            cut = not line.endswith(b"\n")
            place = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
            wrong = "is cut off" if cut else f"is not a journal entry{place and f' (see {place})'}"
            remedy = "remove it or write" if cut else "write"
            raise JournalError(
                f"line {number} {wrong}; {remedy} the journal again with fanout export"
            ) from None
        if entry.seq <= last_seq:
            raise JournalError(
                f"line {number} is out of order: seq {entry.seq} follows {last_seq}; "
                "use one journal, as fanout export wrote it"
            )
        last_seq = entry.seq
        yield entry


def _entry(line: bytes) -> Entry:
    read = _Line.model_validate_json(line)
    data = to_json(read.data).decode()
    return entry_from(read.seq, read.shift_id, read.version, read.at_ms, read.kind, data)
