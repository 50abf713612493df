"""Files of earlier versions, as their programs wrote them (`old/`), are taken over whole or not at all.

In each two shifts have been offered to four people. Of the three texts that began, one has been sent, one has
failed and one is under way. Then dee declined, ann claimed, and cat was given the shift `late`.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core.commands import Inbound, InboundResult
from core.desk import decide
from core.events import SendStarted
from core.gather import gather
from core.ports import Changes, Person, ReadSet
from core.reply import Answer, Reply
from core.sends import Owner
from service.stores.sqlite.schema import SCHEMA_VERSION, DatabaseUnusable
from service.stores.sqlite.store import SqliteStore
from tests.core.agency import BEGIN_MS, HOUR, SHIFTS
from tests.store_contract import due

OLD = sorted(Path(__file__).with_name("old").glob("*.sql"))
ANN = Person("phone", "+10001")


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file of an earlier version."""
    database = tmp_path / "fanout.db"
    with closing(sqlite3.connect(database)) as file:
        file.executescript(request.param.read_text())
    return database


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns of each table and index."""
    with closing(sqlite3.connect(path)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_schema ORDER BY name")]
        return {
            name: sorted(row[1:4] for row in file.execute(f"PRAGMA table_xinfo({name})"))
            + [row[1:3] for row in file.execute(f"PRAGMA index_info({name})")]
            for name in names
        }


def test_there_is_a_file_of_every_earlier_version() -> None:
    assert [path.stem for path in OLD] == [f"version_{number}" for number in range(1, SCHEMA_VERSION)]


def test_the_tables_become_those_of_a_new_file(path: Path, tmp_path: Path) -> None:
    SqliteStore(path).close()
    SqliteStore(tmp_path / "new.db").close()
    assert tables(path) == tables(tmp_path / "new.db")


def test_shifts_people_and_answers_are_taken_over(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        views = {view.shift.id: view for view in store.list_shifts("", 9)}
        assert [view.shift for view in views.values()] == sorted(SHIFTS, key=lambda shift: shift.id)
        assert {id: view.fanout.holder for id, view in views.items()} == {
            "aide": None, "late": "cat", "mon": "ann", "thu": None,
        }  # fmt: skip
        offers = {offer.caregiver_id: offer for offer in views["mon"].offers}
        assert {person: offer.answer for person, offer in offers.items()} == {
            "dee": "decline", "ann": "accept", "ben": None, "cat": None,
        }  # fmt: skip
        assert offers["ann"].answered_ms == BEGIN_MS + 1_000
        assert [entry.id for entry in store.roster()] == ["dee", "ann", "eve", "ben", "cat", "fay"]
        found = store.read(ReadSet(messages={"+10001/m1"}, holds={ANN}, conversations={ANN}), BEGIN_MS)
        assert found.inbox["+10001/m1"].status == "claimed"
        assert found.holds["ann"].keys() == {"mon"}
        assert found.offers["ann"]["mon"] == offers["ann"]
        started = [entry.event for entry in store.events(0, 99) if isinstance(entry.event, SendStarted)]
        assert {(event.purpose, event.generation, event.round) for event in started} == {("offer", 1, 0)}


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


def test_what_was_offered_counts_until_its_shift_has_ended(path: Path) -> None:
    end_ms = BEGIN_MS + 88 * HOUR
    with closing(SqliteStore(path)) as store:
        offers = store.read(ReadSet(conversations={ANN}), end_ms - 1).offers["ann"]
        assert {shift_id: offer.until_ms for shift_id, offer in offers.items()} == {"thu": end_ms}
        assert store.read(ReadSet(conversations={ANN}), end_ms).offers == {}


def test_an_old_answer_is_that_of_its_own_caregiver_whatever_the_message_was(path: Path) -> None:
    agency = Inbound("+10001", Reply((Answer("stop"),)), "STOP", None, "m1", fingerprint=7)
    other = replace(agency, phone="+10002")
    with closing(SqliteStore(path)) as store:
        changes = decide([agency, other], gather(store, [agency, other], BEGIN_MS + 2_000))
        assert [result.status for result in changes.results if isinstance(result, InboundResult)] == [
            "claimed", "opted_out",
        ]  # fmt: skip
        store.abandon()


def test_who_had_opted_out_keeps_their_number_out_of_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE caregivers SET opted_out = 1 WHERE id = 'ann'")
        file.commit()
    with closing(SqliteStore(path)) as store:
        assert store.read(ReadSet(people={ANN}), BEGIN_MS).opted_out == {"+10001"}


def test_sends_that_wait_say_what_only_their_keys_said(path: Path) -> None:
    told, noticed = ((10,), ()) if version_of(path) < 4 else ((), (14,))
    with closing(SqliteStore(path)) as store:
        found = store.read(ReadSet(due=due(at_ms=BEGIN_MS)), BEGIN_MS + 1_000)
        said = [(send.key, send.purpose, send.generation, send.round, send.confirms) for send in found.due]
        assert said == [
            ("answer/10", "answer", None, None, told),
            ("answer/12", "answer", None, None, (12,)),
            ("notice/15", "notice", None, None, noticed),
            *((f"thu:1:0:sms:{person}", "offer", 1, 0, ()) for person in ("dee", "ann", "ben", "cat")),
        ]
        assert all(send.text for send in found.due)
        ended = store.read(ReadSet(sends={"mon:1:0:sms:dee"}), BEGIN_MS).sends["mon:1:0:sms:dee"]
        assert (ended.status, ended.attempts) == ("sent", 1)


def test_what_was_under_way_is_reclaimed_by_the_first_start(path: Path) -> None:
    life = 0 if version_of(path) < 4 else 1
    with closing(SqliteStore(path)) as store:
        [(key, send)] = store.read(ReadSet(leased_before=store.owner), BEGIN_MS).sends.items()
        assert (key, send.owner, send.attempts) == ("mon:1:0:sms:ben", Owner("local", life), 1)
        store.commit(Changes(sends={key: send.ended("withdrawn")}))
        assert store.read(ReadSet(leased_before=store.owner), BEGIN_MS).sends == {}


def test_an_upgrade_that_fails_changes_nothing(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE opt_outs (in_the_way INTEGER)")
        before = list(file.iterdump())
    with pytest.raises(DatabaseUnusable, match="opt_outs"):
        SqliteStore(path)
    with closing(sqlite3.connect(path)) as file:
        assert list(file.iterdump()) == before
        assert file.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION
        file.execute("DROP TABLE opt_outs")
    SqliteStore(path).close()
