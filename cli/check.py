"""`fanout check`: judges the history of a race or of mixed.py, and what the store says after it."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
from pydantic import ValidationError

from cli.errors import UserError
from core.ports import StoreError
from loadtests.check.checker import Verdict, check
from loadtests.check.history import History, HistoryError, read
from loadtests.check.remote import read_service
from loadtests.check.store import StoreState, StoreUnreadable, read_all
from service.stores.sqlite.readers import Readers


def run(files: Sequence[Path], database: Path | None, url: str | None, as_json: bool) -> int:
    """Prints the verdict and returns its exit code."""
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
    """The verdict on a history, compared with the store if one is given and can be read."""
    shift_ids = sorted({request.shift for request in history.requests})
    try:
        store = None
        if database is not None:
            store = read_database(database, shift_ids)
        elif url is not None:
            store = read_service(url, shift_ids)
    except StoreUnreadable as error:
        verdict = check(history)
        verdict.doubts.insert(0, str(error))
        return verdict
    return check(history, store)


def read_database(path: Path, shift_ids: Sequence[str]) -> StoreState:
    """What a database says about the shifts. Raises `StoreUnreadable`."""
    if not path.exists():
        raise StoreUnreadable(f"there is no database {path}")
    try:
        with closing(Readers(path)) as readers:
            return read_all(readers, shift_ids)
    except (StoreError, ValidationError) as error:
        raise StoreUnreadable(f"the database {path} cannot be read: {error}") from None


def show(verdict: Verdict, compared: bool) -> None:
    """Prints the verdict. `compared`: with what the store says."""
    counts = verdict.counts
    where = "the answers, the store and its journal" if compared else "the answers"
    meaning = {
        "sound": f"{where} are consistent with a correct service"
        + ("" if compared else "; give --database or --url to compare the store too"),
        "violation": "a correct service cannot have behaved like this",
        "inconclusive": "nothing can be concluded",
    }[verdict.word]
    click.echo(f"{verdict.word}: {meaning}")
    click.echo(
        f"{counts['claims answered']:,} claims of {counts['shifts']:,} shifts: {counts['claimed']:,} won, "
        f"{counts['refused']:,} refused, {counts['unknown']:,} unknown; {counts['requests']:,} requests, "
        f"{counts['repeats']:,} of them repeats; {counts['given back']:,} shifts possibly given back"
    )
    for sentence in verdict.violations:
        click.echo(f"  violation: {sentence}")
    for sentence in verdict.doubts:
        click.echo(f"  doubt: {sentence}")
