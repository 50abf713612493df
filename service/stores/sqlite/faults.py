"""What SQLite's errors mean to whoever knows only the port."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from core.ports import Conflict, InDoubt, Unavailable

# What says that our own code is at fault, and not the storage: these go on as they are.
_BUGS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError)
_KNOWN_ROW = (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE)
PRIMARY_CODE = 0xFF
"""What of an error code says the kind."""


@contextmanager
def reading() -> Iterator[None]:
    """Raises `Unavailable` for whatever goes wrong with the file in the block."""
    try:
        yield
    except _BUGS:
        raise
    except (sqlite3.Error, OSError) as error:
        raise Unavailable(f"the database cannot be read: {error}") from error


@contextmanager
def writing() -> Iterator[None]:
    """For what comes before COMMIT: raises `Conflict` if a row that we insert exists already, though it did
    not when we looked, and `Unavailable` if the storage fails.
    """
    try:
        yield
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode in _KNOWN_ROW:
            raise Conflict(f"somebody else has written to the database: {error}") from error
        raise
    except _BUGS:
        raise
    except (sqlite3.Error, OSError) as error:
        raise Unavailable(f"the database cannot be written: {error}") from error


@contextmanager
def committing() -> Iterator[None]:
    """For COMMIT itself: raises `InDoubt` if the transaction may be in the log though SQLite says that it
    is not, and else `Unavailable`.

    After an I/O error it may be: the fsync fails when the last frame has been written. What the log holds is
    known only to whoever opens the file anew, so this is final. A full disk is not: it stops the writing
    before the frame that ends a transaction, which is the last one.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code & PRIMARY_CODE == sqlite3.SQLITE_IOERR:
            raise InDoubt(
                f"the database may or may not have been written: {error}; check the disk, and start again",
                final=True,
            ) from error
        raise Unavailable(f"the database cannot be written: {error}") from error


@contextmanager
def committed() -> Iterator[None]:
    """For what comes after COMMIT: raises `InDoubt` for any bug, since nobody may decide the batch again."""
    try:
        yield
    except Exception as bug:
        raise InDoubt(f"the database was written, and then our own code failed: {bug!r}") from bug
