"""The demo tells one story per seed, and the story is true."""

import json
import multiprocessing
import signal
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from core.events import FanoutStarted
from core.invariants import violations
from tests.cli.process import FANOUT, PATIENCE_S, SAMPLE, entries, environment, fanout, invoke


def tell(folder: Path, name: str, *flags: str) -> tuple[str, str]:
    """What the demo prints, and the journal that it writes."""
    done = fanout("demo", "--speed", "0", "--journal", name, *flags, cwd=folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout, (folder / name).read_text()


def burn() -> None:
    while True:
        sum(range(10_000))


def test_a_seed_tells_one_story_also_on_a_busy_machine(tmp_path: Path) -> None:
    first = tell(tmp_path, "first.jsonl")
    assert tell(tmp_path, "second.jsonl", "--seed", "1") == first
    burners = [multiprocessing.get_context("spawn").Process(target=burn, daemon=True) for _ in range(2)]
    for burner in burners:
        burner.start()
    try:
        assert tell(tmp_path, "busy.jsonl") == first
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


def test_another_seed_tells_another_story(tmp_path: Path) -> None:
    first, second = tell(tmp_path, "1.jsonl", "--seed", "1"), tell(tmp_path, "2.jsonl", "--seed", "2")
    assert first[0] != second[0]
    assert first[1] != second[1]


@pytest.mark.parametrize("seed", ["0", "1", "7"])
def test_the_story_is_true(seed: str, tmp_path: Path) -> None:
    told, journal = tell(tmp_path, "journal.jsonl", "--seed", seed)
    assert violations(entries(journal)) == []
    shifts = json.loads(SAMPLE.read_text())["shifts"]
    started = {entry.shift_id for entry in entries(journal) if isinstance(entry.event, FanoutStarted)}
    assert started == {shift["id"] for shift in shifts}
    table = told[told.index("Result of each call-out") :]
    rows = [line for line in table.splitlines() if line.startswith("│")]
    assert len(rows) == len(shifts)
    phones = [caregiver["phone"] for caregiver in json.loads(SAMPLE.read_text())["caregivers"]]
    assert not [phone for phone in phones if phone in journal + told]


def start(folder: Path, *flags: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [FANOUT, "demo", *flags],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_can_be_asked_while_the_story_lasts_and_be_interrupted(tmp_path: Path) -> None:
    with start(tmp_path, "--speed", "10", "--serve", "0") as demo:
        assert demo.stdout is not None
        try:
            line = demo.stdout.readline()
            assert line.startswith("listening on http://127.0.0.1:"), line
            with urllib.request.urlopen(f"{line.split()[2]}/health", timeout=PATIENCE_S) as answer:
                assert json.loads(answer.read()) == {"status": "ok"}
            demo.send_signal(signal.SIGINT)
            _, said = demo.communicate(timeout=PATIENCE_S)
        finally:
            demo.kill()
    assert said.split() == ["Aborted!"]
    assert demo.returncode == 1


def test_a_journal_that_cannot_be_written_is_said_before_the_story(tmp_path: Path) -> None:
    done = fanout("demo", "--speed", "0", "--journal", "nowhere/journal.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: cannot write nowhere/journal.jsonl: No such file or directory\n"


@pytest.mark.parametrize(
    ("run", "flag", "value"),
    [
        (fanout, "--speed", "-1"),
        (invoke, "--speed", "-1"),
        (invoke, "--speed", "nan"),
        (invoke, "--speed", "fast"),
        (invoke, "--seed", "x"),
        (invoke, "--seed", "-1"),
        (invoke, "--serve", "99999"),
        (invoke, "--journal", "."),
    ],
)
def test_bad_flags_are_named(
    run: Callable[..., "subprocess.CompletedProcess[str]"],
    flag: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cli.demo.run", lambda **given: pytest.fail("it started"))
    done = run("demo", flag, value, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"Invalid value for '{flag}'" in done.stderr
