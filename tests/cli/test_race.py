"""`fanout race` and `fanout check`, and the Locust scripts on their own, as they are typed."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.process import FANOUT, PATIENCE_S, ROOT, Serve, environment, fanout

FAST = {"FANOUT_SMS_PER_SECOND": "1000000"}
LOCUST = Path(sys.executable).with_name("locust")
RACE_S = 3 * PATIENCE_S


def race(
    *args: str | Path, cwd: Path, preexec: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FANOUT, "race", *args],
        cwd=cwd, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=RACE_S, preexec_fn=preexec,
    )  # fmt: skip


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a race against a server of its own leaves."""
    folder = tmp_path_factory.mktemp("raced")
    done = race("--shifts", "20", "--claimants", "30", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sound: the answers, the store and its journal" in done.stdout
    assert "600 claims of 20 shifts: 20 won, 580 refused, 0 unknown" in done.stdout
    return folder / "race"


def test_a_race_writes_a_report(raced: Path) -> None:
    report = json.loads((raced / "report.json").read_text())
    assert report["verdict"] == "sound"
    assert report["users"] == {"asked": 30, "started": 30}
    assert report["counts"]["claimed"] == 20
    assert list(report["claims"]["latency_ms"]) == ["p50", "p90", "p99", "p99.9", "max"]
    assert (raced / "race.png").read_bytes().startswith(b"\x89PNG")
    page = (raced / "report.html").read_text()
    assert "600 claims of 20 shifts" in page
    assert "http:" not in page.replace("data:image", "")  # it needs nothing from anywhere


def test_a_race_can_be_judged_again(raced: Path) -> None:
    again = fanout("check", "history", "--database", "fanout.db", "--json", cwd=raced)
    assert again.returncode == 0
    assert json.loads(again.stdout)["verdict"] == "sound"
    assert "give --database or --url" in fanout("check", "history", cwd=raced).stdout


def test_another_database_proves_nothing(raced: Path, tmp_path: Path) -> None:
    fanout("load", ROOT / "sample_data.json", "--database", tmp_path / "other.db", cwd=tmp_path)
    judged = fanout("check", "history", "--database", tmp_path / "other.db", cwd=raced)
    assert judged.returncode == 2
    assert "the store does not know the shift" in judged.stdout


def test_a_history_that_was_cut_off_is_refused(raced: Path, tmp_path: Path) -> None:
    (whole,) = (raced / "history").iterdir()
    (tmp_path / "cut.jsonl").write_bytes(whole.read_bytes()[:-100])
    judged = fanout("check", "cut.jsonl", cwd=tmp_path)
    assert (judged.returncode, judged.stdout) == (2, "")
    assert "it was cut off" in judged.stderr


def test_the_mutant_is_found_out(tmp_path: Path) -> None:
    done = race("--mutant", "--shifts", "20", "--claimants", "30", "--report", "mutant", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "violation: race-" in done.stdout
    report = json.loads((tmp_path / "mutant" / "report.json").read_text())
    assert report["counts"]["claimed"] > 20


def test_two_races_against_a_service_that_runs_already(tmp_path: Path) -> None:
    """A second race cleans up after the first; histories of both are not mixed."""
    with Serve(tmp_path / "fanout.db", env=FAST) as serve:
        for folder in ("one", "two"):
            arguments = ("--shifts", "5", "--claimants", "10", "--url", serve.listening(), "--report", folder)
            done = race(*arguments, cwd=tmp_path)
            assert done.returncode == 0, done.stdout + done.stderr
        assert race(*arguments, cwd=tmp_path).returncode == 0
    mixed = fanout("check", "one/history", "two/history", cwd=tmp_path)
    assert (mixed.returncode, mixed.stdout) == (2, "")
    assert "are of two runs" in mixed.stderr


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    done = race("--url", "http://127.0.0.1:1", cwd=tmp_path)
    assert done.returncode == 2
    assert "the service at http://127.0.0.1:1 cannot be reached: is it running?" in done.stderr
    assert "Traceback" not in done.stderr
    asked = fanout("check", "race/history", "--url", "http://127.0.0.1:1", cwd=tmp_path)
    assert asked.returncode == 2


def test_a_mutant_and_a_service_exclude_each_other(tmp_path: Path) -> None:
    done = race("--mutant", "--url", "http://127.0.0.1:1", cwd=tmp_path)
    assert done.returncode == 2
    assert "give it without --url" in done.stderr


def test_a_server_that_stops_in_the_middle(tmp_path: Path) -> None:
    """It is killed when the history has begun to grow: never a false "sound"."""
    with Serve(tmp_path / "fanout.db", env=FAST) as serve:
        url = serve.listening()
        done: list[subprocess.CompletedProcess[str]] = []
        racing = threading.Thread(
            target=lambda: done.append(
                race("--shifts", "500", "--claimants", "20", "--url", url, cwd=tmp_path)
            )
        )
        racing.start()
        while racing.is_alive() and not any(
            path.stat().st_size > 100_000 for path in tmp_path.glob("race/history/*.jsonl")
        ):
            racing.join(0.05)
        serve.end(signal.SIGKILL)
        racing.join(RACE_S)
    assert done[0].returncode == 2, done[0].stdout + done[0].stderr
    assert done[0].stdout.startswith("inconclusive: nothing can be concluded")
    assert "nobody is there to ask again" in done[0].stdout
    assert "Traceback" not in done[0].stderr


def test_a_full_disk(tmp_path: Path) -> None:
    """No file may grow past a limit, which an `OSError` tells like that of a full disk."""
    with Serve(tmp_path / "fanout.db", env=FAST) as serve:
        done = race(
            "--shifts", "50", "--claimants", "20", "--url", serve.listening(), cwd=tmp_path,
            preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)),
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "the history cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("processes", [1, 2])
def test_everything_at_once(tmp_path: Path, processes: int) -> None:
    """The script on its own, with shifts that are given back again and again."""
    with Serve(tmp_path / "fanout.db", env=FAST) as serve:
        command = [
            LOCUST, "-f", ROOT / "loadtests" / "mixed.py", "--host", serve.listening(), "--headless",
            "--users", "7", "--spawn-rate", "7", "--shifts", "4", "--operations", "60",
        ]  # fmt: skip
        if processes > 1:
            command += ["--processes", str(processes)]
        locust = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "FANOUT_API_KEYS": "[]"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=RACE_S,
        )  # fmt: skip
        assert locust.returncode == 0, locust.stderr
        judged = fanout("check", "history", "--json", cwd=tmp_path)
    verdict = json.loads(judged.stdout)
    assert (judged.returncode, verdict["verdict"]) == (0, "sound"), verdict
    assert len(list((tmp_path / "history").iterdir())) == processes
    counts = verdict["counts"]
    assert counts["operations"] >= 7 * 60
    assert min(counts["claimed"], counts["refused"], counts["repeats"], counts["given back"]) > 0
