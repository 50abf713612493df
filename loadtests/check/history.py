"""What clients did and heard, on one clock: written by the load tests, read by the checker.

One JSON Lines file for each process that sends: a `Begin`, an `Operation` for each request, an `End`. A file
without its end, or with fewer operations than the end counts, is refused: what is missing might be the very
answer that contradicts the others.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

Action = Literal["claim", "decline", "say", "release", "read", "fanout"]
Outcome = Literal["claimed", "refused", "unknown", "done"]

# Answers to a claim after which the shift is certainly as it was before.
REFUSALS = frozenset({"already_claimed", "closed", "no_open_offer", "not_eligible", "double_booked"})
MISDIRECTED = "names another"  # the status of an answer about another caregiver or shift
UNAVAILABLE = 503  # the service's promise: certainly not applied


class Begin(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="begin"):
    """`clock`: whose `monotonic_ns` it is; times of two clocks cannot be compared. `asked`: users, in all."""

    run: str
    scenario: str
    process: int
    clock: str
    asked: int
    began_at: str


class Operation(Struct, frozen=True, forbid_unknown_fields=True, gc=False, tag_field="kind", tag="operation"):
    """One request. Times are `monotonic_ns`; `complete_ns` is None if no answer came.

    `process` is the user that sent it; -1 is the settling of what was unknown at the end. `intended_ns` is
    when it should have been sent: a slow answer before it must not hide that it was late. `status` is the
    service's word, or the HTTP status if there was none; `holder` is who has the shift (a read), or had it (a
    release), by the answer.
    """

    action: Action
    process: int
    shift: str
    caregiver: str | None
    message: str | None
    intended_ns: int
    invoke_ns: int
    complete_ns: int | None
    outcome: Outcome
    status: str
    holder: str | None = None


class End(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="end"):
    """`users`: how many really started here. `finished`: they all did their part to the end."""

    operations: int
    users: int
    finished: bool


Line = Begin | Operation | End
_DECODER = msgspec.json.Decoder(Line)


class HistoryError(Exception):
    """The files are no history from which anything can be concluded; the message is one sentence."""


class History(Struct, frozen=True):
    """The operations of one run, in no order. `asked` and `started` count users."""

    run: str
    scenario: str
    asked: int
    started: int
    finished: bool
    operations: list[Operation]


def outcome_of(action: Action, code: int, status: str | None) -> tuple[Outcome, str]:
    """What an answer means: its outcome, and the word for it.

    `code` is the HTTP status, 0 if no whole answer came (a time-out, a dropped connection); `status` is the
    answer's own word, None if it has none.
    """
    if code == 0:
        return "unknown", "no answer"
    if code >= 500 and code != UNAVAILABLE:
        return "unknown", str(code)
    if code >= 400:
        return "refused", str(code)
    if status is None:
        return "unknown", "no status"
    if action == "claim" and status == "claimed":
        return "claimed", status
    if action == "claim" and status in REFUSALS:
        return "refused", status
    return "done", status


class Recorder:
    """Writes the history of one process. Every method raises `OSError` if it cannot be written."""

    def __init__(self, path: Path, begin: Begin) -> None:
        self.path = path
        self._file = path.open("xb", buffering=1 << 16)
        self._encoder = msgspec.json.Encoder()
        self._operations = 0
        self._write(begin)
        self._file.flush()

    def _write(self, line: Line) -> None:
        self._file.write(self._encoder.encode(line) + b"\n")

    def write(self, operation: Operation) -> None:
        self._write(operation)
        self._operations += 1

    def close(self, users: int, finished: bool) -> None:
        """Writes the end, without which the history is worth nothing."""
        with self._file:
            self._write(End(self._operations, users, finished))


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named. Raises `HistoryError` if there is none."""
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if not inside:
            raise HistoryError(f"the folder {path} holds no history (*.jsonl)")
        files += inside
    return files


def read(paths: Sequence[Path]) -> History:
    """The history of one run. Raises `HistoryError` if the files are not all of one run, each whole."""
    begins: dict[Path, Begin] = {}
    operations: list[Operation] = []
    users, finished = 0, True
    for path in files_of(paths):
        begin, found, end = _read_file(path)
        for other, known in begins.items():
            if known.run != begin.run:
                raise HistoryError(f"{other} and {path} are of two runs; give the files of one run only")
            if known.clock != begin.clock:
                raise HistoryError(
                    f"{other} and {path} were written by two clocks, whose times cannot be compared; "
                    "run all processes on one machine"
                )
            if known.process == begin.process:
                raise HistoryError(f"{other} and {path} are of the same process; give every file once")
        begins[path] = begin
        operations += found
        users += end.users
        finished = finished and end.finished
    first = next(iter(begins.values()))
    return History(first.run, first.scenario, first.asked, users, finished, operations)


def _read_file(path: Path) -> tuple[Begin, list[Operation], End]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HistoryError(f"cannot read {path}: {error.strerror}") from None
    try:
        lines = _DECODER.decode_lines(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise HistoryError(_what_is_wrong(path, content)) from None
    if not lines or not isinstance(lines[0], Begin):
        raise HistoryError(f"{path} does not begin like a history; give files that a race has written")
    begin, end = lines[0], lines[-1]
    if not isinstance(end, End):
        raise HistoryError(f"{path} has no end: it was cut off (a full disk, a killed process?)")
    operations = [line for line in lines if isinstance(line, Operation)]
    if len(operations) != len(lines) - 2:
        raise HistoryError(f"{path} holds more than one history; give each in a file of its own")
    if len(operations) != end.operations:
        raise HistoryError(
            f"{path} holds {len(operations)} operations, and its end counts {end.operations}: lines were lost"
        )
    _look_at_times(path, operations)
    return begin, operations, end


def _look_at_times(path: Path, operations: Iterable[Operation]) -> None:
    for operation in operations:
        if operation.complete_ns is not None and operation.complete_ns < operation.invoke_ns:
            raise HistoryError(f"{path}: an answer came before its request; was a clock other than "
                               "time.monotonic_ns used?")  # fmt: skip


def _what_is_wrong(path: Path, content: bytes) -> str:
    """The first line that cannot be read, and why."""
    lines = content.splitlines()
    for number, line in enumerate(lines, 1):
        try:
            _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if number == len(lines) and not content.endswith(b"\n"):
                return f"{path} ends within a line: it was cut off (a full disk, a killed process?)"
            return f"{path}, line {number}, is not of a history: {error}"
    return f"{path} is not a history"
