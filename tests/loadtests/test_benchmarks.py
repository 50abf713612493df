"""The benchmarks on small sizes: that they run, check their answers and are shown. No figure is looked at."""

import json
import os
from pathlib import Path

import pytest

from loadtests.bench import __main__ as bench
from loadtests.bench import claims as bench_claims
from loadtests.bench import escalations as bench_escalations
from loadtests.bench import fanout as bench_fanout
from loadtests.bench import growth as bench_growth
from loadtests.bench import hot as bench_hot
from loadtests.bench import store as store_bench
from loadtests.bench.escalations import Stream
from loadtests.bench.load import claims_once, fan_out, load
from loadtests.bench.part import Goal, Part
from loadtests.servers import service, serving

# Not among the tests that run anywhere: they need wrk and two cores. `pytest -m wrk` runs them.
needs_wrk = pytest.mark.wrk

PART = Part("Hot shift", "What was measured.", ("", "a"), (("one", "1"),), (Goal("Goal: much", False),))


def test_a_part_is_a_table_with_its_goals() -> None:
    assert PART.text().splitlines() == ["Hot shift", "", "     a", "one  1", "", "Goal: much: not reached."]
    assert PART.markdown().splitlines()[4:7] == ["|  | a |", "| --- | ---: |", "| one | 1 |"]


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    bench.write(page, [PART, PART])
    assert page.read_text().count("## Hot shift") == 2
    assert [file.name for file in tmp_path.iterdir()] == ["performance.md"]


def test_entries_of_a_stream_may_be_split_anywhere() -> None:
    stream = Stream(chunks=[(1_000_000, b"id: 1\r\nda"), (2_000_000, b'ta: {"seq": 1}\r\n\r\n: ping\r\n')])
    assert list(stream.entries()) == [(2.0, {"seq": 1})]


def test_losers_of_the_workload_come_after_the_winners() -> None:
    workload = bench_claims.Workload(shifts=100, connections=4)
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


def test_lateness_is_from_the_deadline_to_the_news_and_to_the_call() -> None:
    stream = Stream(
        chunks=[
            (4_000_000, entry("offers_made", "a", 1) + entry("offers_made", "b", 3)),
            (9_000_000, entry("send_started", "b", 5) + entry("send_started", "a", 7)),
        ]
    )
    found = bench_escalations.lateness(stream, escalations=2, elapsed_s=1.0)
    assert found.told == [3.0, 1.0]
    assert found.called == [6, 2]
    assert found.stream == [4.0, 2.0]
    assert (found.told_s, found.called_s, found.busiest) == (0.003, 0.006, 2)


def test_an_escalation_that_was_not_seen_makes_the_run_invalid() -> None:
    stream = Stream(chunks=[(4_000_000, entry("offers_made", "a", 1) + entry("send_started", "a", 2))])
    with pytest.raises(SystemExit, match="1 escalations and 1 calls of 2"):
        bench_escalations.lateness(stream, escalations=2, elapsed_s=1.0)


def test_the_floor_has_a_rate_for_every_kind(tmp_path: Path) -> None:
    for kind in store_bench.FLOORS:
        assert store_bench.floor(tmp_path / f"{kind}.db", kind, items=20, group=8)["per_s"] > 0


@needs_wrk
def test_a_hot_shift_is_claimed_once() -> None:
    part = bench_hot.measure(runs=1, claims=2)
    assert [row[0] for row in part.rows] == [
        "one shift, all claim it",
        "a shift for each claim",
        "one / spread",
    ]


@needs_wrk
def test_claims_are_the_same_on_a_database_with_a_longer_past() -> None:
    part = bench_growth.measure(runs=1, sizes=(1, 3), contested=1)
    assert [row[0] for row in part.rows] == ["1 shifts", "3 shifts"]


@needs_wrk
def test_everybody_is_texted_in_a_fanout() -> None:
    part = bench_fanout.measure(runs=1, caregivers=30)
    assert part.title == "Fan-out to 30 caregivers"


@needs_wrk
def test_answers_other_than_expected_make_a_run_invalid(tmp_path: Path) -> None:
    data, _, others = bench_hot.prepare(tmp_path, claims=2)
    database = tmp_path / "fanout.db"
    load(data, database)
    cores = sorted(os.sched_getaffinity(0))
    fan_out(database, others, cores[0])
    with (
        serving(service(database), tmp_path, cores[0]) as server,
        pytest.raises(SystemExit, match="instead of"),
    ):
        claims_once(server, tmp_path / "spread.txt", 2, cores[1], {"already_claimed": 2})
