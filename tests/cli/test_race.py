"""`fanout race` and `fanout check`, and the Locust scripts on their own, as they are typed."""

import json
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from filelock import FileLock

from tests.cli.process import FANOUT, PATIENCE_S, ROOT, UNLIMITED, Serve, environment, fanout

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
    """The folder of a race against a server of its own."""
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
    again = fanout("check", "history", "--database", "race.db", "--json", cwd=raced)
    assert again.returncode == 0
    assert json.loads(again.stdout)["verdict"] == "sound"
    assert "give --database or --url" in fanout("check", "history", cwd=raced).stdout


def test_another_database_is_inconclusive(raced: Path, tmp_path: Path) -> None:
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


def test_the_mutant_is_detected(tmp_path: Path) -> None:
    done = race("--mutant", "--shifts", "20", "--claimants", "30", "--report", "mutant", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "two claims won: claim by race-" in done.stdout
    assert "Traceback" not in done.stderr
    report = json.loads((tmp_path / "mutant" / "report.json").read_text())
    assert report["counts"]["claimed"] > 20


def test_files_that_are_not_from_a_race_are_left_alone(raced: Path, tmp_path: Path) -> None:
    (tmp_path / "fanout.db").write_text("precious")
    (tmp_path / "history").mkdir()
    done = race("--report", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "give another folder with --report" in done.stderr
    assert (tmp_path / "fanout.db").read_text() == "precious"


def test_two_races_against_a_running_service(tmp_path: Path) -> None:
    """A race into the same folder cleans up first; histories of two races are never judged together."""
    with Serve(tmp_path / "fanout.db", env=UNLIMITED) as serve:
        for folder in ("one", "two"):
            arguments = ("--shifts", "5", "--claimants", "10", "--url", serve.listening(), "--report", folder)
            done = race(*arguments, cwd=tmp_path)
            assert done.returncode == 0, done.stdout + done.stderr
        assert race(*arguments, cwd=tmp_path).returncode == 0
    mixed = fanout("check", "one/history", "two/history", cwd=tmp_path)
    assert (mixed.returncode, mixed.stdout) == (2, "")
    assert "belong to different runs" in mixed.stderr


def test_a_server_that_is_not_there(raced: Path, tmp_path: Path) -> None:
    done = race("--url", "http://127.0.0.1:1", cwd=tmp_path)
    assert done.returncode == 2
    assert "the service at http://127.0.0.1:1 cannot be reached: is it running?" in done.stderr
    asked = fanout("check", "history", "--url", "http://127.0.0.1:1", cwd=raced)
    assert asked.returncode == 2
    assert "cannot read from the service at http://127.0.0.1:1" in asked.stdout
    assert "Traceback" not in done.stderr + asked.stderr


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        (b"[]", 2, "the service no longer answers"),
        (b"<html>Hello</html>", 2, "the service no longer answers"),
        (b"", 2, "the service no longer answers"),
        (b'{"status": "closed"}', 2, "did somebody cancel it?"),
        (b'{"status": "already_claimed"}', 1, "a claim was refused although nobody can have held it"),
        (b'{"status": "claimed", "caregiver_id": "somebody", "shift_id": "x"}', 1, "names another"),
    ],
)
def test_a_server_that_answers_everything_in_the_same_way(
    tmp_path: Path, body: bytes, code: int, told: str
) -> None:
    class Parrot(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = answer

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Parrot) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        done = race("--shifts", "2", "--claimants", "3", "--url", url, cwd=tmp_path)
        server.shutdown()
    assert done.returncode == code, done.stdout + done.stderr
    assert told in done.stdout
    assert "Traceback" not in done.stderr
    assert "mistake of this program" not in done.stderr


def test_a_shift_that_is_canceled_after_the_race(tmp_path: Path) -> None:
    with Serve(tmp_path / "fanout.db", env=UNLIMITED) as serve:
        url = serve.listening()
        assert race("--shifts", "2", "--claimants", "3", "--url", url, cwd=tmp_path).returncode == 0
        shift_id = json.loads((tmp_path / "race" / "report.json").read_text())["run"]
        httpx2.post(f"{url}/shifts/race-{shift_id}-0/cancel").raise_for_status()
        judged = fanout("check", "race/history", "--url", url, cwd=tmp_path)
    assert judged.returncode == 2
    assert "1 shifts were changed by somebody who is not in the history" in judged.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_race_that_is_interrupted_leaves_nothing_running(tmp_path: Path, number: signal.Signals) -> None:
    """The signal reaches the command alone, as from `kill`."""
    command = [FANOUT, "race", "--shifts", "100000", "--claimants", "5"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    ) as racing:  # fmt: skip
        assert racing.stderr is not None
        for line in racing.stderr:
            if line.startswith("storing"):
                racing.send_signal(number)
                break
        said = racing.stderr.read()
        assert racing.wait(PATIENCE_S) == 2
    assert "interrupted" in said
    assert "Traceback" not in said
    with FileLock(tmp_path / "race" / "race.db.lock", timeout=0):
        """Its server has released the database."""


def test_the_mutant_and_a_url_exclude_each_other(tmp_path: Path) -> None:
    done = race("--mutant", "--url", "http://127.0.0.1:1", cwd=tmp_path)
    assert done.returncode == 2
    assert "give it without --url" in done.stderr


def test_a_server_that_stops_in_the_middle(tmp_path: Path) -> None:
    """The verdict is never "sound" if the server is killed during the race."""
    with Serve(tmp_path / "fanout.db", env=UNLIMITED) as serve:
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
    assert "the service is gone" in done[0].stdout
    assert "Traceback" not in done[0].stderr


def test_a_full_disk(tmp_path: Path) -> None:
    """A limit on the size of files causes an `OSError`, as a full disk does."""
    with Serve(tmp_path / "fanout.db", env=UNLIMITED) as serve:
        done = race(
            "--shifts", "50", "--claimants", "20", "--url", serve.listening(), cwd=tmp_path,
            preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)),
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "the history cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def locust(script: str, *args: str, cwd: Path) -> None:
    done = subprocess.run(
        [LOCUST, "-f", ROOT / "loadtests" / script, "--headless", *args],
        cwd=cwd, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=RACE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_race_in_several_processes(tmp_path: Path) -> None:
    with Serve(tmp_path / "fanout.db", env=UNLIMITED) as serve:
        url = serve.listening()
        locust("race.py", "--host", url, "--users", "5", "--spawn-rate", "5", "--shifts", "4",
               "--processes", "2", cwd=tmp_path)  # fmt: skip
        judged = fanout("check", "history", cwd=tmp_path)
    assert judged.returncode == 0, judged.stdout
    assert "20 claims of 4 shifts: 4 won, 16 refused" in judged.stdout
    assert len(list((tmp_path / "history").iterdir())) == 2


@pytest.mark.parametrize("processes", [1, 2])
def test_everything_at_once(tmp_path: Path, processes: int) -> None:
    """Shifts are given back again and again; many texts wait, since nobody gets two within a second."""
    several = ("--processes", "2") if processes > 1 else ()
    with Serve(tmp_path / "fanout.db", env=UNLIMITED) as serve:
        url = serve.listening()
        locust("mixed.py", "--host", url, "--users", "7", "--spawn-rate", "7", "--shifts", "4",
               "--operations", "60", *several, cwd=tmp_path)  # fmt: skip
        judged = fanout("check", "history", "--url", url, "--json", cwd=tmp_path)
    assert len(list((tmp_path / "history").iterdir())) == processes
    for where in ((), ("--database", "fanout.db")):
        verdict = json.loads(fanout("check", "history", "--json", *where, cwd=tmp_path).stdout)
        assert verdict["violations"] == []
        assert all("confirmations have not gone out" in doubt for doubt in verdict["doubts"]), verdict
    assert json.loads(judged.stdout)["violations"] == []
    counts = verdict["counts"]
    assert counts["requests"] >= 7 * 60
    assert min(counts["claimed"], counts["refused"], counts["repeats"], counts["given back"]) > 0


def test_an_address_that_is_none_is_named(raced: Path, tmp_path: Path) -> None:
    asked = fanout("check", "history", "--url", "http://[::1", cwd=raced)
    assert asked.returncode == 2
    assert "doubt: cannot read from the service at http://[::1 " in asked.stdout
    done = race("--shifts", "1", "--claimants", "1", "--url", "http://[::1", cwd=tmp_path)
    assert done.returncode == 2
    assert "Invalid IPv6 URL" in done.stderr
    assert "bug" not in asked.stderr + done.stderr
