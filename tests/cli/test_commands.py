"""The commands as people use them: what they say, what they return, what they leave behind."""

import json
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import cli
from core.events import SendFailed, SendStarted, Sent
from core.invariants import violations
from tests.cli.process import (
    FANOUT,
    PATIENCE_S,
    ROOT,
    SAMPLE,
    UNLIMITED,
    Serve,
    entries,
    environment,
    fanout,
    invoke,
    sentence,
)

Json = dict[str, Any]
Run = Callable[..., subprocess.CompletedProcess[str]]
SHIFT = json.loads(SAMPLE.read_text())["shifts"][0]
RN = {"id": "1", "name": "Alice", "role": "RN", "phone": "+15550001"}


def post(url: str, body: Json | None = None) -> Json:
    request = urllib.request.Request(url, b"" if body is None else json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        found: Json = json.loads(answer.read())
    return found


def get(url: str) -> Json:
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        found: Json = json.loads(answer.read())
    return found


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    """A database with the sample in it."""
    database = tmp_path / "fanout.db"
    done = fanout("load", SAMPLE, "--database", database, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "loaded 44 caregivers and 8 shifts\n"), done
    return database


# --- help ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], ["serve"], ["load"], ["export"], ["demo"], ["backup"], ["restore"]])
def test_help_says_what_there_is(command: list[str]) -> None:
    done = CliRunner().invoke(cli, [*command, "--help"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage:")


def test_help_imports_neither_the_service_nor_the_core() -> None:
    script = (
        "import sys; from cli.main import cli; cli(['serve', '--help'], standalone_mode=False);"
        "sys.exit(any(name.split('.')[0] in ('core', 'service', 'pydantic') for name in sys.modules))"
    )
    python = [FANOUT.parent / "python", "-c", script]
    done = subprocess.run(python, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=PATIENCE_S)
    assert done.returncode == 0


def test_unknown_command_is_refused(tmp_path: Path) -> None:
    done = fanout("serv", cwd=tmp_path)
    assert done.returncode == 2
    assert "No such command 'serv'" in done.stderr


def test_version(tmp_path: Path) -> None:
    done = fanout("--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("fanout, version ")


# --- load ------------------------------------------------------------------------------------------

BAD_FILES: dict[str, tuple[object, ...]] = {
    "same caregiver id": (
        {"caregivers": [RN, {**RN, "phone": "+15550002"}]},
        "caregivers[1]",
        "caregivers[0]",
    ),
    "same phone": ({"caregivers": [RN, {**RN, "id": "2"}]}, "caregivers[1]", "phone", "caregivers[0]"),
    "same shift id": ({"shifts": [SHIFT, SHIFT]}, "shifts[1]", "shifts[0]", SHIFT["id"]),
    "bad phone": ({"caregivers": [RN, {**RN, "id": "2", "phone": "555-0100"}]}, "caregivers[1].phone"),
    "naive time": ({"shifts": [{**SHIFT, "start_time": "2036-03-03T08:00:00"}]}, "shifts[0].start_time"),
    "ends at once": ({"shifts": [{**SHIFT, "end_time": SHIFT["start_time"]}]}, "shifts[0]", "end_time"),
    "unknown field": ({"caregivers": [{**RN, "colour": "red"}]}, "caregivers[0].colour"),
    "no name": ({"caregivers": [{"id": "1", "role": "RN", "phone": "+15550001"}]}, "caregivers[0].name"),
    "no time zone": ({"shifts": [{**SHIFT, "timezone": "Mars/Base"}]}, "shifts[0].timezone", "Mars/Base"),
    "no object": ([RN],),
}


@pytest.mark.parametrize(
    ("run", "wrong"), [(fanout, "same caregiver id"), *((invoke, wrong) for wrong in BAD_FILES)]
)
def test_load_names_the_entry_that_is_wrong_and_stores_nothing(run: Run, wrong: str, tmp_path: Path) -> None:
    body, *parts = BAD_FILES[wrong]
    (tmp_path / "bad.json").write_text(json.dumps(body))
    sentence(run("load", "bad.json", cwd=tmp_path), "bad.json", *map(str, parts))
    assert [path.name for path in tmp_path.iterdir()] == ["bad.json"]


NO_JSON = ("{", "", "\xff", "[" * 10_000, '{"shifts": [}')


@pytest.mark.parametrize(("run", "text"), [(fanout, "{"), *((invoke, text) for text in NO_JSON)])
def test_load_refuses_what_is_no_json(run: Run, text: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(text, encoding="latin-1")
    sentence(run("load", "bad.json", cwd=tmp_path), "bad.json")


def test_load_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    sentence(fanout("load", "nope.json", cwd=tmp_path), "nope.json", "No such file")


def test_load_of_a_directory(tmp_path: Path) -> None:
    done = fanout("load", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "is a directory" in done.stderr


def test_load_is_all_or_nothing_also_against_what_is_stored(tmp_path: Path, loaded: Path) -> None:
    taken = json.loads(SAMPLE.read_text())["caregivers"][0]
    new = [{**RN, "id": "new", "phone": "+15559999"}, {**RN, "id": "other", "phone": taken["phone"]}]
    (tmp_path / "more.json").write_text(json.dumps({"caregivers": new}))
    sentence(fanout("load", "more.json", cwd=tmp_path), "more.json", "caregivers[1]", taken["id"])
    with Serve(loaded) as serve:
        people = {caregiver["id"] for caregiver in get(f"{serve.listening()}/caregivers")["caregivers"]}
    assert taken["id"] in people
    assert not people & {"new", "other"}


def test_load_again_changes_nothing(tmp_path: Path, loaded: Path) -> None:
    done = fanout("load", SAMPLE, cwd=tmp_path, env={"FANOUT_DATABASE": str(loaded)})
    assert (done.returncode, done.stdout) == (0, "loaded 44 caregivers and 8 shifts\n")


def test_serve_loads_its_file_first(tmp_path: Path) -> None:
    with Serve(tmp_path / "fanout.db", "--load", SAMPLE) as serve:
        assert len(get(f"{serve.listening()}/shifts")["shifts"]) == 8


def test_serve_does_not_start_with_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(json.dumps({"caregivers": [RN, RN]}))
    sentence(fanout("serve", "--port", "0", "--load", "bad.json", cwd=tmp_path), "bad.json", "caregivers[1]")


# --- databases -------------------------------------------------------------------------------------


def commands(database: Path) -> Iterator[list[str | Path]]:
    yield ["serve", "--port", "0", "--database", database]
    yield ["load", SAMPLE, "--database", database]
    yield ["export", "--database", database]
    yield ["backup", "copy.db", "--database", database]


def test_what_is_no_database_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "letter.txt"
    database.write_text("Dear Sir or Madam, this is not a database." * 50)
    before = database.read_bytes()
    for command in commands(database):
        sentence(fanout(*command, cwd=tmp_path), "letter.txt", "not a database")
    assert database.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "theirs.db"
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    for command in commands(database):
        sentence(fanout(*command, cwd=tmp_path), "theirs.db", "another program")


def test_a_newer_schema_is_refused(tmp_path: Path, loaded: Path) -> None:
    connection = sqlite3.connect(loaded)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for command in commands(loaded):
        sentence(fanout(*command, cwd=tmp_path), "fanout.db", "99", "newer")


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command in commands(tmp_path / "file" / "fanout.db"):
        sentence(fanout(*command, cwd=tmp_path), "fanout.db")


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    for command in commands(tmp_path):
        done = fanout(*command, cwd=tmp_path)
        assert done.returncode == 2
        assert "is a directory" in done.stderr


def test_a_database_has_one_owner(tmp_path: Path, loaded: Path) -> None:
    with Serve(loaded) as serve:
        serve.listening()
        for command in list(commands(loaded))[:2]:
            sentence(fanout(*command, cwd=tmp_path), "fanout.db", "in use by another process")


def test_a_killed_owner_leaves_the_database_to_the_next(loaded: Path) -> None:
    with Serve(loaded) as serve:
        serve.listening()
        serve.end(signal.SIGKILL)
    with Serve(loaded) as serve:
        assert get(f"{serve.listening()}/health") == {"status": "ok"}


# --- serve -----------------------------------------------------------------------------------------


def test_a_port_in_use(tmp_path: Path, loaded: Path) -> None:
    with Serve(loaded) as serve:
        port = str(serve.port)
        done = fanout("serve", "--port", port, "--database", "other.db", cwd=tmp_path)
        sentence(done, port, "in use")
        done = fanout("serve", "--database", "other.db", cwd=tmp_path, env={"FANOUT_PORT": port})
        sentence(done, port, "in use")
        sentence(fanout("demo", "--speed", "0", "--serve", port, cwd=tmp_path), port, "in use")


def test_without_a_key_it_listens_on_loopback_only(tmp_path: Path) -> None:
    sentence(fanout("serve", "--port", "0", "--host", "0.0.0.0", cwd=tmp_path), "0.0.0.0", "FANOUT_API_KEYS")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(number: signal.Signals, loaded: Path) -> None:
    """Sends under way are finished and marked, the log of the database is put away, and the code is 0."""
    witness = loaded.with_name("witness")
    with witness.open("wb") as out, Serve(loaded, env=UNLIMITED, out=out) as serve:
        for shift in json.loads(SAMPLE.read_text())["shifts"]:
            post(f"{serve.listening()}/shifts/{shift['id']}/fanout")
        assert serve.end(number) == 0
        assert serve.errors() == []
    wal = loaded.with_name("fanout.db-wal")
    assert not wal.exists() or not wal.stat().st_size
    journal = entries(fanout("export", cwd=loaded.parent).stdout)
    assert violations(journal) == []
    events = [entry.event for entry in journal]
    begun = {event.key for event in events if isinstance(event, SendStarted)}
    assert begun == {event.key for event in events if isinstance(event, Sent | SendFailed)}
    assert begun == {json.loads(line)["key"] for line in witness.read_text().splitlines()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_stopped_as_soon_as_it_says_that_it_listens(number: signal.Signals, loaded: Path) -> None:
    with Serve(loaded) as serve:
        serve.listening()
        assert serve.end(number) == 0
        assert serve.errors() == []


def test_a_stop_ends_streams(loaded: Path) -> None:
    """Who follows the journal does not keep the service from stopping."""
    with Serve(loaded) as serve:
        post(f"{serve.listening()}/shifts/{SHIFT['id']}/fanout")
        with urllib.request.urlopen(f"{serve.url}/events", timeout=PATIENCE_S) as stream:
            assert stream.readline()
            assert serve.end(signal.SIGTERM) == 0
        assert serve.errors() == []


# The same command with a carrier that takes the first text and never returns, and the others once it is told
# to stop.
STUCK = """
from threading import Event
from anyio.to_thread import run_sync
from cli.main import main
from service import server

never, stopping = Event(), Event()
waits = [never]
give_up_later = server.give_up_later
server.LAST_SENDS_S = 3
server.give_up_later = lambda: (stopping.set(), give_up_later())

class Stuck:
    async def send(self, outgoing):
        print(outgoing.key, flush=True)
        await run_sync((waits.pop() if waits else stopping).wait)

    async def listen(self, submit): ...

server.ConsoleCarrier = Stuck
main()
"""


def test_a_carrier_that_never_returns_does_not_keep_the_service_from_stopping(loaded: Path) -> None:
    """What ends in time is marked, and the log says that something did not."""
    witness = loaded.with_name("witness")
    with (
        witness.open("wb") as out,
        Serve(loaded, env=UNLIMITED, out=out, command=(sys.executable, "-c", STUCK)) as serve,
    ):
        asked = post(f"{serve.listening()}/shifts/{SHIFT['id']}/fanout")["contacted"]
        while len(witness.read_text().splitlines()) < len(asked):
            assert serve.process.poll() is None
        assert serve.end(signal.SIGTERM) == 1
        assert [json.loads(line)["event"] for line in serve.errors()] == ["stop_gave_up"]
    never, *in_time = witness.read_text().splitlines()
    marked = [
        entry.event.key
        for entry in entries(fanout("export", cwd=loaded.parent).stdout)
        if isinstance(entry.event, Sent | SendFailed)
    ]
    assert never not in marked
    assert sorted(marked) == sorted(in_time)
    assert len(in_time) > 5


# --- settings --------------------------------------------------------------------------------------


def test_the_environment_sets_what_flags_do_not(tmp_path: Path) -> None:
    """Flags win: `Serve` gives --port 0 and a database, and the environment others."""
    env = {"FANOUT_PORT": "1", "FANOUT_DATABASE": "other.db", "FANOUT_API_KEYS": '["a-long-key"]'}
    with Serve(tmp_path / "fanout.db", env=env) as serve:
        assert serve.port > 1
        with pytest.raises(urllib.error.HTTPError, match="401"):
            get(f"{serve.url}/shifts")
        asked = urllib.request.Request(f"{serve.url}/shifts", headers={"Authorization": "Bearer a-long-key"})
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            assert answer.status == 200
    assert not (tmp_path / "other.db").exists()


def test_the_database_comes_from_the_environment(tmp_path: Path, loaded: Path) -> None:
    loaded.rename(tmp_path / "other.db")
    assert fanout("export", cwd=tmp_path, env={"FANOUT_DATABASE": "other.db"}).returncode == 0
    sentence(fanout("export", cwd=tmp_path), "fanout.db")


@pytest.mark.parametrize(
    ("run", "name", "value"),
    [
        (fanout, "FANOUT_API_KEYS", "secret-without-brackets"),
        (invoke, "FANOUT_PORT", "http"),
        (invoke, "FANOUT_PORT", "70000"),
        (invoke, "FANOUT_CARRIER", "pigeon"),
        (invoke, "FANOUT_API_KEYS", "secret-without-brackets"),
        (invoke, "FANOUT_API_KEYS", '["short"]'),
        (invoke, "FANOUT_TIMEZONE", "Mars/Olympus"),
        (invoke, "FANOUT_SMS_PER_SECOND", "0"),
        (invoke, "FANOUT_CALLS_PER_SECOND", "nan"),
        (invoke, "FANOUT_LOG_LEVEL", "loud"),
        (invoke, "FANOUT_MAX_CONNECTIONS", "0"),
        (invoke, "FANOUT_MAX_STREAMS", "many"),
    ],
)
def test_bad_settings_are_named_and_keys_not_shown(
    run: Run, name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.serve.run", lambda *given: pytest.fail("it started"))
    done = run("serve", cwd=tmp_path, env={name: value})
    sentence(done, name)
    assert "secret" not in done.stderr
    assert "short" not in done.stderr
    assert list(tmp_path.iterdir()) == []


# --- export ----------------------------------------------------------------------------------------


def test_export_while_the_service_runs_round_trips_and_has_no_phone(tmp_path: Path, loaded: Path) -> None:
    phones = [caregiver["phone"] for caregiver in json.loads(SAMPLE.read_text())["caregivers"]]
    with Serve(loaded, env=UNLIMITED) as serve:
        asked = post(f"{serve.listening()}/shifts/{SHIFT['id']}/fanout")["contacted"]
        by_id = {who["id"]: who["phone"] for who in get(f"{serve.url}/caregivers")["caregivers"]}
        body = {"from": by_id[asked[0]], "body": "yes", "shift_id": SHIFT["id"]}
        assert post(f"{serve.url}/messages/inbound", body)["status"] == "claimed"
        running = fanout("export", cwd=tmp_path)
        served = get(f"{serve.url}/shifts/{SHIFT['id']}/events")["events"]
        assert serve.end(signal.SIGTERM) == 0
    assert (running.returncode, running.stderr) == (0, "")
    assert "claimed" in [entry.event.kind for entry in entries(running.stdout)]
    stopped = fanout("export", cwd=tmp_path)
    assert stopped.stdout.startswith(running.stdout)
    assert [json.loads(line) for line in stopped.stdout.splitlines()][: len(served)] == served
    assert "".join(f"{entry.line()}\n" for entry in entries(stopped.stdout)) == stopped.stdout
    assert violations(entries(stopped.stdout)) == []
    assert not [phone for phone in phones if phone in stopped.stdout]
    done = fanout("export", "--out", "journal.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "journal.jsonl").read_text() == stopped.stdout


@pytest.mark.parametrize("reader", ["head -1", "true"])
@pytest.mark.parametrize("command", ["export", "demo --speed 0"])
def test_a_reader_that_goes_away_is_no_error(command: str, reader: str, tmp_path: Path, loaded: Path) -> None:
    if command == "export":
        with Serve(loaded) as serve:
            for shift in json.loads(SAMPLE.read_text())["shifts"]:
                post(f"{serve.listening()}/shifts/{shift['id']}/fanout")
    pipe = f"'{FANOUT}' {command} | {reader}"
    done = subprocess.run(
        pipe, shell=True, cwd=tmp_path, env=environment(), capture_output=True, timeout=PATIENCE_S
    )
    assert done.stderr == b""


@pytest.mark.parametrize("command", ["export", "demo"])
def test_an_output_that_takes_nothing_is_one_sentence(command: str, tmp_path: Path, loaded: Path) -> None:
    with Serve(loaded) as serve:
        post(f"{serve.listening()}/shifts/{SHIFT['id']}/fanout")
    flags = ["--speed", "0"] if command == "demo" else []
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [FANOUT, command, *flags], cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE,
            text=True, timeout=PATIENCE_S,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("Error: cannot write")
    assert done.stderr.count("\n") == 1


def test_export_of_nothing(tmp_path: Path, loaded: Path) -> None:
    done = fanout("export", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    sentence(fanout("export", "--database", "nope.db", cwd=tmp_path), "nope.db")
    assert not (tmp_path / "nope.db").exists()
    (tmp_path / "empty.db").touch()
    sentence(fanout("export", "--database", "empty.db", cwd=tmp_path), "empty.db")


def test_export_does_not_write_over_the_database(tmp_path: Path, loaded: Path) -> None:
    before = loaded.read_bytes()
    sentence(fanout("export", "--out", loaded.name, cwd=tmp_path), "is the database itself")
    assert loaded.read_bytes() == before


def test_export_to_where_nothing_can_be_written(tmp_path: Path, loaded: Path) -> None:
    sentence(fanout("export", "--out", "nowhere/journal.jsonl", cwd=tmp_path), "nowhere/journal.jsonl")
