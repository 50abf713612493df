"""`fanout race`: starts a server, runs a race, judges it and writes the report."""

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
from loadtests.check.remote import outbox_depth
from loadtests.check.store import StoreUnreadable
from loadtests.report import write
from loadtests.servers import Failed, service, serving

RACE = Path(loadtests.__file__).with_name("race.py")
MARK = "/fanout: "  # marks the log lines that the user should see
STOP_TIMEOUT_S = 10
SPAWNED_PER_SECOND = 1_000
OTHER_FILES = 200
OUTBOX_TIMEOUT_S, POLL_EVERY_S, PROGRESS_EVERY_S = 120.0, 0.25, 5.0
# The crews get hundreds of texts a second, far above the rate of one phone number.
NO_SMS_LIMIT = {"FANOUT_SMS_PER_SECOND": "1000000"}
LOG = "locust.log"  # its presence also marks the folder as one of ours
OURS = ("history/race-*.jsonl", "race.db*", "server.log", LOG, "report.json", "report.html", "race.png")


def run(shifts: int, claimants: int, url: str | None, folder: Path, mutant: bool) -> int:
    """Races, judges and reports. Returns the exit code: 0 sound, 1 violation, 2 inconclusive."""
    if url is not None and mutant:
        raise UserError("--mutant starts a server of its own; give it without --url")
    allow_connections(claimants)
    for number in (signal.SIGTERM, signal.SIGHUP):  # so that they, too, stop what was started
        signal.signal(number, signal.default_int_handler)
    try:
        clear(folder)
    except OSError as error:
        raise UserError(f"cannot write to {folder}: {error.strerror}") from None
    try:
        with server(url, folder, mutant) as (at, database):
            try:
                errors = race(at, shifts, claimants, folder)
            except OSError as error:
                raise UserError(f"cannot write to {folder}: {error.strerror}") from None
            if not (mutant or errors):
                await_confirmations(at)
        return conclude(folder, url, database, mutant, errors)
    except KeyboardInterrupt:
        raise UserError(f"interrupted; what was recorded so far is in {folder / 'history'}") from None


def allow_connections(claimants: int) -> None:
    """Raises the limit of open files: each claimant's connection is one in Locust and one in the server."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = claimants + OTHER_FILES
    if hard != resource.RLIM_INFINITY and needed > hard:
        raise UserError(
            f"{claimants:,} claimants need {needed:,} open files and this system allows {hard:,}: raise the "
            "limit (ulimit -n) or give fewer --claimants"
        )
    if soft != resource.RLIM_INFINITY and needed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def clear(folder: Path) -> None:
    """Removes what an earlier race left. Raises `UserError` if the folder contains anything else."""
    if folder.exists() and any(folder.iterdir()) and not (folder / LOG).exists():
        raise UserError(
            f"{folder} contains files that are not from a race; give another folder with --report"
        )
    (folder / "history").mkdir(parents=True, exist_ok=True)
    for pattern in OURS:
        for path in folder.glob(pattern):
            path.unlink()
    (folder / LOG).touch()


@contextmanager
def server(url: str | None, folder: Path, mutant: bool) -> Iterator[tuple[str, Path | None]]:
    """The URL of the server, and its database if known. A server started here stops with the block."""
    database = folder / "race.db"
    if url is not None:
        yield url, None
        return
    command = [sys.executable, "-m", "loadtests.peers.mutant"] if mutant else service(database.absolute())
    try:
        with serving(command, folder, settings=NO_SMS_LIMIT) as running:
            yield running.url, None if mutant else database
    except Failed as error:
        raise UserError(str(error)) from None


def race(url: str, shifts: int, claimants: int, folder: Path) -> list[str]:
    """Runs Locust to its end and returns the errors that it logged."""
    history = folder / "history"
    command = [
        sys.executable, "-m", "locust", "-f", str(RACE), "--headless", "--only-summary", "--host", url,
        "--users", str(claimants), "--spawn-rate", str(min(claimants, SPAWNED_PER_SECOND)),
        "--shifts", str(shifts), "--history", str(history), "--stop-timeout", str(STOP_TIMEOUT_S),
    ]  # fmt: skip
    errors: list[str] = []
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
                head, mark, sentence = line.rstrip().partition(MARK)
                if mark and head.endswith("ERROR"):
                    errors.append(sentence)
                elif mark:
                    click.echo(sentence, err=True)
        finally:
            locust.terminate()  # has no effect if it has ended; otherwise it stops its users first
            try:
                locust.wait(3 * STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                locust.kill()
    if not errors and locust.returncode not in (0, 1):  # 1: some requests were not answered
        errors.append(f"Locust exited with {locust.returncode}: see {folder / LOG}")
    return errors


def await_confirmations(url: str) -> None:
    """Waits until all texts have gone out, up to a limit: the checker looks for the confirmations."""
    begun = reported = time.monotonic()
    try:
        while (depth := outbox_depth(url)) and time.monotonic() < begun + OUTBOX_TIMEOUT_S:
            if time.monotonic() > reported + PROGRESS_EVERY_S:
                reported = time.monotonic()
                click.echo(f"{depth:,.0f} texts left to send", err=True)
            time.sleep(POLL_EVERY_S)
    except StoreUnreadable:
        return  # the checker will report it


def conclude(folder: Path, url: str | None, database: Path | None, mutant: bool, errors: list[str]) -> int:
    """Prints the verdict and writes the report."""
    try:
        history = read([folder / "history"])
    except HistoryError as error:
        raise UserError("; ".join(errors) or f"{error}; see {folder / LOG}") from None
    verdict = judge(history, database, url)
    verdict.doubts = [*errors, *verdict.doubts]
    show(verdict, compared=not mutant)
    local = "the mutant, which gives a shift to several" if mutant else "fanout serve on this machine"
    try:
        files = write(folder, url or local, history, verdict)
    except OSError as error:
        click.echo(f"Error: the report cannot be written: {error.strerror}", err=True)
        return verdict.exit_code or 2
    click.echo(f"report: {files[-1]}")
    return verdict.exit_code
