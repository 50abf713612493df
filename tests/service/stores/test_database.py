"""The file: whose it is, what is refused, and that nothing promised can be lost."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.commands import StartFanout
from core.ports import ReadSet, Unavailable
from service.stores.sqlite.readers import open_read_only, read_events
from service.stores.sqlite.schema import SCHEMA_VERSION, DatabaseUnusable
from service.stores.sqlite.store import SqliteStore
from tests.core.agency import Agency


def refusal(path: Path) -> str:
    """Why the file is not opened, in one sentence."""
    with pytest.raises(DatabaseUnusable) as refused:
        SqliteStore(path)
    said = str(refused.value)
    assert str(path) in said
    assert "\n" not in said
    return said


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may read, unlike `tmp_path`."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        Path(name).chmod(0o755)


@contextmanager
def nobody() -> Iterator[None]:
    """Acts as somebody whom permissions bind: root becomes nobody."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_a_second_opener_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    path = tmp_path / "fixture.db"
    with closing(SqliteStore(path)):
        assert "in use by another process" in refusal(path)
        assert "in use by another process" in refusal(path)
    SqliteStore(path).close()


def test_another_name_of_the_file_is_no_way_around_its_owner(tmp_path: Path) -> None:
    path, link = tmp_path / "fixture.db", tmp_path / "link.db"
    with closing(SqliteStore(path)):
        link.symlink_to(path)
        assert "in use by another process" in refusal(link)


def test_a_file_with_two_names_is_refused_under_both(tmp_path: Path) -> None:
    path, link = tmp_path / "fixture.db", tmp_path / "link.db"
    with closing(SqliteStore(path)) as store:
        agency = Agency(store)
        link.hardlink_to(path)
        assert "hard link" in refusal(link)
        agency.do(StartFanout("mon"))  # the owner goes on
    assert "hard link" in refusal(path)
    link.unlink()
    SqliteStore(path).close()


@pytest.mark.parametrize("end", ["", "-wal", "-shm", ".lock"])
@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_promised_once_a_file_is_gone(end: str, replaced: bool, tmp_path: Path) -> None:
    path = tmp_path / "fixture.db"
    victim = path.with_name(f"fixture.db{end}")
    with closing(SqliteStore(path)) as store:
        agency = Agency(store)
        agency.do(StartFanout("mon"))
        before = agency.journal()
        copy = victim.read_bytes()
        victim.unlink()
        if replaced:
            victim.write_bytes(copy)
        with pytest.raises(Unavailable, match=rf"{victim.name} was deleted or replaced") as refused:
            agency.do(StartFanout("late"))
        assert refused.value.final
        for ask in (lambda: store.read(ReadSet(), 0), lambda: store.shift("mon")):
            with pytest.raises(Unavailable, match="deleted or replaced"):
                ask()
    if end:  # what was promised is in the database
        with closing(SqliteStore(path)) as store:
            assert [entry.line() for entry in store.events(0, 100)] == before


def test_nothing_is_promised_once_the_name_leads_elsewhere(tmp_path: Path) -> None:
    link, path, other = tmp_path / "link.db", tmp_path / "fixture.db", tmp_path / "other.db"
    SqliteStore(other).close()
    link.symlink_to(path)
    with closing(SqliteStore(link)) as store:
        agency = Agency(store)
        link.unlink()
        link.symlink_to(other)
        with pytest.raises(Unavailable, match=r"link.db was deleted or replaced"):
            agency.do(StartFanout("mon"))


def test_a_log_without_its_database_is_not_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "fixture.db"
    with closing(SqliteStore(path)):
        path.rename(tmp_path / "elsewhere.db")
    for _ in range(2):
        assert "fixture.db-wal is still there" in refusal(path)
        assert not path.exists()
    (tmp_path / "elsewhere.db").rename(path)
    SqliteStore(path).close()


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert "no such folder" in refusal(tmp_path / "typo" / "fixture.db")
    assert not (tmp_path / "typo").exists()


def test_a_place_that_cannot_be_written_is_not_said_to_be_in_use(folder: Path) -> None:
    path = folder / "fixture.db"
    (folder / "lock.db.lock").mkdir()
    assert "directory" in refusal(folder / "lock.db")
    SqliteStore(path).close()
    for file in (path, path.with_name("fixture.db.lock")):
        file.chmod(0o444)
    folder.chmod(0o555)
    with nobody():
        assert "Permission denied" in refusal(folder / "new.db")
        assert "Permission denied" in refusal(path)
    folder.chmod(0o777)
    path.with_name("fixture.db.lock").unlink()
    with nobody():
        assert "may not read and write it" in refusal(path)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_folder_that_takes_no_files_is_not_said_to_be_in_use() -> None:
    assert "no file can be made in its folder" in refusal(Path("/proc/fixture.db"))


def test_a_copy_in_a_folder_that_cannot_be_written_is_read_all_the_same(folder: Path) -> None:
    path, live = folder / "fixture.db", folder / "live.db"
    with closing(SqliteStore(path)) as store:
        agency = Agency(store)
        agency.do(StartFanout("mon"))
        for end in ("", "-wal"):
            live.with_name(f"live.db{end}").write_bytes(path.with_name(f"fixture.db{end}").read_bytes())
    folder.chmod(0o555)
    with nobody():
        with closing(open_read_only(path)) as reader:
            assert [entry.line() for entry in read_events(reader, 0, 100)] == agency.journal() != []
        with pytest.raises(DatabaseUnusable, match=r"its log \(live.db-wal\).* copy both files"):
            open_read_only(live)
        with pytest.raises(DatabaseUnusable, match="it is a folder"):
            open_read_only(folder)
    live.chmod(0o000)
    with nobody(), pytest.raises(DatabaseUnusable, match="this user may not read it"):
        open_read_only(live)
    live.chmod(0o644)
    folder.chmod(0o755)
    with closing(open_read_only(live)) as reader:
        assert [entry.line() for entry in read_events(reader, 0, 100)] == agency.journal()


def test_a_refused_file_is_let_go_of(tmp_path: Path) -> None:
    path = tmp_path / "fixture.db"
    path.write_text("not a database, but long enough to be taken for one" * 20)
    for _ in range(2):
        assert "in use" not in refusal(path)
    path.unlink()
    SqliteStore(path).close()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fixture.db"
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    said = refusal(path)
    assert f"schema version {SCHEMA_VERSION + 1}" in said
    assert "newer program" in said
    assert path.read_bytes() == before


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "fixture.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE songs (name TEXT)")
    before = path.read_bytes()
    assert "another program" in refusal(path)
    assert path.read_bytes() == before


def test_a_version_number_alone_does_not_make_it_ours(tmp_path: Path) -> None:
    path = tmp_path / "fixture.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE songs (name TEXT)")
        file.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    assert "another program" in refusal(path)


def test_what_is_no_file_to_write_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "it is a folder" in refusal(folder)
    text = tmp_path / "notes.txt"
    text.write_text("To do: " * 200)
    assert "cannot open" in refusal(text)
    assert text.read_text() == "To do: " * 200


def test_readers_see_what_is_committed_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "fixture.db"
    with closing(SqliteStore(path)) as store:
        agency = Agency(store)
        with closing(open_read_only(path)) as reader:
            assert read_events(reader, 0, 10) == []
            agency.do(StartFanout("mon"))
            assert read_events(reader, 0, 10) == store.events(0, 10) != []
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader.execute("DELETE FROM events")
    with pytest.raises(DatabaseUnusable):
        open_read_only(tmp_path / "none.db")


def test_no_crash_loses_what_was_promised(tmp_path: Path) -> None:
    """The pragmas that SQLite asks for if a commit is to outlast a power cut."""
    path = tmp_path / "fixture.db"
    with closing(SqliteStore(path)) as store:
        writer = store._writer
        assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert writer.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert writer.isolation_level is None
        Agency(store).do(StartFanout("mon"))
        assert not writer.in_transaction
        # The file as a power cut would leave it: it opens, with everything in it.
        for part in ("", "-wal"):
            (tmp_path / f"cut.db{part}").write_bytes((tmp_path / f"fixture.db{part}").read_bytes())
        with closing(SqliteStore(tmp_path / "cut.db")) as cut:
            assert cut.events(0, 100) == store.events(0, 100) != []
            assert cut._writer.execute("PRAGMA integrity_check").fetchone() == ("ok",)
