"""Claims per second of the durable service beside the in-memory peer, through real HTTP on loopback.

    uv run python -m loadtests.bench_claims

Both get the same bytes in the same order, in alternating runs, each in a fresh process on a fresh copy of the
same data. Each is first asked again for the fanouts that are claimed first, which changes nothing: in reality
the process that is claimed from has started them minutes ago. Runs are short and many, so that this holds for
every claim (up to 16,000 in a run), and because other work on the machine comes and goes. The server has one
core and wrk another, so the figures are for one server core. Half of the claims win a shift that nobody has,
half lose one that another caregiver has won a moment before. A run counts only if every request was answered
with 2xx, no body was sent twice, and claims picked from it were won and lost by whom they should be. Needs
Linux, two cores and wrk.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from uuid import UUID

import httpx2

from loadtests.servers import FANOUT, HERE, fail, run, say, service, serving

SHIFTS_PER_ROLE = 20
CAREGIVERS_PER_ROLE = 5
SHIFTS_PER_SECOND = 12_000  # the default supply: enough for 24,000 claims a second
OPEN_AT_ONCE = 1_000
REMINDED = 8_000  # shifts whose fanout is asked for again before a run, the first to be claimed
SHIFT_HOURS = 2
FIRST_START_S = 2_051_222_400  # 2035-01-01T00:00:00Z: no shift begins or ends while this runs
FANOUT_CONNECTIONS = 32  # while preparing
DRAIN_TIMEOUT_S = 600.0  # for all offers to go out
LAG_PER_CONNECTION = 4  # claims
PICKED = 10  # wins, and as many losses, looked at after each run
# Without this the shifts would be phoned ten minutes after the preparation, in the middle of a run.
POLICY = {"rounds": [{"after_s": 0, "channel": "sms"}, {"after_s": 86_400, "channel": "voice"}]}


def holder_of(answer: httpx2.Response) -> object:
    """The caregiver who has the shift, from what `GET /shifts/{id}` answered."""
    return (answer.json()["fanout"] or {}).get("holder")


@dataclass(frozen=True)
class Claim:
    body: str
    shift_id: str
    winner_id: str
    expected: str


class Workload:
    """The data and the claims, the same at every call: keys are random, as they are in reality, but seeded.

    The first `lag` claims all win. From then on wins of fresh shifts and losses take turns: a loss is the
    claim of another caregiver of the role on the shift won `lag` wins earlier. That is far above the number
    of claims in flight, so no loser overtakes a winner. Shifts of one role do not overlap, so nobody is ever
    double booked. Shifts are claimed about when they are fanned out, as in reality, but in random order among
    the `OPEN_AT_ONCE` that are contested at a time: many more than an agency has.
    """

    def __init__(self, shifts: int, connections: int) -> None:
        self._random = random.Random(2035)
        self.connections = connections
        self.lag = LAG_PER_CONNECTION * connections
        roles = range(-(-shifts // SHIFTS_PER_ROLE))
        self.caregiver_ids = [[self._uuid() for _ in range(CAREGIVERS_PER_ROLE)] for _ in roles]
        # Role after role, so that nobody is due two texts at once: there is a limit of texts to one person.
        self.shifts = [(self._uuid(), role, place) for place in range(SHIFTS_PER_ROLE) for role in roles]
        self.claimed = [
            shift
            for first in range(0, len(self.shifts), OPEN_AT_ONCE)
            for shift in self._shuffled(self.shifts[first : first + OPEN_AT_ONCE])
        ]
        self.message_ids = [self._uuid() for _ in range(2 * len(self.shifts) - self.lag)]

    def _shuffled(self, shifts: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        return self._random.sample(shifts, len(shifts))

    def _uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    @staticmethod
    def _phone(role: int, member: int) -> str:
        return f"+1555{role * CAREGIVERS_PER_ROLE + member:07d}"

    def claim(self, index: int) -> Claim:
        after = index - self.lag
        loses = after >= 0 and after % 2 == 1
        place = index if after < 0 else after // 2 + (0 if loses else self.lag)
        shift_id, role, _ = self.claimed[place]
        winner = place % CAREGIVERS_PER_ROLE
        sender = (winner + 1 + place % (CAREGIVERS_PER_ROLE - 1)) % CAREGIVERS_PER_ROLE if loses else winner
        message = {"from": self._phone(role, sender), "body": "YES", "shift_id": shift_id}
        body = json.dumps(message | {"message_id": self.message_ids[index]})
        expected = "already_claimed" if loses else "claimed"
        return Claim(body, shift_id, self.caregiver_ids[role][winner], expected)

    def write(self, data: Path, claims: Path) -> None:
        def at(role_place: int) -> str:
            start_s = FIRST_START_S + role_place * SHIFT_HOURS * 3600
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start_s))

        data.write_text(
            json.dumps(
                {
                    "shifts": [
                        {
                            "id": shift_id,
                            "organization_id": "benchmark",
                            "role_required": f"R{role:05d}",
                            "start_time": at(place),
                            "end_time": at(place + 1),
                        }
                        for shift_id, role, place in self.shifts
                    ],
                    "caregivers": [
                        {
                            "id": caregiver_id,
                            "name": f"Caregiver {role}-{member}",
                            "role": f"R{role:05d}",
                            "phone": self._phone(role, member),
                        }
                        for role, team in enumerate(self.caregiver_ids)
                        for member, caregiver_id in enumerate(team)
                    ],
                }
            )
        )
        claims.write_text("".join(self.claim(index).body + "\n" for index in range(len(self.message_ids))))


@dataclass(frozen=True)
class Figures:
    claims_per_s: float
    p50_ms: float
    p99_ms: float


async def start_fanouts(url: str, shift_ids: list[str]) -> None:
    """Over plain sockets, because an HTTP client library would take minutes for tens of thousands."""
    address = httpx2.URL(url)
    remaining = iter(shift_ids)

    async def worker() -> None:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        for shift_id in remaining:
            writer.write(
                f"POST /shifts/{shift_id}/fanout HTTP/1.1\r\nHost: {address.host}\r\n"
                "Content-Length: 0\r\n\r\n".encode()
            )
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1])) if length else b""
            if not head.startswith("HTTP/1.1 200"):
                raise RuntimeError(f"a fanout was answered with {head.splitlines()[0]}: {body[:300]!r}")
        writer.close()

    await asyncio.gather(*(worker() for _ in range(FANOUT_CONNECTIONS)))


def outbox_depth(url: str) -> float:
    lines = httpx2.get(url + "/metrics", timeout=60).text.splitlines()
    depths = [line.split()[-1] for line in lines if re.match(r"fanout_outbox_depth[ {]", line)]
    if not depths:
        fail("GET /metrics has no fanout_outbox_depth, so it cannot be seen when the offers have gone out")
    return sum(map(float, depths))


def drain(url: str) -> None:
    """Returns when the outbox is empty; twice in a row, because a gauge may lag behind by one look."""
    deadline, empty = time.monotonic() + DRAIN_TIMEOUT_S, 0
    while empty < 2:
        depth = outbox_depth(url)
        empty = empty + 1 if depth == 0 else 0
        if time.monotonic() > deadline:
            fail(f"{depth:,.0f} offers have not gone out in {DRAIN_TIMEOUT_S:.0f} s: what limits them?")
        say(f"  {depth:,.0f} offers to go")
        time.sleep(2)


def prepare(workload: Workload, data: Path, database: Path, core: int) -> None:
    """A database in which every shift is open and all its offers have been sent."""
    say(f"loading {len(workload.shifts):,} shifts")
    run([FANOUT, "load", str(data), "--database", str(database)])
    with serving(service(database), database.parent, core, {"FANOUT_SMS_PER_SECOND": "1000000"}) as server:
        url = server.url
        policy = httpx2.put(url + "/policies/default", json=POLICY, timeout=60)
        if not policy.is_success:
            fail(f"the policy was answered with {policy.status_code}: {policy.text[:300]}")
        say("starting their fanouts")
        asyncio.run(start_fanouts(url, [shift_id for shift_id, _, _ in workload.shifts]))
        drain(url)


def peer(data: Path) -> list[str]:
    return [sys.executable, "-m", "loadtests.peers.fastapi_lock", "--load", str(data)]


@contextmanager
def fresh_copy(prepared: Path) -> Iterator[Path]:
    """A copy that has reached the disk: else the run would wait for the copy's pages at its first fsync."""
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


def measure(name: str, url: str, workload: Workload, claims: Path, seconds: int, core: int) -> Figures:
    asyncio.run(start_fanouts(url, [shift_id for shift_id, _, _ in workload.claimed[:REMINDED]]))
    # One second more, which claims.lua spends on connecting and does not count.
    options = f"-t1 -c{workload.connections} -d{seconds + 1}s --timeout 10s --latency".split()
    script = ["-s", str(HERE / "claims.lua"), url, "--", str(claims), str(workload.connections)]
    printed = run(["taskset", "-c", str(core), "wrk", *options, *script])
    counts: dict[str, int] = json.loads(printed.splitlines()[-1])
    if counts["sent"] > len(workload.message_ids):
        fail("invalid run: the fresh shifts ran out before the time was over; give a larger --shifts.")
    if counts["refused"] or counts["broken"]:
        fail(f"invalid run: {counts['refused']} answers not 2xx, {counts['broken']} connections broken.")
    if counts["answered"] < 4 * workload.lag:
        fail(f"invalid run: only {counts['answered']} claims were answered; give more --seconds.")
    check(url, workload, counts["answered"] - workload.connections)
    claims_per_s = counts["answered"] / (counts["duration_us"] / 1e6)
    figures = Figures(claims_per_s, counts["p50_us"] / 1e3, counts["p99_us"] / 1e3)
    say(f"  {name}: {claims_per_s:,.0f} claims/s, p50 {figures.p50_ms:.1f} ms, p99 {figures.p99_ms:.1f} ms")
    return figures


def check(url: str, workload: Workload, answered: int) -> None:
    """Asks again for answers that wrk had (a message id always gets its first answer), and who holds what."""
    step = max(1, (answered - workload.lag) // (2 * PICKED)) | 1  # odd, so that wins and losses take turns
    with httpx2.Client(base_url=url, timeout=60, headers={"Content-Type": "application/json"}) as client:
        for index in range(workload.lag, answered, step):
            claim = workload.claim(index)
            answer = client.post("/messages/inbound", content=claim.body)
            if answer.status_code != 200 or answer.json()["status"] != claim.expected:
                fail(f"invalid run: claim {index} should be {claim.expected}, but got {answer.text[:300]}")
            shift = client.get(f"/shifts/{claim.shift_id}")
            if shift.status_code != 200 or holder_of(shift) != claim.winner_id:
                fail(f"invalid run: {claim.winner_id} should hold this shift: {shift.text[:300]}")


def report(runs: dict[str, list[Figures]], seconds: int, file_system: str) -> None:
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    print(f"{cpu[1] if cpu else platform.machine()}, Python {platform.python_version()}, one server core")
    print(f"medians of {len(runs['service'])} runs of {seconds} s each, database on {file_system}\n")
    print(f"{'':<28}{'claims/s':>10}{'p50 ms':>9}{'p99 ms':>9}   lowest to highest claims/s")
    middle = {}
    for name, label in (("service", "service, durable in SQLite"), ("peer", "peer, FastAPI in memory")):
        rates = [run.claims_per_s for run in runs[name]]
        of = middle[name] = Figures(
            median(rates), median(run.p50_ms for run in runs[name]), median(run.p99_ms for run in runs[name])
        )
        print(
            f"{label:<28}{of.claims_per_s:>10,.0f}{of.p50_ms:>9.2f}{of.p99_ms:>9.2f}"
            f"   {min(rates):,.0f} to {max(rates):,.0f}"
        )
    rate = middle["service"].claims_per_s / middle["peer"].claims_per_s
    print(
        f"{'service / peer':<28}{rate:>10.2f}{middle['service'].p50_ms / middle['peer'].p50_ms:>9.2f}"
        f"{middle['service'].p99_ms / middle['peer'].p99_ms:>9.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=1, help="length of one run (1)")
    parser.add_argument("--runs", type=int, default=15, help="runs of each of the two (15)")
    parser.add_argument("--connections", type=int, default=64, help="kept open by wrk (64)")
    parser.add_argument("--shifts", type=int, help=f"fresh ones a run ({SHIFTS_PER_SECOND} a second)")
    options = parser.parse_args()
    shifts = options.shifts or SHIFTS_PER_SECOND * options.seconds
    cores = sorted(os.sched_getaffinity(0))
    if min(options.seconds, options.runs, options.connections) < 1:
        fail("--seconds, --runs and --connections are at least 1.")
    if shifts <= LAG_PER_CONNECTION * options.connections:
        fail(f"--shifts must be more than {LAG_PER_CONNECTION} times --connections.")
    if len(cores) < 2 or shutil.which("wrk") is None:
        fail("two cores and wrk (on Debian: apt install wrk) are needed.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    runs: dict[str, list[Figures]] = {"service": [], "peer": []}
    with tempfile.TemporaryDirectory(prefix="bench-claims-") as temporary:
        folder = Path(temporary)
        data, claims, prepared = folder / "data.json", folder / "claims.txt", folder / "prepared.db"
        workload = Workload(shifts, options.connections)
        workload.write(data, claims)
        prepare(workload, data, prepared, cores[0])
        load = partial(measure, workload=workload, claims=claims, seconds=options.seconds, core=cores[1])
        for number in range(1, options.runs + 1):
            say(f"run {number} of {options.runs}")
            with fresh_copy(prepared) as database, serving(service(database), folder, cores[0]) as server:
                runs["service"].append(load("service", server.url))
            with serving(peer(data), folder, cores[0]) as server:
                runs["peer"].append(load("peer", server.url))
        file_system = run(["stat", "-f", "-c", "%T", str(folder)]).strip()
    report(runs, options.seconds, file_system)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("interrupted; everything that was started has been stopped.")
