"""Claims per second of the durable service and of the in-memory peer, through real HTTP on loopback.

Both get the same bytes in the same order, in alternating runs, each in a new process on a new copy of the
same data. Before each run, the fanouts of the shifts that are claimed first are started again, which changes
nothing: in production the process that handles the claims has started these fanouts itself. Runs are short,
so that this is true for every claim of a run (up to 16,000), and many, because other work on the machine
comes and goes. The server has one core and wrk another, so the figures are for one server core. Half of the
claims win a shift that nobody holds, half lose one that another caregiver has just won. A run counts only if
every request was answered with 2xx, no body was sent twice, and the right caregivers won and lost in a sample
of the claims. Needs Linux, two cores and wrk.

In the same turns, `loadtests.bench.store` sends the same claims to the service without HTTP, and measures the
floor: bare statements for as many claims, in group commits of as many as there are connections.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx2

from loadtests.bench.load import (
    Ids,
    bench_store,
    caregiver_row,
    claim_line,
    fan_out,
    fresh_copy,
    holder_of,
    load,
    shift_row,
    start_fanouts,
    two_cores,
    workspace,
    write_roster,
)
from loadtests.bench.section import Goal, Section, spread
from loadtests.servers import fail, peer, run, say, service, serving

SHIFTS_PER_ROLE = 20
CAREGIVERS_PER_ROLE = 5
SHIFTS_PER_SECOND = 12_000  # by default: enough for 24,000 claims per second
OPEN_AT_ONCE = 1_000
RESTARTED = 8_000  # shifts, the first to be claimed, whose fanouts are started again before a run
SHIFT_HOURS = 2
LAG_PER_CONNECTION = 4  # claims
SAMPLE = 10  # wins, and as many losses, that are checked after each run
CLAIMS_WITHOUT_HTTP = 12_000
PEER_GOAL = 2.0
SMALL = {"runs": 1, "connections": 4, "shifts": 8_000}


LUA = Path(__file__).with_name("claims.lua")


@dataclass(frozen=True)
class Claim:
    body: str
    shift_id: str
    winner_id: str
    expected: str


class Workload:
    """The data and the claims. Keys are random, as in production, but the same every time.

    The first `lag` claims all win. After that, wins of new shifts and losses alternate: a loss is a claim by
    another caregiver of the role for the shift won `lag` wins earlier. That is far more than the number of
    claims in flight, so no loser overtakes a winner. Shifts of one role do not overlap, so nobody is ever
    double booked. Shifts are claimed in roughly the order of their fanouts, as in production, but in random
    order within groups of `OPEN_AT_ONCE`, which is many more than an agency has open at a time.
    """

    def __init__(self, shifts: int, connections: int) -> None:
        ids = Ids()
        self.connections = connections
        self.lag = LAG_PER_CONNECTION * connections
        roles = range(-(-shifts // SHIFTS_PER_ROLE))
        self.caregiver_ids = [[ids.new() for _ in range(CAREGIVERS_PER_ROLE)] for _ in roles]
        # Role after role, so that nobody gets two texts at once: texts to one person are limited.
        self.shifts = [(ids.new(), role, place) for place in range(SHIFTS_PER_ROLE) for role in roles]
        self.claimed = [
            shift
            for first in range(0, len(self.shifts), OPEN_AT_ONCE)
            for shift in ids.shuffled(self.shifts[first : first + OPEN_AT_ONCE])
        ]
        self.message_ids = [ids.new() for _ in range(2 * len(self.shifts) - self.lag)]

    def claim(self, index: int) -> Claim:
        after = index - self.lag
        loses = after >= 0 and after % 2 == 1
        place = index if after < 0 else after // 2 + (0 if loses else self.lag)
        shift_id, role, _ = self.claimed[place]
        winner = place % CAREGIVERS_PER_ROLE
        sender = (winner + 1 + place % (CAREGIVERS_PER_ROLE - 1)) % CAREGIVERS_PER_ROLE if loses else winner
        body = claim_line(role * CAREGIVERS_PER_ROLE + sender, shift_id, self.message_ids[index])
        expected = "already_claimed" if loses else "claimed"
        return Claim(body, shift_id, self.caregiver_ids[role][winner], expected)

    def write(self, data: Path, claims: Path) -> None:
        write_roster(
            data,
            (
                shift_row(shift_id, f"R{role:05d}", (place * SHIFT_HOURS, (place + 1) * SHIFT_HOURS))
                for shift_id, role, place in self.shifts
            ),
            (
                caregiver_row(caregiver_id, f"R{role:05d}", role * CAREGIVERS_PER_ROLE + member)
                for role, team in enumerate(self.caregiver_ids)
                for member, caregiver_id in enumerate(team)
            ),
        )
        claims.write_text("".join(self.claim(index).body + "\n" for index in range(len(self.message_ids))))


@dataclass(frozen=True)
class ClaimRate:
    claims_per_s: float
    p50_ms: float
    p99_ms: float


def over_http(name: str, url: str, workload: Workload, claims: Path, seconds: int, core: int) -> ClaimRate:
    start_fanouts(url, [shift_id for shift_id, _, _ in workload.claimed[:RESTARTED]])
    # claims.lua spends one additional second on connecting and does not count it.
    options = f"-t1 -c{workload.connections} -d{seconds + 1}s --timeout 10s --latency".split()
    script = ["-s", str(LUA), url, "--", str(claims), str(workload.connections)]
    printed = run(["taskset", "-c", str(core), "wrk", *options, *script])
    counts: dict[str, int] = json.loads(printed.splitlines()[-1])
    if counts["sent"] > len(workload.message_ids):
        fail("invalid run: the new shifts ran out before the time was over; more shifts are needed.")
    if counts["refused"] or counts["broken"]:
        fail(f"invalid run: {counts['refused']} answers were not 2xx, {counts['broken']} connections broke.")
    if counts["answered"] < 4 * workload.lag:
        fail(f"invalid run: only {counts['answered']} claims were answered; runs must be longer.")
    check(url, workload, counts["answered"] - workload.connections)
    claims_per_s = counts["answered"] / (counts["duration_us"] / 1e6)
    found = ClaimRate(claims_per_s, counts["p50_us"] / 1e3, counts["p99_us"] / 1e3)
    say(f"  {name}: {claims_per_s:,.0f} claims/s, p50 {found.p50_ms:.1f} ms, p99 {found.p99_ms:.1f} ms")
    return found


def check(url: str, workload: Workload, answered: int) -> None:
    """Checks a sample: the answers, since a message id always gets its first answer, and the holders."""
    step = max(1, (answered - workload.lag) // (2 * SAMPLE)) | 1  # odd, so that wins and losses take turns
    with httpx2.Client(base_url=url, timeout=60, headers={"Content-Type": "application/json"}) as client:
        for index in range(workload.lag, answered, step):
            claim = workload.claim(index)
            answer = client.post("/messages/inbound", content=claim.body)
            if answer.status_code != 200 or answer.json()["status"] != claim.expected:
                fail(f"invalid run: claim {index} should be {claim.expected}, but is {answer.text[:300]}")
            shift = client.get(f"/shifts/{claim.shift_id}")
            if shift.status_code != 200 or holder_of(shift) != claim.winner_id:
                fail(f"invalid run: {claim.winner_id} should hold this shift: {shift.text[:300]}")


def without_http(database: Path, workload: Workload, claims: Path, core: int) -> ClaimRate:
    """The same claims straight to the ledger, with as many outstanding as there are connections."""
    count = min(CLAIMS_WITHOUT_HTTP, len(workload.message_ids))
    options = ["--database", database, "--claims", claims, "--most", count, "--restarted", RESTARTED]
    found = bench_store("claims", core, *options, "--outstanding", workload.connections)
    won = sum(workload.claim(index).expected == "claimed" for index in range(count))
    if (found.get("claimed", 0), found.get("already_claimed", 0)) != (won, count - won):
        fail(
            f"invalid run without HTTP: {won:,} of {count:,} claims should win, but the statuses are {found}."
        )
    return ClaimRate(found["per_s"], found["p50_ms"], found["p99_ms"])


def floor(folder: Path, workload: Workload, core: int) -> ClaimRate:
    options = ["--folder", folder, "--items", CLAIMS_WITHOUT_HTTP, "--group", workload.connections]
    found = bench_store("floor", core, "claim", *options)
    return ClaimRate(found["per_s"], found["p50_ms"], found["p99_ms"])


LABELS = {
    "service": "service, durable in SQLite",
    "peer": "peer, FastAPI in memory",
    "direct": "service without HTTP",
    "floor": "floor, bare SQL",
}


def measure(runs: int = 15, seconds: int = 1, connections: int = 64, shifts: int | None = None) -> Section:
    """`seconds`: the length of one run. `shifts`: how many can be won in it."""
    server_core, client_core = two_cores(wrk=True)
    shifts = shifts or SHIFTS_PER_SECOND * seconds
    if shifts <= LAG_PER_CONNECTION * connections:
        fail(f"there must be more than {LAG_PER_CONNECTION} shifts for each connection.")
    rates: dict[str, list[ClaimRate]] = {name: [] for name in LABELS}
    with workspace() as folder:
        data, claims, prepared = folder / "data.json", folder / "claims.txt", folder / "prepared.db"
        workload = Workload(shifts, connections)
        workload.write(data, claims)
        say(f"preparing {shifts:,} shifts")
        load(data, prepared)
        fan_out(prepared, [shift_id for shift_id, _, _ in workload.shifts], server_core)
        for number in range(1, runs + 1):
            say(f"run {number} of {runs}")
            with fresh_copy(prepared) as database, serving(service(database), folder, server_core) as server:
                rates["service"].append(
                    over_http("service", server.url, workload, claims, seconds, client_core)
                )
            with serving(peer("--load", str(data)), folder, server_core) as server:
                rates["peer"].append(over_http("peer", server.url, workload, claims, seconds, client_core))
            with fresh_copy(prepared) as database:
                rates["direct"].append(without_http(database, workload, claims, server_core))
            rates["floor"].append(floor(folder, workload, server_core))
    return section(rates, seconds, connections)


def section(rates: dict[str, list[ClaimRate]], seconds: int, connections: int) -> Section:
    rows: list[tuple[str, ...]] = []
    medians = {}
    for name, label in LABELS.items():
        per_s = [run.claims_per_s for run in rates[name]]
        of = medians[name] = ClaimRate(
            median(per_s),
            median(run.p50_ms for run in rates[name]),
            median(run.p99_ms for run in rates[name]),
        )
        rows.append((label, f"{of.claims_per_s:,.0f}", f"{of.p50_ms:.2f}", f"{of.p99_ms:.2f}", spread(per_s)))
    durable = medians["service"]
    for name, other in list(medians.items())[1:]:
        ratios = (
            durable.claims_per_s / other.claims_per_s,
            durable.p50_ms / other.p50_ms,
            durable.p99_ms / other.p99_ms,
        )
        rows.append((f"service / {LABELS[name]}", *(f"{ratio:.2f}" for ratio in ratios), ""))
    in_memory = medians["peer"]
    return Section(
        "Claims",
        f"Medians of {len(rates['service'])} alternating runs of {seconds} s, {connections} connections, the "
        "server on one core and wrk on another. Half of the claims win, half come a moment too late; each is "
        "deduplicated, routed, journaled and on disk before it is answered. The peer (FastAPI, a dict, an "
        "`asyncio.Lock` for each shift) forgets everything when it stops. Without HTTP, the same claims go "
        "straight to ledger, desk and store. The floor is the least that a claim must write, an UPDATE and "
        f"the INSERT of an event, in group commits of {connections} with the same pragmas; its latencies are "
        "those of a group.",
        ("", "claims/s", "p50 ms", "p99 ms", "lowest to highest claims/s"),
        tuple(rows),
        (
            Goal(
                f"Goal: {PEER_GOAL:g} times the peer's rate",
                durable.claims_per_s >= PEER_GOAL * in_memory.claims_per_s,
            ),
            Goal("Goal: a p99 no worse than the peer's", durable.p99_ms <= in_memory.p99_ms),
        ),
    )
