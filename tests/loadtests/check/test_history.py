"""A history is read back as it was written, or refused with a sentence that says why."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtests.check.history import Begin, HistoryError, Recorder, Request, outcome_of, read
from tests.loadtests.check.builders import claim


def begin(run: str = "r1", process: int = 1, clock: str = "boot", asked: int = 2) -> Begin:
    return Begin(run, "race", process, clock, asked, "2035-01-01T00:00:00+00:00")


def write(path: Path, *requests: Request, first: Begin | None = None, users: int = 1) -> Path:
    recorder = Recorder(path, first or begin())
    for request in requests:
        recorder.write(request)
    recorder.close(users, finished=True)
    return path


ONE, TWO = claim("ann", 1, 2, "claimed"), claim("bob", 1, None, 0)


def test_a_history_is_read_back_as_written(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", ONE)
    write(tmp_path / "b.jsonl", TWO, first=begin(process=2))
    for paths in ([tmp_path], [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]):
        found = read(paths)
        assert found.requests == [ONE, TWO]
        assert (found.run, found.asked, found.started, found.finished) == ("r1", 2, 2, True)


def test_an_old_history_is_never_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", ONE)
    with pytest.raises(FileExistsError):
        Recorder(tmp_path / "a.jsonl", begin())


def refused(path: Path, *others: Path) -> str:
    with pytest.raises(HistoryError) as caught:
        read([path, *others])
    return str(caught.value)


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing in it": (lambda text: b"", "does not begin like a history"),
    "cut within a line": (lambda text: text[:-20], "ends within a line: it was cut off"),
    "cut after a line": (lambda text: text[: text.index(b'{"kind":"end"')], "has no end: it was cut off"),
    "cut after the beginning": (lambda text: text[: text.index(b"\n") + 1], "has no end: it was cut off"),
    "a line lost": (
        lambda text: b"\n".join(text.split(b"\n")[:1] + text.split(b"\n")[2:]), "lines were lost",
    ),
    "the beginning lost": (lambda text: text[text.index(b"\n") + 1 :], "does not begin like a history"),
    "something else": (lambda text: b'{"hello": 1}\n', "line 1, does not belong to a history"),
    "not JSON": (lambda text: b"\xff\xfe\x00hello\n", "does not belong to a history"),
    "an unknown action": (
        lambda text: text.replace(b'"claim"', b'"clam"'), "line 2, does not belong to a history",
    ),
    "a time that runs backwards": (
        lambda text: text.replace(b'"complete_ns":2', b'"complete_ns":0'),
        "an answer came before its request",
    ),
    "two in one file": (lambda text: text + text, "more than one history"),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "why"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_history_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes], why: str) -> None:
    path = write(tmp_path / "a.jsonl", ONE, TWO)
    path.write_bytes(damage(path.read_bytes()))
    assert why in refused(path)


def test_histories_of_two_runs_are_refused(tmp_path: Path) -> None:
    one = write(tmp_path / "a.jsonl", ONE)
    other = write(tmp_path / "b.jsonl", TWO, first=begin(run="r2", process=2))
    assert "belong to different runs" in refused(one, other)


def test_histories_of_two_clocks_are_refused(tmp_path: Path) -> None:
    one = write(tmp_path / "a.jsonl", ONE)
    other = write(tmp_path / "b.jsonl", TWO, first=begin(process=2, clock="another boot"))
    assert "different clocks" in refused(one, other)


def test_a_file_given_twice_is_refused(tmp_path: Path) -> None:
    one = write(tmp_path / "a.jsonl", ONE)
    assert "give every file once" in refused(one, one)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "cannot read" in refused(tmp_path / "none.jsonl")
    assert "contains no history" in refused(tmp_path)


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        (200, "claimed", "claimed"),
        (200, "already_claimed", "refused"),
        (200, "already_yours", "done"),
        (200, None, "unknown"),
        (503, None, "refused"),
        (500, None, "unknown"),
        (504, None, "unknown"),
        (404, None, "refused"),
        (0, None, "unknown"),
    ],
)
def test_of_all_5xx_only_503_is_a_refusal(code: int, status: str | None, outcome: str) -> None:
    assert outcome_of("claim", code, status)[0] == outcome
