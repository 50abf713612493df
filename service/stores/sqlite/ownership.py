"""Whose the database is: one process owns it, and goes on only while its files are those that it opened."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from core.ports import Unavailable
from service.stores.sqlite.schema import DatabaseUnusable

BESIDE = ("-wal", "-shm")
"""How the names of SQLite's own files beside a database end."""


def own(path: Path) -> FileLock:
    """Makes this process the owner, until it releases the lock. Raises `DatabaseUnusable`, which says why."""
    real = path.resolve()
    if not real.parent.is_dir():
        raise DatabaseUnusable(f"cannot open the database {path}: there is no such folder")
    if real.is_dir():
        raise DatabaseUnusable(f"cannot open the database {path}: it is a folder; name a file")
    lock = FileLock(f"{real}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not Path(lock.lock_file).exists():
            raise DatabaseUnusable(
                f"cannot open the database {path}: no file can be made in its folder; name another"
            ) from None
        raise DatabaseUnusable(
            f"the database {path} is in use by another process: stop it, or give another file"
        ) from None
    except OSError as error:
        raise DatabaseUnusable(
            f"cannot open the database {path}: {error.strerror} ({lock.lock_file})"
        ) from None
    try:
        _check(path, real)
    except BaseException:
        lock.release()
        raise
    return lock


def _check(path: Path, real: Path) -> None:
    if not real.exists():
        return
    if not may(real, os.R_OK | os.W_OK):
        raise DatabaseUnusable(f"cannot open the database {path}: this user may not read and write it")
    if real.stat().st_nlink > 1:
        # SQLite keeps one log for each name, and neither knows what is in the other.
        raise DatabaseUnusable(
            f"the database {path} has a second name (a hard link), under which another process could use it: "
            "remove that name, or give a copy of the file"
        )


def may(path: Path, mode: int) -> bool:
    """Whether this user may use the file like that.

    Never found out by opening it: to close a file ends all locks that SQLite has on it in this process.
    """
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def refuse_lost(path: Path) -> None:
    """Raises `DatabaseUnusable` if a log is there without its database: a new one would hide the loss."""
    real = path.resolve()
    log = Path(f"{real}-wal")
    if not real.exists() and log.exists() and log.stat().st_size:
        raise DatabaseUnusable(
            f"the database {path} has been deleted or moved, and its log {log.name} is still there: bring it "
            "back, restore a backup, or delete the log to begin with an empty database"
        )


class OpenFiles:
    """The files of an open database, as they were when it was opened."""

    def __init__(self, path: Path) -> None:
        real = path.resolve()
        # The database by the name that was given: a link may lead elsewhere tomorrow.
        names = (str(path.absolute()), *(f"{real}{end}" for end in (".lock", *BESIDE)))
        self._opened = {name: _identity(name) for name in names}

    def check(self) -> None:
        """Raises `Unavailable`, finally, if somebody has deleted or replaced one: what is written then is
        lost, or another process may write too.
        """
        for name, opened in self._opened.items():
            if _identity(name) != opened:
                raise Unavailable(
                    f"the file {os.path.basename(name)} was deleted or replaced while it was in use, so "
                    "nothing more is written: bring it back or restore a backup, and start again",
                    final=True,
                )


def _identity(name: str) -> tuple[int, int] | None:
    try:
        found = os.stat(name)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
