"""Backups and lost databases as an operator meets them: the real command, the real signals."""

import json
import resource
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.cli.process import PATIENCE_S, SAMPLE, Serve, fanout

SHIFT = json.loads(SAMPLE.read_text())["shifts"][0]["id"]
CLAIM = {"from": "+15550001", "body": "yes B", "message_id": "m1"}

SLOW = {"FANOUT_SMS_PER_SECOND": "0.001"}


def ask(url: str, body: object | None = None) -> tuple[int, dict[str, Any]]:
    """The answer, whatever its status."""
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def start(serve: Serve) -> str:
    """The URL, once a shift is offered and its first text is out: nothing more is written for a while."""
    url = serve.listening()
    assert ask(f"{url}/shifts/{SHIFT}/fanout", {})[0] == 200
    for _ in range(10_000):
        if "sent" in [event["kind"] for event in ask(f"{url}/shifts/{SHIFT}/events")[1]["events"]]:
            return url
    raise AssertionError("no text goes out")


def test_a_backup_of_a_service_at_work_brings_it_back(tmp_path: Path) -> None:
    database = tmp_path / "fanout.db"
    with Serve(database, "--load", SAMPLE, env=SLOW) as serve:
        url = start(serve)
        assert ask(f"{url}/messages/inbound", CLAIM)[1]["status"] == "claimed"
        done = fanout("backup", "backup.db", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("backed up ")
        assert " entries, the last of " in done.stdout
        assert " UTC, to backup.db (0." in done.stdout
        again = fanout("backup", "backup.db", cwd=tmp_path)
        assert (again.returncode, again.stderr.count("\n")) == (2, 1)
        assert "backup.db exists already" in again.stderr
        assert ask(f"{url}/shifts/{SHIFT}/release", {})[0] == 200
        refused = fanout("restore", "backup.db", "--replace", cwd=tmp_path)
        assert refused.returncode == 2
        assert "in use by another process" in refused.stderr
        serve.end(signal.SIGKILL)
    refused = fanout("restore", "backup.db", cwd=tmp_path)
    assert refused.returncode == 2
    assert "use --replace" in refused.stderr
    done = fanout("restore", "backup.db", "--replace", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    restored, kept = done.stdout.splitlines()
    assert restored.startswith("restored ")
    old = Path(kept.removeprefix("the database that was there is now "))
    assert '"released"' in fanout("export", "--database", old, cwd=tmp_path).stdout
    with Serve(database) as serve:
        assert ask(f"{serve.listening()}/shifts/{SHIFT}")[1]["fanout"]["status"] == "filled"


def lost(serve: Serve) -> str:
    """Why the service ended, which it says in one line, with a code that makes others start it again."""
    assert serve.process.wait(PATIENCE_S) == 1
    serve.end(signal.SIGTERM)
    assert not [line for line in serve.log if "Traceback" in line]
    [line] = [line for line in serve.log if '"store_lost"' in line]
    why: str = json.loads(line)["error"]
    return why


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
def test_an_io_error_at_a_commit_ends_the_service_after_it_has_answered(tmp_path: Path) -> None:
    database = tmp_path / "fanout.db"
    with Serve(database, "--load", SAMPLE, env=SLOW) as serve:
        url = start(serve)
        limit = (tmp_path / "fanout.db-wal").stat().st_size
        resource.prlimit(serve.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        status, answer = ask(f"{url}/messages/inbound", CLAIM)
        assert (status, answer["type"]) == (500, "in-doubt")
        assert "check the disk, and start again" in lost(serve)
    with Serve(database) as serve:
        first = ask(f"{serve.listening()}/messages/inbound", CLAIM)
        assert (first[0], first[1]["status"]) == (200, "claimed")
        assert ask(f"{serve.url}/messages/inbound", CLAIM) == first


def test_a_database_that_is_deleted_under_the_service_ends_it(tmp_path: Path) -> None:
    database = tmp_path / "fanout.db"
    with Serve(database, "--load", SAMPLE, env=SLOW) as serve:
        url = start(serve)
        database.unlink()
        status, answer = ask(f"{url}/messages/inbound", CLAIM)
        assert (status, "nothing was changed" in answer["detail"]) == (503, True)
        assert "fanout.db was deleted or replaced" in lost(serve)
    done = fanout("serve", "--port", "0", cwd=tmp_path)
    assert done.returncode == 2
    assert "restore a backup" in done.stderr
