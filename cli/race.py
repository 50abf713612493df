"""`fanout race`: a server, a race, the verdict and the report."""

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

import loadtests
from cli.check import judge, show
from cli.errors import UserError
from loadtests.check.history import HistoryError, read
from loadtests.check.remote import StoreUnreadable, outbox_depth
from loadtests.report import write
from loadtests.servers import Failed, service, serving

RACE = Path(loadtests.__file__).with_name("race.py")
MARK = "/fanout: "  # of the log lines that are for the person who waits
STOP_TIMEOUT_S = 10
SPAWNED_PER_SECOND = 1_000
OTHER_FILES = 200
OUTBOX_TIMEOUT_S, LOOK_EVERY_S, TELL_EVERY_S = 120.0, 0.25, 5.0
# The crews' texts, hundreds a second, must not wait for the pace of one telephone number.
PACE = {"FANOUT_SMS_PER_SECOND": "1000000"}
LOG = "locust.log"  # also the sign that the folder is a race's
OURS = ("history/race-*.jsonl", "race.db*", "server.log", LOG, "report.json", "report.html", "race.png")


def run(shifts: int, claimants: int, url: str | None, folder: Path, mutant: bool) -> int:
    """Races, judges and reports; the exit code: 0 sound, 1 violation, 2 inconclusive."""
    if url is not None and mutant:
        raise UserError("--mutant is a server of its own; give it without --url")
    allow_connections(claimants)
    for number in (signal.SIGTERM, signal.SIGHUP):  # whatever was started is stopped then too
        signal.signal(number, signal.default_int_handler)
    try:
        clear(folder)
    except OSError as error:
        raise UserError(f"cannot write to {folder}: {error.strerror}") from None
    try:
        with server(url, folder, mutant) as (at, database):
            try:
                trouble = race(at, shifts, claimants, folder)
            except OSError as error:
                raise UserError(f"cannot write to {folder}: {error.strerror}") from None
            if not (mutant or trouble):
                await_confirmations(at)
        return conclude(folder, url, database, mutant, trouble)
    except KeyboardInterrupt:
        raise UserError(f"interrupted; what was recorded until then is in {folder / 'history'}") from None


def allow_connections(claimants: int) -> None:
    """Each claimant has a connection, and each end of it is an open file of Locust or of the server."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = claimants + OTHER_FILES
    if hard != resource.RLIM_INFINITY and needed > hard:
        raise UserError(
            f"{claimants:,} claimants need {needed:,} open files and this system allows {hard:,}: raise it "
            "(ulimit -n) or give fewer --claimants"
        )
    if soft != resource.RLIM_INFINITY and needed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def clear(folder: Path) -> None:
    """Removes what an earlier race left, and nothing else. Raises `UserError` if others' files are there."""
    if folder.exists() and any(folder.iterdir()) and not (folder / LOG).exists():
        raise UserError(f"{folder} holds files that are not of a race; give another folder with --report")
    (folder / "history").mkdir(parents=True, exist_ok=True)
    for pattern in OURS:
        for path in folder.glob(pattern):
            path.unlink()
    (folder / LOG).touch()


@contextmanager
def server(url: str | None, folder: Path, mutant: bool) -> Iterator[tuple[str, Path | None]]:
    """The server's URL, and its database if there is one; its own server ends with the block."""
    database = folder / "race.db"
    if url is not None:
        yield url, None
        return
    command = [sys.executable, "-m", "loadtests.peers.mutant"] if mutant else service(database.absolute())
    try:
        with serving(command, folder, settings=PACE) as running:
            yield running.url, None if mutant else database
    except Failed as error:
        raise UserError(str(error)) from None


def race(url: str, shifts: int, claimants: int, folder: Path) -> list[str]:
    """Runs Locust to its end; what it complained of."""
    history = folder / "history"
    command = [
        sys.executable, "-m", "locust", "-f", str(RACE), "--headless", "--only-summary", "--host", url,
        "--users", str(claimants), "--spawn-rate", str(min(claimants, SPAWNED_PER_SECOND)),
        "--shifts", str(shifts), "--history", str(history), "--stop-timeout", str(STOP_TIMEOUT_S),
    ]  # fmt: skip
    complaints: list[str] = []
    with (
        (folder / LOG).open("w", buffering=1) as log,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as locust,
    ):
        assert locust.stdout is not None
        try:
            for line in locust.stdout:
                log.write(line)
                head, mark, said = line.rstrip().partition(MARK)
                if mark and head.endswith("ERROR"):
                    complaints.append(said)
                elif mark:
                    click.echo(said, err=True)
        finally:
            locust.terminate()  # nothing happens if it has ended; else it stops its users first
            try:
                locust.wait(3 * STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                locust.kill()
    if not complaints and locust.returncode not in (0, 1):  # 1: some requests had no answer
        complaints.append(f"Locust ended with {locust.returncode}: see {folder / LOG}")
    return complaints


def await_confirmations(url: str) -> None:
    """Waits until all texts have gone out, but not for ever: the checker misses those that have not."""
    begun = told = time.monotonic()
    try:
        while (depth := outbox_depth(url)) and time.monotonic() < begun + OUTBOX_TIMEOUT_S:
            if time.monotonic() > told + TELL_EVERY_S:
                told = time.monotonic()
                click.echo(f"{depth:,.0f} texts to go", err=True)
            time.sleep(LOOK_EVERY_S)
    except StoreUnreadable:
        return  # the checker will say so too


def conclude(folder: Path, url: str | None, database: Path | None, mutant: bool, trouble: list[str]) -> int:
    """The verdict, told and written."""
    try:
        history = read([folder / "history"])
    except HistoryError as error:
        unknown = f"{error}; see {folder / LOG}"
        raise UserError("; ".join(trouble) or unknown) from None
    verdict = judge(history, database, url)
    verdict.doubts = [*trouble, *verdict.doubts]
    show(verdict, compared=not mutant)
    subject = "the broken server of the positive control" if mutant else url or "fanout serve on this machine"
    try:
        files = write(folder, subject, history, verdict)
    except OSError as error:
        click.echo(f"Error: the report cannot be written: {error.strerror}", err=True)
        return verdict.exit_code or 2
    click.echo(f"report: {files[-1]}")
    return verdict.exit_code
