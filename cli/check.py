"""`fanout check`: judges the history of a race, and what the store says after it."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
from pydantic import ValidationError

from cli.errors import UserError
from core.events import Entry
from core.invariants import violations
from loadtests.check.checker import StoreState, Verdict, check
from loadtests.check.history import History, HistoryError, read
from loadtests.check.remote import StoreUnreadable, read_store
from service.stores.sqlite.readers import Readers
from service.stores.sqlite.schema import DatabaseUnusable

PAGE = 10_000


def run(files: Sequence[Path], database: Path | None, url: str | None, as_json: bool) -> int:
    """Prints the verdict; its exit code."""
    if database is not None and url is not None:
        raise UserError("give --database or --url, not both")
    try:
        history = read(files)
    except HistoryError as error:
        raise UserError(str(error)) from None
    verdict = judge(history, database, url)
    if as_json:
        click.echo(json.dumps(verdict.as_dict()))
    else:
        show(verdict, compared=database is not None or url is not None)
    return verdict.exit_code


def judge(history: History, database: Path | None, url: str | None) -> Verdict:
    """The verdict on a history, with what the store says if it can be asked."""
    shift_ids = sorted({operation.shift for operation in history.operations})
    try:
        store = None
        if database is not None:
            store = read_database(database, shift_ids)
        elif url is not None:
            store = read_store(url, shift_ids)
    except StoreUnreadable as error:
        verdict = check(history)
        verdict.doubts.insert(0, str(error))
        return verdict
    return check(history, store)


def read_database(path: Path, shift_ids: Sequence[str]) -> StoreState:
    """What a database says of the shifts. Raises `StoreUnreadable`."""
    if not path.exists():
        raise StoreUnreadable(f"there is no database {path}")
    journals: dict[str, list[Entry]] = {shift_id: [] for shift_id in shift_ids}
    everything: list[Entry] = []
    try:
        with closing(Readers(path)) as reader:
            more = True
            while more:  # until nothing has come between the journal and the views
                while page := reader.events(everything[-1].seq if everything else 0, PAGE):
                    everything += page
                views = [reader.shift(shift_id) for shift_id in shift_ids]
                more = bool(reader.events(everything[-1].seq if everything else 0, 1))
    except (DatabaseUnusable, sqlite3.Error, ValidationError) as error:
        raise StoreUnreadable(f"the database {path} cannot be read: {error}") from None
    for entry in everything:
        if entry.shift_id in journals:
            journals[entry.shift_id].append(entry)
    holders = {view.shift.id: view.fanout.holder for view in views if view is not None}
    return StoreState(holders, journals, violations(everything))


def show(verdict: Verdict, compared: bool) -> None:
    counts = verdict.counts
    where = "the answers, the store and its journal" if compared else "the answers"
    meaning = {
        "sound": f"{where} can be those of a correct service"
        + ("" if compared else "; give --database or --url to compare the store too"),
        "violation": "no correct service can have answered so",
        "inconclusive": "nothing can be concluded",
    }[verdict.word]
    click.echo(f"{verdict.word}: {meaning}")
    click.echo(
        f"{counts['claims answered']:,} claims of {counts['shifts']:,} shifts: {counts['claimed']:,} won, "
        f"{counts['refused']:,} refused, {counts['unknown']:,} unknown; {counts['operations']:,} requests, "
        f"{counts['repeats']:,} of them repeats; {counts['given back']:,} shifts could be given back"
    )
    for sentence in verdict.violations:
        click.echo(f"  violation: {sentence}")
    for sentence in verdict.doubts:
        click.echo(f"  doubt: {sentence}")
