"""Fifty thousand escalations become due within one second: how late they are."""

import asyncio
import json
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx2

from loadtests.bench.load import (
    FAST,
    Ids,
    bench_store,
    caregiver_row,
    drain,
    fresh_copy,
    load,
    put_policies,
    send_all,
    shift_row,
    two_cores,
    workspace,
    write_roster,
)
from loadtests.bench.section import Goal, Section
from loadtests.servers import fail, say, service, serving

ESCALATIONS = 50_000
PER_SECOND = 1_000  # fanouts started
SLACK_S = 12  # from the last start to the second in which all are due; all texts must be sent by then
PATIENCE_S = 300.0  # for all calls to have begun
CHUNK = 1 << 20
LEAST_AT_ONCE = 0.9  # share of the escalations that must become due in the same second
MOST_BUSY = 0.5  # share of its core that the subscriber may need
GROUP = 256  # deadlines that the service handles together
CALL_GOAL_S = 5.0
SMALL = {"runs": 1, "escalations": 20, "per_second": 20}


@dataclass
class Stream:
    """What came over `GET /events`, and when: (ns since 1970, bytes) as received.

    It is parsed only afterwards, so that the reader is not the bottleneck.
    """

    chunks: list[tuple[int, bytes]] = field(default_factory=list)
    offers: int = 0
    calls: int = 0
    busy_s: float = 0.0
    ended: bool = False

    def read(self, source: socket.socket) -> None:
        """Reads until the socket is shut down."""
        rest = b""
        while chunk := source.recv(CHUNK):
            self.chunks.append((time.time_ns(), chunk))
            seen = rest + chunk
            self.offers += seen.count(b"event: offers_made") - rest.count(b"event: offers_made")
            self.calls += seen.count(b"event: send_started") - rest.count(b"event: send_started")
            rest = seen[-40:]
            self.busy_s = time.thread_time()
        self.ended = True

    def entries(self) -> Iterator[tuple[float, dict[str, Any]]]:
        """The entries of the journal, each with the time in ms at which it was complete."""
        rest = b""
        for at_ns, chunk in self.chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if line.startswith(b"data: "):
                    yield at_ns / 1e6, json.loads(line[6:])


@contextmanager
def subscribed(url: str, after: int) -> Iterator[Stream]:
    """Reads the entries after the `after`-th, in a thread, until the block ends."""
    address = httpx2.URL(url)
    stream = Stream()
    with socket.create_connection((address.host, address.port)) as source:
        source.sendall(f"GET /events?after={after} HTTP/1.1\r\nHost: {address.host}\r\n\r\n".encode())
        reader = threading.Thread(target=stream.read, args=(source,))
        reader.start()
        try:
            yield stream
        finally:
            source.shutdown(socket.SHUT_RDWR)
            reader.join()


@dataclass(frozen=True)
class Lateness:
    """How late the escalations of a run were, in ms.

    `news`: from each deadline until a subscriber knew that the round had begun. `calls`: from each deadline
    until the call began. `news_to_call`: from the one to the other; 0 if the call began before the news came.
    `stream`: from the beginning of each call until the subscriber knew of it. `all_news_s` and `all_calls_s`:
    from the first deadline until the last was done. `busiest`: how many became due in one second.
    `reader_busy`: the share of its time that the subscriber computed.
    """

    news: list[float]
    calls: list[float]
    news_to_call: list[float]
    stream: list[float]
    all_news_s: float
    all_calls_s: float
    busiest: int
    reader_busy: float


def lateness(stream: Stream, escalations: int, elapsed_s: float) -> Lateness:
    due_ms: dict[str, int] = {}
    news_ms: dict[str, float] = {}
    call_ms: dict[str, float] = {}
    lag_ms = []
    for arrived_ms, entry in stream.entries():
        if entry["data"].get("channel") != "voice":
            continue
        shift_id, at_ms = entry["shift_id"], entry["at_ms"]
        if entry["kind"] == "offers_made":  # at_ms is when it was due
            due_ms[shift_id], news_ms[shift_id] = at_ms, arrived_ms
        elif entry["kind"] == "send_started":  # at_ms is when it began
            call_ms[shift_id] = at_ms
            lag_ms.append(arrived_ms - at_ms)
    if len(news_ms) != escalations or len(call_ms) != escalations:
        fail(f"invalid run: saw {len(news_ms):,} escalations and {len(call_ms):,} calls of {escalations:,}.")
    busiest = max(Counter(at_ms // 1000 for at_ms in due_ms.values()).values())
    if busiest < LEAST_AT_ONCE * escalations:
        fail(f"invalid run: only {busiest:,} of {escalations:,} were due in one second; is the machine busy?")
    first_ms = min(due_ms.values())
    return Lateness(
        [news_ms[shift_id] - at_ms for shift_id, at_ms in due_ms.items()],
        [call_ms[shift_id] - at_ms for shift_id, at_ms in due_ms.items()],
        [max(0, call_ms[shift_id] - at_ms) for shift_id, at_ms in news_ms.items()],
        lag_ms,
        (max(news_ms.values()) - first_ms) / 1000,
        (max(call_ms.values()) - first_ms) / 1000,
        busiest,
        stream.busy_s / elapsed_s,
    )


def escalate(database: Path, starts: list[list[str]], core: int) -> Lateness:
    """One run. `starts`: the shifts of each organization, whose fanouts start within the same second."""
    escalations = sum(map(len, starts))
    with serving(service(database), database.parent, core, FAST) as server:
        url = server.url
        policies = {
            f"second-{second}": {
                "rounds": [
                    {"after_s": 0, "channel": "sms"},
                    {"after_s": len(starts) + SLACK_S - second, "channel": "voice"},
                ]
            }
            for second in range(len(starts))
        }
        put_policies(url, policies)
        # The starts of each organization are spread over its second, with a margin at both ends.
        offsets = [
            second + 0.05 + 0.9 * place / len(shift_ids)
            for second, shift_ids in enumerate(starts)
            for place in range(len(shift_ids))
        ]
        requests = [
            ("POST", f"/shifts/{shift_id}/fanout", b"") for shift_ids in starts for shift_id in shift_ids
        ]
        begin_s = int(time.time()) + 2
        time.sleep(begin_s - time.time())
        asyncio.run(send_all(url, requests, offsets.__getitem__))
        due_s = begin_s + len(starts) + SLACK_S
        drain(url)
        if time.time() > due_s - 2:
            fail("invalid run: the texts had not been sent when the escalations became due.")
        # So far there are four entries for each shift: started, offered, its text begun and sent.
        with subscribed(url, 4 * escalations) as stream:
            deadline = due_s + PATIENCE_S
            while stream.calls < escalations and time.time() < deadline and not stream.ended:
                time.sleep(0.2)
            elapsed_s = time.time() - due_s
    found = lateness(stream, escalations, elapsed_s)
    if found.reader_busy > MOST_BUSY:
        fail(f"invalid run: the subscriber computed {found.reader_busy:.0%} of the time: too much.")
    return found


def measure(runs: int = 3, escalations: int = ESCALATIONS, per_second: int = PER_SECOND) -> Section:
    server_core, client_core = two_cores()
    found: list[Lateness] = []
    floors: dict[str, list[float]] = {"escalation": [], "send": []}
    with workspace() as folder, on_core(client_core):
        ids = Ids(4)
        data, prepared = folder / "data.json", folder / "prepared.db"
        shift_ids = [ids.new() for _ in range(escalations)]
        starts = [shift_ids[first : first + per_second] for first in range(0, escalations, per_second)]
        write_roster(
            data,
            (
                shift_row(shift_id, f"R{number:05d}", (0, 8), f"second-{number // per_second}")
                for number, shift_id in enumerate(shift_ids)
            ),
            (caregiver_row(ids.new(), f"R{number:05d}", number) for number in range(escalations)),
        )
        load(data, prepared)
        for number in range(1, runs + 1):
            say(f"run {number} of {runs}: starting {escalations:,} fanouts, {per_second:,} a second")
            with fresh_copy(prepared) as database:
                found.append(escalate(database, starts, server_core))
            for kind, times, group in (("escalation", 1, GROUP), ("send", 2, GROUP // 4)):
                options = ["--folder", folder, "--items", times * escalations, "--group", group]
                rate = bench_store("floor", server_core, kind, *options)["per_s"]
                floors[kind].append(times * escalations / rate)
            last = found[-1]
            say(f"  all news after {last.all_news_s:.1f} s, all calls after {last.all_calls_s:.1f} s")
    return section(found, floors)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keeps this process on one core, so that it does not take time from the server."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def section(found: list[Lateness], floors: dict[str, list[float]]) -> Section:
    floor_s = {kind: median(seconds) for kind, seconds in floors.items()}

    def late_s(runs_ms: list[list[float]]) -> tuple[float, float, float]:
        """The medians over the runs of p50, p99 and the maximum."""
        cuts = [quantiles(run, n=100) for run in runs_ms]
        p50, p99 = median(cut[49] for cut in cuts), median(cut[98] for cut in cuts)
        return p50 / 1000, p99 / 1000, median(map(max, runs_ms)) / 1000

    def row(label: str, runs_ms: list[list[float]], all_s: list[float], floor_s: float) -> tuple[str, ...]:
        if not all_s:
            return (label, *(f"{seconds:.2f}" for seconds in late_s(runs_ms)), "-", "-", "-")
        done = f"{median(all_s):.1f}", f"{floor_s:.2f}", f"{median(all_s) / floor_s:.1f}"
        return (label, *(f"{seconds:.2f}" for seconds in late_s(runs_ms)), *done)

    news_to_call = [run.news_to_call for run in found]
    return Section(
        "Escalations",
        f"{len(found[0].news):,} shifts that nobody has answered, whose calls become due within one second "
        f"({min(run.busiest for run in found):,} deadlines in the busiest second). Medians of {len(found)} "
        "runs. The news of a deadline is what a subscriber to `GET /events` receives as soon as the tick "
        "that applied it has been committed; here it stands for that commit. A call begins when its lease is "
        "committed; calls per second are not limited. The stream row is the lag of the subscription itself, "
        "from the beginning of a call to its news; the subscriber computed at most "
        f"{max(run.reader_busy for run in found):.0%} of the time, so it is not the bottleneck. The floor is "
        f"bare SQL: for each shift a deadline, a send and an event, {GROUP} to a commit; for calls also that "
        f"each began and ended, {GROUP // 4} to a commit.",
        ("lateness", "p50 s", "p99 s", "most s", "all done, s", "floor, s", "ratio"),
        (
            row(
                "deadline to news of it",
                [run.news for run in found], [run.all_news_s for run in found], floor_s["escalation"],
            ),
            row(
                "deadline to beginning of the call",
                [run.calls for run in found], [run.all_calls_s for run in found],
                floor_s["escalation"] + floor_s["send"],
            ),
            row("tick's commit to beginning of its call", news_to_call, [], 0),
            row("stream", [run.stream for run in found], [], 0),
        ),
        (
            Goal(
                f"Goal: half of the calls begin within {CALL_GOAL_S:g} s of their tick's commit",
                late_s(news_to_call)[0] <= CALL_GOAL_S,
            ),
        ),
    )  # fmt: skip
