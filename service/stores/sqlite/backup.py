"""Copies of a database that are whole: verified, durable, and never halfway under their name."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from service.stores.sqlite.faults import PRIMARY_CODE
from service.stores.sqlite.ownership import BESIDE, own
from service.stores.sqlite.readers import open_read_only
from service.stores.sqlite.schema import DatabaseUnusable


class Contents(NamedTuple):
    """What a copy must have in common with its original. `last_ms`: the time of the last entry."""

    version: int
    entries: int
    last_seq: int | None
    last_ms: int | None


def back_up(database: Path, file: Path) -> Contents:
    """Writes what `database` holds to the new file `file`, while its owner goes on.

    Raises `DatabaseUnusable`, and then there is no such file.
    """
    real, target = database.resolve(), file.resolve()
    if not real.exists():
        raise DatabaseUnusable(f"there is no database {database}; name one with --database")
    if target in {Path(f"{real}{end}") for end in ("", ".lock", "-journal", *BESIDE)}:
        raise DatabaseUnusable(f"{file} belongs to the database itself; name another file")
    _refuse_existing(file)
    with _errors(database, file), _temporary(target) as temporary:
        contents = _copy(database, temporary)
        _refuse_existing(file)
        _rename(temporary, target)
    return contents


def restore(file: Path, database: Path, *, replace: bool = False) -> tuple[Contents, Path | None]:
    """Makes the database what `file` holds. With `replace` there may be one already: it is kept.

    Returns under which name, too. Raises `DatabaseUnusable`, and then the database is as it was.
    """
    if not file.exists():
        raise DatabaseUnusable(f"there is no file {file}")
    real = database.resolve()
    if file.resolve() == real:
        raise DatabaseUnusable(f"{file} is the database itself; name a backup")
    lock = own(database)
    try:
        if real.exists() and not replace:
            raise DatabaseUnusable(
                f"there is a database {database} already: use --replace, which keeps it under another name, "
                "or name another with --database"
            )
        with _errors(file, database), _temporary(real) as temporary:
            contents = _copy(file, temporary)
            kept = _set_aside(real, temporary)
            _rename(temporary, real)
    finally:
        lock.release()
    return contents, kept


def _refuse_existing(file: Path) -> None:
    if os.path.lexists(file):
        raise DatabaseUnusable(f"{file} exists already; name a new file")


@contextmanager
def _errors(source: Path, target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorcode & PRIMARY_CODE in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DatabaseUnusable(f"{source} is damaged, and was not copied: {error}") from None
        raise DatabaseUnusable(f"cannot copy {source} to {target}: {error}") from None
    except OSError as error:
        raise DatabaseUnusable(f"cannot copy {source} to {target}: {error.strerror}") from None


@contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """A new empty file beside `target`, which is gone at the end, unless it has been renamed."""
    temporary = target.with_name(f"{target.name}.{os.getpid()}.partial")
    temporary.open("xb").close()
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> Contents:
    """Copies a database, log and all, as it is at one moment, into one file, and reads that again."""
    with closing(open_read_only(source)) as reader:
        reader.execute("BEGIN")
        contents = _contents(reader)
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # `_rename` sees to it, once
            # In one step: with several, every write of the owner in between would start it anew.
            reader.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")
    with closing(open_read_only(target)) as written:
        for (said,) in written.execute("PRAGMA integrity_check(1)"):
            if said != "ok":
                raise DatabaseUnusable(f"{source} is damaged, and was not copied: {said}")
        if _contents(written) != contents:
            raise DatabaseUnusable(f"the copy of {source} is not the same, and was not kept; try again")
    return contents


def _contents(connection: sqlite3.Connection) -> Contents:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    entries, last_seq = connection.execute("SELECT count(*), max(seq) FROM events").fetchone()
    last = connection.execute("SELECT at_ms FROM events WHERE seq = ?", (last_seq,)).fetchone()
    return Contents(version, entries, last_seq, last[0] if last else None)


def _set_aside(real: Path, successor: Path) -> Path | None:
    """Gives the present database, with its log, a name with the time.

    A log that stayed would be taken for that of the next database. Meanwhile the file has two names, so that
    nobody opens it without its log.
    """
    kept = real.with_name(f"{real.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    exists = real.exists()
    if exists:
        _refuse_existing(kept)
        shutil.copymode(real, successor)
        try:
            os.link(real, kept)
        except OSError:  # not on every file system
            os.rename(real, kept)
    for end in (*BESIDE, "-journal"):
        with suppress(FileNotFoundError):
            os.rename(f"{real}{end}", f"{kept}{end}")
    return kept if exists else None


def _rename(temporary: Path, target: Path) -> None:
    """Durably."""
    _sync(temporary, os.O_RDWR)
    os.replace(temporary, target)
    with suppress(PermissionError):  # where a folder cannot be opened
        _sync(target.parent, os.O_RDONLY)


def _sync(path: Path, mode: int) -> None:
    number = os.open(path, mode)
    try:
        os.fsync(number)
    finally:
        os.close(number)
