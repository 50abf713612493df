"""Backups: whole, whatever is written meanwhile; and databases made of them."""

import resource
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from core.commands import StartFanout
from service.language.door import inbound
from service.stores.sqlite.backup import back_up, restore
from service.stores.sqlite.schema import DatabaseUnusable
from service.stores.sqlite.store import SqliteStore
from tests.core.agency import PHONES, Agency


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The database that is backed up, in a folder of its own."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "fanout.db"


def lines(path: Path) -> list[str]:
    """The journal in a database that nobody uses."""
    with closing(SqliteStore(path)) as store:
        return [entry.line() for entry in store.events(0, 10**6)]


def fill(path: Path, *shift_ids: str) -> list[str]:
    """Makes a database with these shifts started; its journal."""
    with closing(SqliteStore(path)) as store:
        agency = Agency(store)
        for shift_id in shift_ids:
            agency.do(StartFanout(shift_id))
        return agency.journal()


def damage(path: Path) -> None:
    """Overwrites a page of an index, which neither opening nor copying looks at."""
    with closing(sqlite3.connect(path)) as connection:
        [(page,)] = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'offers_conversation'"
        )
    content = bytearray(path.read_bytes())
    content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(content)


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


# --- backup ------------------------------------------------------------------------------------


def test_a_backup_holds_what_is_still_in_the_log(path: Path, tmp_path: Path) -> None:
    copied, backed_up = tmp_path / "copied.db", tmp_path / "backup.db"
    with closing(SqliteStore(path)) as store:
        agency = Agency(store)
        agency.do(StartFanout("mon"))
        shutil.copy(path, copied)
        contents = back_up(path, backed_up)
        journal = agency.journal()
    assert contents.entries == contents.last_seq == len(journal) > 0
    assert files(tmp_path) == {"data", "copied.db", "backup.db"}
    assert lines(backed_up) == journal
    with pytest.raises(DatabaseUnusable):  # what `cp` takes of a database in use
        back_up(copied, tmp_path / "second.db")


def test_a_backup_while_others_write_is_one_moment(path: Path, tmp_path: Path) -> None:
    backups = [tmp_path / f"{number}.db" for number in range(5)]
    with closing(SqliteStore(path)) as store:
        agency = Agency(store)
        done = threading.Event()

        def write() -> None:
            while not done.is_set():
                agency.do(inbound(PHONES[0], "STOP"))
                agency.do(inbound(PHONES[0], "START"))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for backup in backups:
                back_up(path, backup)
        finally:
            done.set()
            writer.join()
        journal = agency.journal()
    for backup in backups:
        found = lines(backup)
        assert found == journal[: len(found)]
    assert len(lines(backups[-1])) > len(lines(backups[0]))


def test_a_backup_of_a_database_at_rest_is_one_file(path: Path, tmp_path: Path) -> None:
    journal = fill(path, "mon")
    back_up(path, tmp_path / "backup.db")
    assert files(tmp_path) == {"data", "backup.db"}
    with closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
        assert backup.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert lines(tmp_path / "backup.db") == journal


def test_a_backup_replaces_nothing(path: Path, tmp_path: Path) -> None:
    fill(path)
    letter, link = tmp_path / "letter.txt", tmp_path / "link"
    letter.write_text("Dear Sir or Madam")
    link.symlink_to("nowhere")
    for taken in (letter, link, path):
        with pytest.raises(DatabaseUnusable, match=r"exists already|belongs to the database"):
            back_up(path, taken)
    for part in ("-wal", "-shm", "-journal", ".lock"):
        with pytest.raises(DatabaseUnusable, match="belongs to the database itself"):
            back_up(path, path.with_name(f"fanout.db{part}"))
    assert letter.read_text() == "Dear Sir or Madam"
    assert not link.exists()


def test_a_backup_that_fails_leaves_nothing(path: Path, tmp_path: Path) -> None:
    fill(path, "mon")
    with pytest.raises(DatabaseUnusable, match="there is no database"):
        back_up(tmp_path / "none.db", tmp_path / "backup.db")
    with pytest.raises(DatabaseUnusable, match="No such file or directory"):
        back_up(path, tmp_path / "nowhere" / "backup.db")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))
    try:
        with pytest.raises(DatabaseUnusable, match=r"cannot copy .*fanout.db to .*backup.db: disk I/O error"):
            back_up(path, tmp_path / "backup.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    damage(path)
    with pytest.raises(DatabaseUnusable, match=r"fanout.db is damaged, and was not copied"):
        back_up(path, tmp_path / "backup.db")
    assert files(tmp_path) == {"data"}


# --- restore -----------------------------------------------------------------------------------


def test_a_backup_becomes_the_database(path: Path, tmp_path: Path) -> None:
    journal = fill(path, "mon", "late")
    back_up(path, tmp_path / "backup.db")
    other = tmp_path / "data" / "other.db"
    contents, kept = restore(tmp_path / "backup.db", other)
    assert (contents.entries, kept) == (len(journal), None)
    assert lines(other) == journal
    assert {name for name in files(other.parent) if not name.startswith("fanout.db")} == {
        "other.db",
        "other.db.lock",
    }


def test_a_database_is_replaced_only_on_demand_and_kept(path: Path, tmp_path: Path) -> None:
    earlier = fill(path, "mon")
    back_up(path, tmp_path / "backup.db")
    later = fill(path, "late")
    assert len(later) > len(earlier)
    with pytest.raises(DatabaseUnusable, match="use --replace"):
        restore(tmp_path / "backup.db", path)
    assert lines(path) == later
    _, kept = restore(tmp_path / "backup.db", path, replace=True)
    assert kept is not None
    assert kept.name.startswith("fanout.db.replaced-")
    assert lines(path) == earlier
    assert lines(kept) == later


def test_nothing_is_restored_under_a_service(path: Path, tmp_path: Path) -> None:
    fill(path, "mon")
    back_up(path, tmp_path / "backup.db")
    with closing(SqliteStore(path)) as store:
        before = files(path.parent)
        with pytest.raises(DatabaseUnusable, match="in use by another process"):
            restore(tmp_path / "backup.db", path, replace=True)
        assert files(path.parent) == before
        Agency(store).do(StartFanout("late"))


def test_what_is_no_whole_backup_is_not_restored(path: Path, tmp_path: Path) -> None:
    journal = fill(path, "mon")
    letter, damaged, theirs = tmp_path / "letter.txt", tmp_path / "damaged.db", tmp_path / "theirs.db"
    letter.write_text("Dear Sir or Madam" * 100)
    shutil.copy(path, damaged)
    damage(damaged)
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    before = files(path.parent)
    for file, why in {
        letter: "not a database",
        damaged: "is damaged, and was not copied",
        theirs: "another program",
        tmp_path / "none.db": "there is no file",
        path: "is the database itself",
    }.items():
        with pytest.raises(DatabaseUnusable, match=why):
            restore(file, path, replace=True)
    assert files(path.parent) == before
    assert lines(path) == journal


def test_a_damaged_database_is_replaced_and_kept_with_its_log(path: Path, tmp_path: Path) -> None:
    journal = fill(path, "mon")
    back_up(path, tmp_path / "backup.db")
    path.write_text("no database any more" * 100)
    log = path.with_name("fanout.db-wal")
    log.write_text("nor is this a log")
    _, kept = restore(tmp_path / "backup.db", path, replace=True)
    assert kept is not None
    assert kept.read_text().startswith("no database")
    assert kept.with_name(f"{kept.name}-wal").read_text() == "nor is this a log"
    assert not log.exists()
    assert lines(path) == journal


def test_a_database_that_was_deleted_under_its_service_is_restored(path: Path, tmp_path: Path) -> None:
    journal = fill(path, "mon")
    back_up(path, tmp_path / "backup.db")
    with closing(SqliteStore(path)):
        path.unlink()
    with pytest.raises(DatabaseUnusable, match="restore a backup"):
        SqliteStore(path)
    restore(tmp_path / "backup.db", path)
    assert lines(path) == journal
