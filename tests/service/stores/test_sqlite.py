"""The store in a file keeps the contract of all stores, and what it was told when it is opened again."""

import resource
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from core.commands import InboundResult
from core.events import Claimed, Replied
from core.ports import (
    Attention,
    Changes,
    Conflict,
    InDoubt,
    Person,
    ReadSet,
    RosterEntry,
    Store,
    Unavailable,
)
from core.sends import Owner
from service.stores.sqlite.memory import Memory
from service.stores.sqlite.store import SqliteStore
from service.stores.sqlite.writing import REMEMBERED_MS
from tests.core.agency import HOUR, MINUTE, shift
from tests.failing_commits import FailingCommits
from tests.store_contract import (
    NOW,
    NewStore,
    StoreContract,
    StoreDriver,
    due,
    everything,
    leased,
    waiting,
)


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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fanout.db"


def test_what_was_committed_is_there_after_a_restart(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        driver.give("mon", "ann")
        driver.start("late", "ben", "cat")
        driver.send(leased(waiting("b", to="ben"), NOW - 5), waiting("c", to="cat"), waiting("ann"))
        driver.write(attention=[Attention(NOW, "unknown", "where?", "mon", "ann")])
        before = everything(store)
    with closing(SqliteStore(path)) as store:
        assert everything(store) == before


def test_who_rests_and_rests_on_after_a_restart(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        driver.send(
            leased(waiting("1", to="ann"), NOW - 2 * HOUR).ended("sent"),
            leased(waiting("2", to="ben"), NOW - MINUTE).ended("sent"),
            leased(waiting("3", "voice", to="ann"), NOW - HOUR).ended("sent"),
        )
    with closing(SqliteStore(path)) as store:
        store.read(ReadSet(), NOW)
        again = [waiting("4", to="ann"), waiting("5", to="ben"), waiting("6", "voice", to="ann")]
        store.commit(Changes(sends={send.key: send for send in again}))
        found = store.read(ReadSet(due=due(rest_ms=5 * MINUTE)), NOW)
        assert [send.key for send in found.due] == ["4", "6"]
        assert found.resting_ms == {"sms": NOW - MINUTE}
        assert found.started_ms == {"sms": NOW - MINUTE, "voice": NOW - HOUR}


def test_each_life_has_its_own_epoch(path: Path) -> None:
    for epoch in (1, 2, 3):
        with closing(SqliteStore(path)) as store:
            assert store.owner == Owner("local", epoch)


def test_a_shift_that_somebody_else_has_written_is_read_again(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        driver.start("mon", "ann")
        store._writer.execute("UPDATE fanouts SET last_seq = last_seq + 1, last_ms = last_ms + 1")
        with pytest.raises(Conflict, match="somebody else"):
            driver.happen("mon", Claimed(NOW, "ann"))
        assert driver.read(shifts={"mon"}).fanouts["mon"].last_ms == NOW + 1
        driver.happen("mon", Claimed(NOW + 1, "ann"))
        assert driver.view("mon").fanout.holder == "ann"


def test_an_entry_that_somebody_else_has_numbered_is_a_conflict(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        store._writer.execute("INSERT INTO events VALUES (1, NULL, NULL, NULL, 0, 'replied', '{}')")
        with pytest.raises(Conflict):
            driver.start("mon", "ann")
        assert driver.read().next_seq == 2
        driver.start("mon", "ann")


def test_a_phone_that_somebody_else_has_given_away_is_a_conflict(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        gus = RosterEntry("gus", "Gus", "RN", "+100077")
        store._writer.execute("UPDATE caregivers SET phone = '+100077' WHERE id = 'ben'")
        with pytest.raises(Conflict):
            driver.write(people={"gus": gus})
        assert driver.read(people={Person("phone", gus.phone)}).phones == {gus.phone: "ben"}


def test_what_was_rolled_back_is_not_remembered(path: Path) -> None:
    """A new shift has a number before the commit fails, and somebody else's has it afterwards."""
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        items = [Attention(NOW, "unknown", "?", "new", "ann")]
        new, bug = shift("new", "RN", 9), {"key": object()}
        with pytest.raises(AttributeError):
            driver.write(shifts={"new": new}, attention=items, sends=bug)
        driver.write(shifts={"other": shift("other", "RN", 9)})
        driver.write(shifts={"new": new}, attention=items)
        assert [len(driver.view(name).attention) for name in ("new", "other")] == [1, 0]


def test_a_full_disk_is_no_doubt(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        before = everything(store)
        (pages,) = store._writer.execute("PRAGMA page_count").fetchone()
        store._writer.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(Unavailable, match="full"):
            driver.send(*(waiting(str(number)) for number in range(200)))
        assert everything(store) == before
        store._writer.execute("PRAGMA max_page_count = 1000000")
        driver.send(waiting("key"))
        assert driver.status("key") == ["waiting"]


def test_a_disk_that_is_full_at_the_commit_is_no_doubt_either(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        commits = FailingCommits(store, "SQLITE_FULL", writes=False)
        with pytest.raises(Unavailable, match="SQLITE_FULL") as refused:
            driver.send(waiting("lost"))
        assert not refused.value.final
        commits.heal()
        driver.send(waiting("key"))
        assert driver.read(sends={"lost", "key"}).sends.keys() == {"key"}


def test_a_disk_that_fails_at_the_commit_leaves_a_doubt_and_nothing_more_is_said(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        StoreDriver(store)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        log_bytes = path.with_name("fanout.db-wal").stat().st_size
        store.read(ReadSet(), NOW)
        resource.setrlimit(resource.RLIMIT_FSIZE, (log_bytes, limits[1]))
        try:
            with pytest.raises(InDoubt) as doubt:
                store.commit(Changes(sends={"lost": waiting("lost")}))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert doubt.value.final
        for ask in (lambda: store.read(ReadSet(), NOW), lambda: store.commit(Changes()), store.outbox_depth):
            with pytest.raises(Unavailable, match="may or may not have been written") as refused:
                ask()
            assert refused.value.final
    with closing(SqliteStore(path)) as store:
        assert StoreDriver(store).read(sends={"lost"}).sends == {}


def test_what_a_failing_disk_has_taken_all_the_same_is_there_for_the_next_process(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        FailingCommits(store, "SQLITE_IOERR_FSYNC")
        with pytest.raises(InDoubt):
            driver.send(waiting("key"))
    with closing(SqliteStore(path)) as store:
        assert store.read(ReadSet(sends={"key"}), NOW).sends.keys() == {"key"}


def test_a_transaction_that_cannot_be_rolled_back_is_the_last_one(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        commits = FailingCommits(store, "SQLITE_FULL", writes=False, statements=("COMMIT", "ROLLBACK"))
        with pytest.raises(InDoubt) as doubt:
            driver.send(waiting("key"))
        assert doubt.value.final
        commits.heal()
        with pytest.raises(Unavailable, match="neither be committed nor rolled back"):
            store.read(ReadSet(), NOW)


def test_an_empty_batch_writes_and_changes_nothing(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        log, before = path.with_name("fanout.db-wal"), everything(store)
        size = log.stat().st_size
        driver.write()
        assert log.stat().st_size > size
        assert everything(store) == before
    SqliteStore(path).close()


def test_a_bug_after_the_commit_leaves_a_doubt_and_the_next_unit_of_work_looks_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise KeyError("mon")

    with closing(SqliteStore(path)) as store:
        driver = StoreDriver(store)
        opted_in = Replied(NOW, "ann", "start", "opted_in")
        first = driver.read().next_seq
        with monkeypatch.context() as patched:
            patched.setattr(Memory, "saw", fail)
            with pytest.raises(InDoubt, match="mon"):
                driver.happen(None, opted_in)
        driver.happen(None, opted_in)
        assert [entry.seq for entry in store.events(first - 1, 10)] == [first, first + 1]


def test_a_file_that_cannot_be_read_is_unavailable(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        StoreDriver(store)
        store._writer.execute("ALTER TABLE outbox RENAME TO elsewhere")
        with pytest.raises(Unavailable):
            store.read(ReadSet(sends={"key"}), NOW)
        with pytest.raises(Unavailable):
            store.outbox_depth()


HELP = InboundResult("help", None, "ann", "Reply YES or NO")


def reply(store: Store, message_id: str, at_ms: int) -> None:
    store.read(ReadSet(), at_ms)
    store.commit(Changes(inbox={message_id: HELP}))


def remembered(store: Store, *keys: str) -> set[str]:
    found = store.read(ReadSet(messages=set(keys)), NOW)
    store.abandon()
    return set(found.inbox)


def test_answers_are_remembered_for_a_week_and_not_for_ever(path: Path) -> None:
    """Whatever was answered in the last week is known, also to the next process; the file does not grow."""
    with closing(SqliteStore(path)) as store:
        reply(store, "first", NOW)
        reply(store, "second", NOW + REMEMBERED_MS)
        reply(store, "third", NOW + REMEMBERED_MS + 1)
        assert remembered(store, "first", "second", "third") == {"first", "second", "third"}
    with closing(SqliteStore(path)) as store:
        reply(store, "fourth", NOW + 2 * REMEMBERED_MS + 2)
        assert remembered(store, "first", "second", "third", "fourth") == {"third", "fourth"}


def test_a_change_of_inboxes_that_fails_changes_nothing(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        later = NOW + REMEMBERED_MS + 1
        reply(store, "first", NOW)
        store.read(ReadSet(), later)
        with pytest.raises(ValueError, match="serialize"):
            store.commit(Changes(inbox={"second": HELP, "third": object()}))  # type: ignore[dict-item]
        assert remembered(store, "first", "second") == {"first"}
        reply(store, "second", later)
        assert remembered(store, "first", "second") == {"first", "second"}
