"""The store in one SQLite file: WAL, fully synchronous, owned by one process.

One connection writes; the ledger sees to it that only one thread uses it at a time. Since nobody else
writes, reads need no transaction: `commit` begins one, and finds the fanouts as they were read, or fails.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path

from core.ports import Changes, Found, InDoubt, ReadSet, StoreError
from core.sends import Owner
from service.stores.sqlite import faults, schema
from service.stores.sqlite.memory import Memory
from service.stores.sqlite.ownership import OpenFiles, own, refuse_lost
from service.stores.sqlite.readers import Readers
from service.stores.sqlite.reading import Reading
from service.stores.sqlite.schema import DatabaseUnusable
from service.stores.sqlite.writing import Writing

# The only process that may write to the file.
_REPLICA = "local"
# A checkpoint every 16 MB of log rather than every 4: hot pages are copied back less often.
CHECKPOINT_PAGES = 4_000
_CACHE_KIB = 2_048


class SqliteStore(Readers):
    """A `ServiceStore` in a file. Raises `DatabaseUnusable` if the file is not to be had."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._lock = own(path)
        try:
            refuse_lost(path)
            self._open()
        except BaseException as error:
            self._lock.release()
            if isinstance(error, sqlite3.Error):
                raise DatabaseUnusable(f"cannot open the database {path}: {error}") from None
            raise
        self._doubts_memory = False

    def _open(self) -> None:
        self._writer = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        run = self._writer.execute
        try:
            ours = schema.check_schema(self._path, self._writer)  # before anything is written to the file
            run("PRAGMA journal_mode = WAL")
            run("PRAGMA synchronous = FULL")
            run(f"PRAGMA cache_size = -{_CACHE_KIB}")
            run(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            schema.prepare(self._writer, ours)
            self._owner = self._raise_epoch()
            self._memory = Memory(self._writer)
            self._files = OpenFiles(self._path)
        except BaseException:
            self._writer.close()
            raise

    def _raise_epoch(self) -> Owner:
        """A new name for this life of the process, so that it tells its leases from those of earlier ones."""
        [(epoch,)] = self._writer.execute(schema.RAISE_EPOCH, (_REPLICA,)).fetchall()
        return Owner(_REPLICA, epoch)

    @property
    def owner(self) -> Owner:
        return self._owner

    def close(self) -> None:
        super().close()
        self._writer.close()
        self._lock.release()

    # --- one unit of work ----------------------------------------------------------------------

    def read(self, wanted: ReadSet, now_ms: int) -> Found:
        self._check_lost()
        with faults.reading():
            if self._doubts_memory:
                self._memory = Memory(self._writer)
                self._doubts_memory = False
            self._memory.begin(now_ms)
            return Reading(self._writer, self._memory, now_ms).read(wanted)

    def commit(self, changes: Changes) -> None:
        self._check_lost()
        writing = Writing(self._writer, self._memory)
        try:
            with faults.writing():
                self._writer.execute("BEGIN IMMEDIATE")
                writing.write(changes)
                if not changes.results:
                    self._writer.execute(schema.REWRITE)
                self._files.check()
            with faults.committing():
                self._writer.execute("COMMIT")
            with faults.committed():
                self._memory.saw(changes, writing.newcomers, writing.last)
        except BaseException as error:
            # What was read meanwhile may have been of what is rolled back, or somebody else has written, or
            # not everything that was written was taken over.
            self._doubts_memory = True
            self._roll_back()
            if isinstance(error, StoreError) and error.final:
                self._lost = error
            raise
        finally:
            self._memory.end()

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        if self._writer.in_transaction:
            self._lost = InDoubt("a transaction can neither be committed nor rolled back", final=True)
            raise self._lost

    def abandon(self) -> None:
        self._memory.end()
