"""Files in and out: loading shifts and caregivers, exporting the journal."""

import sqlite3
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from pydantic import ValidationError

from cli.errors import UserError
from core.commands import Load, Refused
from core.desk import decide
from core.gather import gather
from core.model import LoadFile
from core.ports import InDoubt, StoreError
from service.clock import SystemClock
from service.mistakes import explain
from service.stores.queries import ServiceStore
from service.stores.sqlite.readers import open_read_only, read_events
from service.stores.sqlite.schema import DatabaseUnusable
from service.stores.sqlite.store import SqliteStore

PAGE = 10_000


def read_file(path: Path) -> LoadFile:
    """The shifts and caregivers in a file. Raises `UserError`, which names the first wrong entry."""
    try:
        return LoadFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from None
    except ValidationError as error:
        raise UserError(f"{path}: {explain(error)}") from None


def open_store(database: Path) -> SqliteStore:
    """The database, owned by this process. Raises `UserError` if it cannot be opened."""
    try:
        return SqliteStore(database)
    except DatabaseUnusable as error:
        raise UserError(str(error)) from None


def load(store: ServiceStore, path: Path, file: LoadFile) -> None:
    """Stores the whole file, or none of it."""
    command = Load(file)
    now_ms = SystemClock().now_ms()
    try:
        changes = decide([command], gather(store, [command], now_ms))
        store.commit(changes)
    except InDoubt as error:
        raise UserError(f"nobody knows whether {path} was stored: {error}; load it again") from None
    except StoreError as error:
        raise UserError(f"cannot store {path}: {error}; nothing was stored") from None
    if isinstance(changes.results[0], Refused):
        raise UserError(f"{path}: {changes.results[0].detail}")


def load_into(database: Path, path: Path) -> tuple[int, int]:
    """Loads a file into a database; returns how many caregivers and shifts it held."""
    file = read_file(path)
    with closing(open_store(database)) as store:
        load(store, path, file)
    return len(file.caregivers), len(file.shifts)


def _files_of(database: Path) -> list[Path]:
    """The files that make up a database."""
    files = [database.with_name(f"{database.name}{suffix}") for suffix in ("", "-wal", "-shm", ".lock")]
    return [file for file in files if file.exists()]


def export_journal(database: Path, out: Path | None) -> None:
    """Writes the journal to `out` or standard output; the service may be running meanwhile."""
    if not database.exists():
        raise UserError(f"there is no database {database}; name one with --database")
    if out is not None and out.exists() and any(out.samefile(file) for file in _files_of(database)):
        raise UserError(f"{out} is the database itself; name another file with --out")
    try:
        reader = open_read_only(database)
    except DatabaseUnusable as error:
        raise UserError(str(error)) from None
    with ExitStack() as stack:
        stack.enter_context(closing(reader))
        try:
            target = stack.enter_context(out.open("w", encoding="utf-8")) if out else sys.stdout
            after = 0
            while entries := read_events(reader, after, PAGE):
                target.writelines(f"{entry.line()}\n" for entry in entries)
                after = entries[-1].seq
            target.flush()
        except BrokenPipeError:
            raise  # nobody reads the output any more
        except OSError as error:
            raise UserError(f"cannot write {out or 'the journal'}: {error.strerror}") from None
        except sqlite3.Error as error:
            raise UserError(f"cannot read the database {database}: {error}") from None
