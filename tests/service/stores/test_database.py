"""The file: whose it is, what is refused, and that nothing promised can be lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.commands import StartFanout
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


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert "no such folder" in refusal(tmp_path / "typo" / "fixture.db")
    assert not (tmp_path / "typo").exists()


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
    assert "cannot open" in refusal(folder)
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
