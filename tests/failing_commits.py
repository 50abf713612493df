"""A disk that fails at COMMIT, for a store in SQLite."""

import sqlite3
from typing import Any

from service.stores.sqlite.store import SqliteStore


class FailingCommits:
    """Stands before the store's connection. COMMIT raises `error` (such as SQLITE_FULL) until `heal`.

    With `writes` the transaction is in the file all the same, as it is when only the last fsync has failed.
    """

    def __init__(
        self,
        store: SqliteStore,
        error: str,
        *,
        writes: bool = True,
        statements: tuple[str, ...] = ("COMMIT",),
    ) -> None:
        self._store = store
        self._connection = store._writer
        self._error = error
        self._writes = writes
        self._statements = statements
        store._writer = self  # type: ignore[assignment]

    def heal(self) -> None:
        self._store._writer = self._connection

    def execute(self, statement: str, *args: Any) -> sqlite3.Cursor:
        if statement not in self._statements:
            return self._connection.execute(statement, *args)
        if self._writes:
            self._connection.execute(statement)
        error = sqlite3.OperationalError(self._error)
        error.sqlite_errorcode = getattr(sqlite3, self._error)
        raise error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
