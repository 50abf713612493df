"""An exported journal is read as it was written; a line that is not an entry is refused and named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.events import Claimed, Entry, FanoutStarted, OffersMade, Replied
from core.model import DEFAULT_POLICY
from sim.calibration.journal import JournalError, read

ENTRIES = [
    Entry(1, "s:1", 1, FanoutStarted(0, "RN", 7_200_000, 36_000_000, DEFAULT_POLICY)),
    Entry(2, "s:1", 2, OffersMade(0, 0, "sms", ("anna", "ben"))),
    Entry(3, None, None, Replied(30_000, "ben", "help", "help")),
    Entry(4, "s:1", 3, Replied(60_000, "anna", "accept", "claimed")),
    Entry(5, "s:1", 4, Claimed(60_000, "anna")),
]
LINES = [entry.line() for entry in ENTRIES]
OLD_SEND = (
    '{"seq":2,"shift_id":"s:1","version":2,"at_ms":0,"kind":"send_started",'
    '"data":{"key":"s:1:1:0:sms:anna","caregiver_id":"anna","channel":"sms","attempt":1}}'
)
"""As version 0.1 wrote it."""


@pytest.fixture
def journal(tmp_path: Path) -> Callable[..., Path]:
    """Writes these lines to a file."""

    def write(*lines: str, end: str = "\n") -> Path:
        path = tmp_path / "journal.jsonl"
        path.write_text("\n".join(lines) + end, encoding="utf-8")
        return path

    return write


def test_entries_come_back_as_they_were_written(journal):
    assert read(journal(*LINES)) == ENTRIES


def test_blank_lines_and_a_missing_last_line_break_do_no_harm(journal):
    assert read(journal(*LINES[:2], "", *LINES[2:], end="")) == ENTRIES


def test_a_send_of_version_0_1_is_read_by_its_key(journal):
    [entry] = read(journal(OLD_SEND))
    assert (entry.event.purpose, entry.event.generation, entry.event.round) == ("offer", 1, 0)


def test_the_place_in_a_wrong_line_is_named(journal):
    with pytest.raises(JournalError, match=r"^line 1 is not a journal entry \(see at_ms\); "):
        read(journal(LINES[0].replace('"at_ms":0', '"at_ms":"noon"')))


def test_a_journal_may_begin_in_the_middle(journal):
    assert read(journal(*LINES[2:])) == ENTRIES[2:]


def test_a_line_that_is_cut_off_is_named_with_what_to_do(journal):
    path = journal(*LINES[:4], LINES[4][:40], end="")
    with pytest.raises(JournalError, match=r"^line 5 is cut off; remove it or write .* again .*export$"):
        read(path)


@pytest.mark.parametrize(
    "wrong",
    [
        "hello",
        "[]",
        "{}",
        '{"seq":2}',
        LINES[1].replace('"kind"', '"sort"'),
        LINES[1].replace("offers_made", "offers_mad"),
        LINES[1].replace('"at_ms":0', '"at_ms":"noon"'),
        LINES[1].replace('"round":0', '"round":"first"'),
        LINES[1].replace('"round":0', '"round":0,"moon":"full"'),
        LINES[1].replace("anna", "\udcff"),
        OLD_SEND.replace("s:1:1:0:sms", "s:1:x:0:sms"),
        OLD_SEND.replace("s:1:1:0:sms", "s:1:1:²:sms"),
    ],
)
def test_a_line_that_is_not_an_entry_is_named_in_one_sentence(wrong, tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text("\n".join([LINES[0], wrong, *LINES[2:]]), encoding="utf-8", errors="surrogateescape")
    with pytest.raises(
        JournalError, match=r"^line 2 is not a journal entry( \(see \S+\))?; write .* again"
    ) as refused:
        read(path)
    assert "\n" not in str(refused.value)


def test_two_journals_in_one_file_are_refused(journal):
    with pytest.raises(JournalError, match=r"^line 6 is out of order: seq 1 follows 5; "):
        read(journal(*LINES, *LINES))


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_journal_is_refused(text, tmp_path):
    (tmp_path / "journal.jsonl").write_text(text)
    with pytest.raises(JournalError, match="the journal is empty"):
        read(tmp_path / "journal.jsonl")
