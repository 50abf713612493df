"""The store in a file keeps the contract of all stores, and what it was told when it is opened again."""

import sqlite3
from itertools import count
from pathlib import Path

import pytest

from core.commands import Inbound, StartFanout
from service.schema import DatabaseUnusable
from service.sqlite import SqliteStore
from tests.core.agency import PHONES, Agency
from tests.store_contract import NewStore, StoreContract, everything


class TestSqliteStore(StoreContract):
    refuses = sqlite3.IntegrityError

    @pytest.fixture
    def new_store(self, tmp_path: Path) -> NewStore:
        numbers = count()
        return lambda: SqliteStore(tmp_path / f"{next(numbers)}.db")


class TestForgetfulSqliteStore(TestSqliteStore):
    """Half of what is remembered is forgotten before every batch, and comes from the file again."""

    @pytest.fixture(autouse=True)
    def memory_is_short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.sqlite._MOST_REMEMBERED", -1)


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "fanout.db")
    Agency(store).do(StartFanout("mon"), StartFanout("late"), Inbound(PHONES[1], "yes", "mon", "m1"))
    before = everything(store)
    store.close()
    reopened = SqliteStore(tmp_path / "fanout.db")
    assert everything(reopened) == before
    reopened.close()


def test_a_shift_that_somebody_else_has_written_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "fanout.db"
    store = SqliteStore(path)
    agency = Agency(store)
    agency.do(StartFanout("mon"), StartFanout("late"))
    store._writer.execute("UPDATE fanouts SET last_seq = last_seq + 1 WHERE shift = 1")
    with pytest.raises(sqlite3.IntegrityError, match="somebody else"):
        agency.do(Inbound(PHONES[1], "yes", "mon"))
    agency.do(Inbound(PHONES[1], "yes", "late"))
    assert {view.shift.id: view.fanout.holder for view in store.shifts("", 9)}["late"] is not None
    store.close()


def test_one_process_owns_the_file(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "fanout.db")
    with pytest.raises(DatabaseUnusable, match="in use by another process"):
        SqliteStore(tmp_path / "fanout.db")
    store.close()
    SqliteStore(tmp_path / "fanout.db").close()
