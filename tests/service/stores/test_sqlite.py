"""The store in a file keeps the contract of all stores."""

from itertools import count
from pathlib import Path

import pytest

from service.stores.sqlite.store import SqliteStore
from tests.store_contract import NewStore, StoreContract


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def new_store(self, tmp_path: Path) -> NewStore:
        numbers = count()
        return lambda: SqliteStore(tmp_path / f"{next(numbers)}.db")


class TestForgetfulSqliteStore(TestSqliteStore):
    """Half of what is remembered is forgotten before every batch, and comes from the file again."""

    @pytest.fixture(autouse=True)
    def memory_is_short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.stores.sqlite.memory._MOST_REMEMBERED", -1)
