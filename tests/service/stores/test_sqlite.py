"""The store in a file keeps the contract of all stores, and what it was told when it is opened again."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from core.commands import Inbound, InboundResult, StartFanout
from core.ports import Changes, Keys
from service.stores.sqlite.schema import DatabaseUnusable
from service.stores.sqlite.store import REMEMBERED_MS, SqliteStore
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
        monkeypatch.setattr("service.stores.sqlite.store._MOST_REMEMBERED", -1)


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
    assert {view.shift.id: view.fanout.holder for view in store.list_shifts("", 9)}["late"] is not None
    store.close()


def test_one_process_owns_the_file(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "fanout.db")
    with pytest.raises(DatabaseUnusable, match="in use by another process"):
        SqliteStore(tmp_path / "fanout.db")
    store.close()
    SqliteStore(tmp_path / "fanout.db").close()


def remembered(agency: Agency, *message_ids: str) -> set[str]:
    return set(agency.store.snapshot(Keys(messages=set(message_ids)), agency.now_ms).inbox)


def test_answers_are_remembered_for_a_week_and_not_for_ever(tmp_path: Path) -> None:
    """Whatever was answered in the last week is known, also to the next process; the file does not grow."""
    store = SqliteStore(tmp_path / "fanout.db")
    agency = Agency(store)
    agency.do(Inbound(PHONES[1], "hello", None, "first"))
    agency.now_ms += REMEMBERED_MS
    agency.do(Inbound(PHONES[1], "hello", None, "second"))
    agency.now_ms += 1
    agency.do(Inbound(PHONES[1], "hello", None, "third"))
    assert remembered(agency, "first", "second", "third") == {"first", "second", "third"}
    store.close()
    with closing(SqliteStore(tmp_path / "fanout.db")) as reopened:
        agency.store = reopened
        agency.now_ms += REMEMBERED_MS + 1
        agency.do(Inbound(PHONES[1], "hello", None, "fourth"))
        assert remembered(agency, "first", "second", "third", "fourth") == {"third", "fourth"}


def test_a_change_of_inboxes_that_fails_changes_nothing(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "fanout.db")) as store:
        agency = Agency(store)
        agency.do(Inbound(PHONES[1], "hello", None, "first"))
        agency.now_ms += REMEMBERED_MS + 1
        entries = agency.journal()
        result = InboundResult("help", None, "ann", None)
        changes = Changes(inbox={"second": result, "third": object()})  # type: ignore[dict-item]
        store.snapshot(Keys(), agency.now_ms)
        with pytest.raises(ValueError, match="serialize"):
            store.commit(changes)
        assert (remembered(agency, "first", "second"), agency.journal()) == ({"first"}, entries)
        agency.do(Inbound(PHONES[1], "hello", None, "second"))
        assert remembered(agency, "first", "second") == {"first", "second"}


# What makes a file of this version one of the second, and that one of the first.
TO_SECOND = """
    DROP INDEX messages_shift; DROP TABLE messages; ALTER TABLE offers DROP COLUMN helped_ms;
    ALTER TABLE caregivers DROP COLUMN told_ms; ALTER TABLE caregivers DROP COLUMN asked_ms;
    UPDATE fanouts SET answers = (
        SELECT json_group_object(key, iif(value > 0, 'accept', 'decline')) FROM json_each(answers)
    ); PRAGMA user_version = 2;
"""
TO_FIRST = """
    DROP TABLE inbox_before; ALTER TABLE inbox DROP COLUMN at_ms; PRAGMA user_version = 1;
"""


@pytest.mark.parametrize("earlier", [TO_SECOND, TO_SECOND + TO_FIRST], ids=["second", "first"])
def test_a_file_of_an_earlier_version_is_taken_over(tmp_path: Path, earlier: str) -> None:
    path = tmp_path / "fanout.db"
    store = SqliteStore(path)
    agency = Agency(store)
    agency.do(StartFanout("mon"), StartFanout("thu"))
    agency.do(Inbound(PHONES[0], "no", "mon"), Inbound(PHONES[1], "yes", "mon", "m1"))
    before = everything(store)
    store.close()
    with closing(sqlite3.connect(path)) as file:
        file.executescript(earlier)
    with closing(SqliteStore(path)) as store:
        assert everything(store) == before
        agency.store = store
        agency.do(Inbound(PHONES[1], "hello", None, "m2"), Inbound(PHONES[2], "where?", "thu"))
        assert remembered(agency, "m1", "m2") == {"m1", "m2"}
        view = store.shift("thu")
        assert view is not None
        assert [message.text for message in view.messages] == ["hello", "where?"]
