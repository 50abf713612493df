"""Fifty thousand escalations fall due within one second: how late they are.

uv run python -m loadtests.bench.escalations
"""

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
from loadtests.bench.part import Part, command
from loadtests.servers import fail, say, service, serving

ESCALATIONS = 50_000
PER_SECOND = 1_000  # fanouts started
SLACK_S = 12  # from the last start to the second in which all fall due: texts must have gone out by then
PATIENCE_S = 300.0  # for all calls to have begun
CHUNK = 1 << 20
LEAST_AT_ONCE = 0.9  # share of the escalations that must fall due in the same second
MOST_BUSY = 0.5  # of its core, that the subscriber may need
GROUP = 256  # deadlines that the service fires together


@dataclass
class Stream:
    """What came over `GET /events`, and when: (ns since 1970, bytes) as they were received.

    Nothing is parsed meanwhile, so that the reader is never what is waited for.
    """

    chunks: list[tuple[int, bytes]] = field(default_factory=list)
    offers: int = 0
    calls: int = 0
    busy_s: float = 0.0
    ended: bool = False

    def read(self, source: socket.socket) -> None:
        """Until the socket is shut down."""
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
        """The entries of the journal, each with the time in ms at which its end came."""
        rest = b""
        for at_ns, chunk in self.chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if line.startswith(b"data: "):
                    yield at_ns / 1e6, json.loads(line[6:])


@contextmanager
def subscribed(url: str, after: int) -> Iterator[Stream]:
    """Reads entries after the `after`-th in a thread. The stream stays open for the block."""
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
    """Of all escalations of a run, in ms: until a subscriber knew, until the call began, and of the stream.

    `told_s` and `called_s`: from the first deadline until the last was done. `busiest`: how many fell due in
    one second. `reader_busy`: the share of its time that the subscriber computed.
    """

    told: list[float]
    called: list[float]
    stream: list[float]
    told_s: float
    called_s: float
    busiest: int
    reader_busy: float


def lateness(stream: Stream, escalations: int, elapsed_s: float) -> Lateness:
    due_ms: dict[str, int] = {}
    told: dict[str, float] = {}
    called: dict[str, float] = {}
    behind = []
    for arrived_ms, entry in stream.entries():
        if entry["data"].get("channel") != "voice":
            continue
        shift_id, at_ms = entry["shift_id"], entry["at_ms"]
        if entry["kind"] == "offers_made":  # at_ms is when it was due
            due_ms[shift_id], told[shift_id] = at_ms, arrived_ms
        elif entry["kind"] == "send_started":  # at_ms is when it began
            called[shift_id] = at_ms
            behind.append(arrived_ms - at_ms)
    if len(told) != escalations or len(called) != escalations:
        fail(
            f"invalid run: {len(told):,} escalations and {len(called):,} calls of {escalations:,} were seen."
        )
    busiest = max(Counter(at_ms // 1000 for at_ms in due_ms.values()).values())
    if busiest < LEAST_AT_ONCE * escalations:
        fail(f"invalid run: only {busiest:,} of {escalations:,} fell due in one second; is the machine busy?")
    first_ms = min(due_ms.values())
    return Lateness(
        [told[shift_id] - at_ms for shift_id, at_ms in due_ms.items()],
        [called[shift_id] - at_ms for shift_id, at_ms in due_ms.items()],
        behind,
        (max(told.values()) - first_ms) / 1000,
        (max(called.values()) - first_ms) / 1000,
        busiest,
        stream.busy_s / elapsed_s,
    )


def escalate(database: Path, starts: list[list[str]], core: int) -> Lateness:
    """One run. `starts`: the shifts of each organization, whose fanouts start within a second."""
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
        # Each organization a little after its second has begun, and done a little before it ends.
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
            fail("invalid run: the texts had not gone out when the escalations fell due.")
        # So far four entries for each shift: started, offered, its text begun and sent.
        with subscribed(url, 4 * escalations) as stream:
            deadline = due_s + PATIENCE_S
            while stream.calls < escalations and time.time() < deadline and not stream.ended:
                time.sleep(0.2)
            elapsed_s = time.time() - due_s
    found = lateness(stream, escalations, elapsed_s)
    if found.reader_busy > MOST_BUSY:
        fail(
            f"invalid run: the subscriber computed {found.reader_busy:.0%} of the time, so it was the limit."
        )
    return found


def measure(runs: int = 3, escalations: int = ESCALATIONS, per_second: int = PER_SECOND) -> Part:
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
            say(f"  all known after {found[-1].told_s:.1f} s, all calls after {found[-1].called_s:.1f} s")
    return part(found, floors)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """This process on one core, so that it does not take time from the server."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def part(found: list[Lateness], floors: dict[str, list[float]]) -> Part:
    floor_s = {kind: median(seconds) for kind, seconds in floors.items()}

    def late(of: list[list[float]]) -> list[str]:
        cuts = [quantiles(run, n=100) for run in of]
        p50, p99 = median(cut[49] for cut in cuts), median(cut[98] for cut in cuts)
        return [f"{ms / 1000:.2f}" for ms in (p50, p99, median(map(max, of)))]

    def beside(all_s: list[float], floor_s: float) -> tuple[str, str, str]:
        return f"{median(all_s):.1f}", f"{floor_s:.2f}", f"{median(all_s) / floor_s:.1f}"

    return Part(
        "Escalations",
        f"{len(found[0].told):,} shifts, nobody has answered, and within one second all are due to be "
        f"phoned about ({min(it.busiest for it in found):,} deadlines in the busiest second). Medians of "
        f"{len(found)} runs of how late that is: a subscriber to `GET /events` notes when the news of each "
        "comes; the calls, without a limit of calls a second, begin when their lease is committed. The "
        "stream row is the lag of the subscription itself, from a call's beginning to its news; the "
        f"subscriber computed at most {max(it.reader_busy for it in found):.0%} of the time, so it is not "
        f"what was waited for. The floor is bare SQL, a deadline, a send and an event each, {GROUP} to a "
        f"commit; for calls, also that each began and ended, {GROUP // 4} to a commit.",
        ("lateness", "p50 s", "p99 s", "most s", "all done, s", "floor, s", "ratio"),
        (
            (
                "deadline to news of it",
                *late([it.told for it in found]),
                *beside([it.told_s for it in found], floor_s["escalation"]),
            ),
            (
                "deadline to beginning of the call",
                *late([it.called for it in found]),
                *beside([it.called_s for it in found], floor_s["escalation"] + floor_s["send"]),
            ),
            ("stream", *late([it.stream for it in found]), "-", "-", "-"),
        ),
    )


if __name__ == "__main__":
    command(__doc__ or "", measure, 3)
