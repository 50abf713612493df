"""Every benchmark at a small size: it runs, checks its answers and is shown. The figures are not checked."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from loadtests.bench import __main__ as bench
from loadtests.bench import claims, escalations, growth, hot, store
from loadtests.bench.escalations import Stream
from loadtests.bench.load import claims_once, fan_out, load
from loadtests.bench.section import Goal, Section
from loadtests.servers import service, serving

# Deselected by default: they need two cores and wrk. `pytest -m wrk` runs them.
needs_wrk = pytest.mark.wrk
# The quick ones that do not need wrk.
EVERYWHERE = ("checker", "start", "simulation")

SECTION = Section("Hot shift", "What was measured.", ("", "a"), (("one", "1"),), (Goal("Goal: much", False),))


def test_a_section_is_a_table_with_its_goals() -> None:
    assert SECTION.text().splitlines() == [
        "Hot shift", "", "     a", "one  1", "", "Goal: much: not reached.",
    ]  # fmt: skip
    assert SECTION.markdown().splitlines()[4:7] == ["|  | a |", "| --- | ---: |", "| one | 1 |"]


def test_the_page_is_written_as_a_whole(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    bench.write(page, [SECTION, SECTION])
    assert page.read_text().count("## Hot shift") == 2
    assert [file.name for file in tmp_path.iterdir()] == ["performance.md"]


@pytest.mark.parametrize(
    "name",
    [name if name in EVERYWHERE else pytest.param(name, marks=needs_wrk) for name in bench.BENCHMARKS],
)
def test_a_benchmark_runs_at_a_small_size(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("benchmarks need two cores")
    bench.main(["--only", name, "--small"])
    title, *table = capsys.readouterr().out.split("\n\n")[1:]
    assert title
    assert len(table[0].splitlines()) > 2


def test_the_command_refuses_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["--only", "weather"])
    assert "invalid choice: 'weather'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        bench.main(["--only", "checker", "--runs", "0"])
    assert "--runs must be at least 1" in capsys.readouterr().err


def test_entries_of_a_stream_may_be_split_anywhere() -> None:
    stream = Stream(chunks=[(1_000_000, b"id: 1\r\nda"), (2_000_000, b'ta: {"seq": 1}\r\n\r\n: ping\r\n')])
    assert list(stream.entries()) == [(2.0, {"seq": 1})]


def test_losers_of_the_workload_come_after_the_winners() -> None:
    workload = claims.Workload(shifts=100, connections=4)
    won: dict[str, int] = {}
    for index in range(len(workload.message_ids)):
        claim = workload.claim(index)
        if claim.expected == "claimed":
            assert claim.shift_id not in won
            won[claim.shift_id] = index
        else:
            assert index - won[claim.shift_id] >= workload.connections


def entry(kind: str, shift_id: str, at_ms: int, channel: str = "voice") -> bytes:
    data = {"kind": kind, "shift_id": shift_id, "at_ms": at_ms, "data": {"channel": channel}}
    return f"event: {kind}\r\ndata: {json.dumps(data)}\r\n\r\n".encode()


def test_lateness_is_measured_to_the_news_and_to_the_call() -> None:
    stream = Stream(
        chunks=[
            (4_000_000, entry("offers_made", "a", 1) + entry("offers_made", "b", 3)),
            (9_000_000, entry("send_started", "b", 5) + entry("send_started", "a", 7)),
        ]
    )
    found = escalations.lateness(stream, escalations=2, elapsed_s=1.0)
    assert found.news == [3.0, 1.0]
    assert found.calls == [6, 2]
    assert found.news_to_call == [3.0, 1.0]
    assert found.stream == [4.0, 2.0]
    assert (found.all_news_s, found.all_calls_s, found.busiest) == (0.003, 0.006, 2)


def test_a_call_that_began_before_the_news_came_did_not_wait() -> None:
    stream = Stream(chunks=[(9_000_000, entry("offers_made", "a", 1) + entry("send_started", "a", 5))])
    assert escalations.lateness(stream, escalations=1, elapsed_s=1.0).news_to_call == [0]


def test_an_escalation_that_was_not_seen_makes_the_run_invalid() -> None:
    stream = Stream(chunks=[(4_000_000, entry("offers_made", "a", 1) + entry("send_started", "a", 2))])
    with pytest.raises(SystemExit, match="saw 1 escalations and 1 calls of 2"):
        escalations.lateness(stream, escalations=2, elapsed_s=1.0)


def test_there_is_a_floor_for_every_kind_of_work(tmp_path: Path) -> None:
    for kind in store.FLOORS:
        assert store.floor(tmp_path / f"{kind}.db", kind, items=20, group=8)["per_s"] > 0


def test_a_long_past_is_made_of_copies_that_do_not_collide(tmp_path: Path) -> None:
    if shutil.which("taskset") is None:
        pytest.skip("the service is started with taskset")
    agency, core = growth.Agency(contested=3), min(os.sched_getaffinity(0))
    past = growth.make_past(agency, tmp_path, core)
    rows = store.grow(past, tmp_path / "grown.db", copies=9)
    assert rows["shifts"] == rows["fanouts"] == 10 * 3
    with closing(sqlite3.connect(tmp_path / "grown.db")) as grown:
        assert grown.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (confirmations,) = grown.execute("SELECT count(*) FROM outbox WHERE confirms IS NOT NULL").fetchone()
        matching = grown.execute(
            """SELECT count(*) FROM outbox o, json_each(o.confirms) c JOIN events e ON e.seq = c.value
            JOIN shifts s ON s.number = e.shift WHERE s.id = o.shift_id AND e.kind = 'claimed'"""
        ).fetchone()
    assert matching == (confirmations,) == (10 * 3,)


@needs_wrk
def test_unexpected_answers_make_a_run_invalid(tmp_path: Path) -> None:
    data, _, others = hot.prepare(tmp_path, claims=2)
    database = tmp_path / "fanout.db"
    load(data, database)
    cores = sorted(os.sched_getaffinity(0))
    fan_out(database, others, cores[0])
    with (
        serving(service(database), tmp_path, cores[0]) as server,
        pytest.raises(SystemExit, match="instead of"),
    ):
        claims_once(server, tmp_path / "spread.txt", 2, cores[1], {"already_claimed": 2})
