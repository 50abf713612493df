"""What clients sent and received, on one clock: written by the load tests, read by the checker.

One JSON Lines file for each process that sends: a `Begin`, a `Request` for each request, an `End`. A file
without its end, or with fewer requests than the end counts, is refused: a missing request might be the very
one that contradicts the others.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

Action = Literal["claim", "decline", "say", "release", "read", "fanout"]
Outcome = Literal["claimed", "refused", "unknown", "done"]

# Answers to a claim that has certainly not changed the shift.
REFUSALS = frozenset({"already_claimed", "closed", "no_open_offer", "not_eligible", "double_booked"})
MISDIRECTED = "names another"  # the status of an answer about another caregiver or shift
UNAVAILABLE = 503  # the service promises that such a request was not applied


class Begin(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="begin"):
    """`clock` identifies the clock behind the times; times of two clocks cannot be compared.

    `asked`: how many users the whole run should have.
    """

    run: str
    scenario: str
    process: int
    clock: str
    asked: int
    began_at: str


# In the files a request is an "operation", as in those of version 0.1, which can still be read.
class Request(Struct, frozen=True, forbid_unknown_fields=True, gc=False, tag_field="kind", tag="operation"):
    """One HTTP request and its answer. Times are `monotonic_ns`; `complete_ns` is None if no answer came.

    `process` is the user that sent it, or -1 for a request that settles an unknown outcome after the run.
    `intended_ns` is when it should have been sent, so that waiting for an earlier slow answer counts as
    latency. `status` is the service's word, or the HTTP status if there was none. `holder` is, according to
    the answer, who holds the shift (for a read) or held it (for a release).
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
    """`users`: how many started in this process. `finished`: all of them completed their part."""

    requests: int = msgspec.field(name="operations")
    users: int
    finished: bool


Line = Begin | Request | End
_DECODER = msgspec.json.Decoder(Line)


class HistoryError(Exception):
    """The files are not a complete history; the message is one sentence."""


class History(Struct, frozen=True):
    """The requests of one run, in no particular order. `asked` and `started` count users."""

    run: str
    scenario: str
    asked: int
    started: int
    finished: bool
    requests: list[Request]


def outcome_of(action: Action, code: int, status: str | None) -> tuple[Outcome, str]:
    """The outcome that an answer means, and the word for it.

    `code` is the HTTP status, or 0 if no complete answer came (a time-out, a dropped connection). `status` is
    the answer's own word, or None if it has none.
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
        self._requests = 0
        self._write(begin)
        self._file.flush()

    def _write(self, line: Line) -> None:
        self._file.write(self._encoder.encode(line) + b"\n")

    def write(self, request: Request) -> None:
        self._write(request)
        self._requests += 1

    def close(self, users: int, finished: bool) -> None:
        """Writes the end; a history without it is refused."""
        with self._file:
            self._write(End(self._requests, users, finished))


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The given files, and those in the given folders. Raises `HistoryError` if a folder holds none."""
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if not inside:
            raise HistoryError(f"the folder {path} contains no history (*.jsonl)")
        files += inside
    return files


def read(paths: Sequence[Path]) -> History:
    """The history of one run. Raises `HistoryError` unless the files belong to one run and are complete."""
    begins: dict[Path, Begin] = {}
    requests: list[Request] = []
    users, finished = 0, True
    for path in files_of(paths):
        begin, found, end = _read_file(path)
        for other, known in begins.items():
            if known.run != begin.run:
                raise HistoryError(
                    f"{other} and {path} belong to different runs; give the files of one run only"
                )
            if known.clock != begin.clock:
                raise HistoryError(
                    f"{other} and {path} were timed by different clocks, which cannot be compared; "
                    "run all processes on one machine"
                )
            if known.process == begin.process:
                raise HistoryError(f"{other} and {path} belong to the same process; give every file once")
        begins[path] = begin
        requests += found
        users += end.users
        finished = finished and end.finished
    first = next(iter(begins.values()))
    return History(first.run, first.scenario, first.asked, users, finished, requests)


def _read_file(path: Path) -> tuple[Begin, list[Request], End]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HistoryError(f"cannot read {path}: {error.strerror}") from None
    try:
        lines = _DECODER.decode_lines(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise HistoryError(_decoding_error(path, content)) from None
    if not lines or not isinstance(lines[0], Begin):
        raise HistoryError(f"{path} does not begin like a history; give files written by a load test")
    begin, end = lines[0], lines[-1]
    if not isinstance(end, End):
        raise HistoryError(f"{path} has no end: it was cut off (a full disk, a killed process?)")
    requests = [line for line in lines if isinstance(line, Request)]
    if len(requests) != len(lines) - 2:
        raise HistoryError(f"{path} contains more than one history; put each in its own file")
    if len(requests) != end.requests:
        raise HistoryError(
            f"{path} contains {len(requests)} requests but its end counts {end.requests}: lines were lost"
        )
    _check_times(path, requests)
    return begin, requests, end


def _check_times(path: Path, requests: Iterable[Request]) -> None:
    for request in requests:
        if request.complete_ns is not None and request.complete_ns < request.invoke_ns:
            raise HistoryError(f"{path}: an answer came before its request; was a clock other than "
                               "time.monotonic_ns used?")  # fmt: skip


def _decoding_error(path: Path, content: bytes) -> str:
    """The first line that cannot be read, and why."""
    lines = content.splitlines()
    for number, line in enumerate(lines, 1):
        try:
            _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if number == len(lines) and not content.endswith(b"\n"):
                return f"{path} ends within a line: it was cut off (a full disk, a killed process?)"
            return f"{path}, line {number}, does not belong to a history: {error}"
    return f"{path} is not a history"
