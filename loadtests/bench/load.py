"""What the benchmarks share: prepared databases, requests sent fast, claims sent by wrk."""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TypeVar
from uuid import UUID

import httpx2

from loadtests import cast
from loadtests.check.remote import outbox_depth
from loadtests.check.store import StoreUnreadable
from loadtests.servers import FANOUT, Running, fail, run, service, serving

CONNECTIONS = 32  # while preparing
DRAIN_TIMEOUT_S = 600.0  # for all sends to go out
POLL_S = 0.5
LONGEST_BURST_S = 60  # for all claims of `claims_once` to be answered
# So high that it has no effect.
FAST = {"FANOUT_SMS_PER_SECOND": "1000000", "FANOUT_CALLS_PER_SECOND": "1000000"}
# With the default policy, calls would begin ten minutes after the preparation, in the middle of a run.
POLICY = cast.POLICY.model_dump(mode="json")

T = TypeVar("T")

Request = tuple[str, str, bytes]
"""Method, path and body."""


class Ids(Random):
    """Random ids, as in production, but the same ones in every run."""

    def __init__(self, seed: int = 2035) -> None:
        super().__init__(seed)

    def new(self) -> str:
        return str(UUID(int=self.getrandbits(128), version=4))

    def shuffled(self, things: Sequence[T]) -> list[T]:
        return self.sample(things, len(things))


def phone(number: int) -> str:
    return f"+1555{number:07d}"


def shift_row(
    shift_id: str, role: str, hours: tuple[int, int], organization: str = "benchmark"
) -> dict[str, str]:
    """A shift for a file to load; `hours`: its start and end, counted from `FIRST_START`."""
    start, end = ((cast.FIRST_START + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ") for hour in hours)
    return {
        "id": shift_id,
        "organization_id": organization,
        "role_required": role,
        "start_time": start,
        "end_time": end,
    }


def caregiver_row(caregiver_id: str, role: str, number: int) -> dict[str, str]:
    return {"id": caregiver_id, "name": f"Caregiver {number}", "role": role, "phone": phone(number)}


def claim_line(number: int, shift_id: str, message_id: str) -> str:
    """The body of a message in which the caregiver with this phone accepts the shift."""
    return json.dumps({"from": phone(number), "body": "YES", "shift_id": shift_id, "message_id": message_id})


def write_roster(path: Path, shifts: Iterable[dict[str, str]], caregivers: Iterable[dict[str, str]]) -> None:
    path.write_text(json.dumps({"shifts": list(shifts), "caregivers": list(caregivers)}))


def two_cores(wrk: bool = False) -> tuple[int, int]:
    """A core for the server and one for its client. Ends the program if this machine lacks what is needed."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2 or shutil.which("taskset") is None:
        fail("benchmarks need two cores and taskset.")
    if wrk and shutil.which("wrk") is None:
        fail("this benchmark needs wrk (on Debian: apt install wrk).")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return cores[0], cores[1]


@contextmanager
def workspace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


# --- requests ----------------------------------------------------------------------------------


async def send_all(
    url: str, requests: Iterable[Request], when_s: Callable[[int], float] = lambda number: 0
) -> None:
    """Sends the requests in order, the n-th not before `when_s(n)` seconds have passed.

    Raises `RuntimeError` if one is refused. Uses plain sockets, because an HTTP client library would take
    minutes for tens of thousands of requests.
    """
    address = httpx2.URL(url)
    numbered = enumerate(requests)
    begun = time.monotonic()

    async def worker() -> None:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        for number, (method, path, body) in numbered:
            early_s = begun + when_s(number) - time.monotonic()
            if early_s > 0:
                await asyncio.sleep(early_s)
            writer.write(
                f"{method} {path} HTTP/1.1\r\nHost: {address.host}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
            answer = await reader.readexactly(int(length[1])) if length else b""
            if not head.startswith("HTTP/1.1 20"):
                raise RuntimeError(
                    f"{method} {path} was answered with {head.splitlines()[0]}: {answer[:300]!r}"
                )
        writer.close()

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))


def start_fanouts(url: str, shift_ids: Iterable[str]) -> None:
    asyncio.run(send_all(url, (("POST", f"/shifts/{shift_id}/fanout", b"") for shift_id in shift_ids)))


def put_policies(url: str, policies: Mapping[str, object]) -> None:
    requests = [
        ("PUT", f"/policies/{name}", json.dumps(policy).encode()) for name, policy in policies.items()
    ]
    asyncio.run(send_all(url, requests))


def checked(answer: httpx2.Response) -> httpx2.Response:
    """The answer, if it is a success. Ends the program otherwise."""
    if not answer.is_success:
        fail(f"invalid run: {answer.url} was answered with {answer.status_code}: {answer.text[:300]}")
    return answer


def holder_of(answer: httpx2.Response) -> object:
    """The caregiver who holds the shift, from the answer to `GET /shifts/{id}`."""
    return (answer.json()["fanout"] or {}).get("holder")


def drain(url: str) -> None:
    """Returns when the outbox has been empty twice in a row: the gauge may be one update late."""
    deadline, empty = time.monotonic() + DRAIN_TIMEOUT_S, 0
    while empty < 2:
        try:
            depth = outbox_depth(url)
        except StoreUnreadable as error:
            fail(str(error))
        empty = empty + 1 if depth == 0 else 0
        if time.monotonic() > deadline:
            fail(f"{depth:,.0f} sends have not gone out after {DRAIN_TIMEOUT_S:.0f} s: what limits them?")
        time.sleep(POLL_S)


# --- databases ---------------------------------------------------------------------------------


def load(data: Path, database: Path) -> None:
    run([FANOUT, "load", str(data), "--database", str(database)])


def fan_out(database: Path, shift_ids: Sequence[str], core: int) -> None:
    """Starts the fanouts in a separate service, and returns when all offers have been sent."""
    with serving(service(database), database.parent, core, FAST) as server:
        put_policies(server.url, {"default": POLICY})
        start_fanouts(server.url, shift_ids)
        drain(server.url)


@contextmanager
def fresh_copy(prepared: Path) -> Iterator[Path]:
    """A copy that is already on the disk, so that the first fsync of the run does not have to wait for it."""
    copy = prepared.with_name("run.db")
    try:
        for suffix in ("", "-wal"):
            source = Path(f"{prepared}{suffix}")
            if source.exists():
                shutil.copyfile(source, f"{copy}{suffix}")
        os.sync()
        yield copy
    finally:
        for left in copy.parent.glob(f"{copy.name}*"):
            left.unlink()


def bench_store(command: str, core: int, *options: object) -> dict[str, float]:
    """Runs `python -m loadtests.bench.store` in a separate process and returns its figures."""
    words = ["taskset", "-c", str(core), sys.executable, "-m", "loadtests.bench.store", command]
    figures: dict[str, float] = json.loads(run([*words, *map(str, options)]))
    return figures


# --- claims ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Burst:
    """Claims that were all answered. `cpu_us`: the server's CPU time for each of them."""

    claims_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_us: float

    def __str__(self) -> str:
        return f"{self.claims_per_s:,.0f} claims/s, p50 {self.p50_ms:.1f} ms, p99 {self.p99_ms:.1f} ms"


def claims_once(
    server: Running,
    claims: Path,
    connections: int,
    core: int,
    expected: Mapping[str, int],
    opening_s: float = 1,
) -> Burst:
    """Sends each line of `claims` once. `expected`: how many answers of each status there must be.

    `opening_s`: the time for opening the connections before the first claim.
    """
    options = f"-t1 -c{connections} -d{LONGEST_BURST_S}s --timeout {LONGEST_BURST_S}s --latency".split()
    script = ["-s", str(Path(__file__).with_name("once.lua")), server.url, "--"]
    words = [*script, str(claims), str(connections), str(int(opening_s * 1000))]
    before = cpu_s(server.pid)
    found = json.loads(run(["taskset", "-c", str(core), "wrk", *options, *words]).splitlines()[-1])
    used = cpu_s(server.pid) - before
    if found["opened"] != connections or found["broken"]:
        fail(
            f"invalid run: {found['opened']:,} of {connections:,} connections opened in {opening_s:g} s, "
            f"{found['broken']:,} broken."
        )
    if found["statuses"] != dict(expected):
        fail(f"invalid run: the answers were {found['statuses']} instead of {dict(expected)}.")
    rate = found["answered"] / (found["duration_us"] / 1e6)
    return Burst(rate, found["p50_us"] / 1e3, found["p99_us"] / 1e3, used * 1e6 / found["answered"])


def cpu_s(pid: int) -> float:
    """The CPU time of a process so far, in all its threads."""
    return time.clock_gettime(~pid << 3 | 2)  # the clock that clock_getcpuclockid(3) returns
