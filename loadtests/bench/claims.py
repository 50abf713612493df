"""Claims per second of the durable service beside the in-memory peer, through real HTTP on loopback.

    uv run python -m loadtests.bench.claims

Both get the same bytes in the same order, in alternating runs, each in a fresh process on a fresh copy of the
same data. Each is first asked again for the fanouts that are claimed first, which changes nothing: in reality
the process that is claimed from has started them minutes ago. Runs are short and many, so that this holds for
every claim (up to 16,000 in a run), and because other work on the machine comes and goes. The server has one
core and wrk another, so the figures are for one server core. Half of the claims win a shift that nobody has,
half lose one that another caregiver has won a moment before. A run counts only if every request was answered
with 2xx, no body was sent twice, and claims picked from it were won and lost by whom they should be. Needs
Linux, two cores and wrk.

In the same turns, `loadtests.bench.store` sends the same claims to the service without HTTP, and measures the
floor: bare statements for as many claims, in group commits of as many as there are connections.
"""

import argparse
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
from loadtests.bench.part import Goal, Part, interruptible, show, spread
from loadtests.servers import fail, peer, run, say, service, serving

SHIFTS_PER_ROLE = 20
CAREGIVERS_PER_ROLE = 5
SHIFTS_PER_SECOND = 12_000  # the default supply: enough for 24,000 claims a second
OPEN_AT_ONCE = 1_000
REMINDED = 8_000  # shifts whose fanout is asked for again before a run, the first to be claimed
SHIFT_HOURS = 2
LAG_PER_CONNECTION = 4  # claims
PICKED = 10  # wins, and as many losses, looked at after each run
CLAIMS_WITHOUT_HTTP = 12_000
PEER_GOAL = 2.0


LUA = Path(__file__).with_name("claims.lua")


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
        ids = Ids()
        self.connections = connections
        self.lag = LAG_PER_CONNECTION * connections
        roles = range(-(-shifts // SHIFTS_PER_ROLE))
        self.caregiver_ids = [[ids.new() for _ in range(CAREGIVERS_PER_ROLE)] for _ in roles]
        # Role after role, so that nobody is due two texts at once: there is a limit of texts to one person.
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
class Figures:
    claims_per_s: float
    p50_ms: float
    p99_ms: float


def over_http(name: str, url: str, workload: Workload, claims: Path, seconds: int, core: int) -> Figures:
    start_fanouts(url, [shift_id for shift_id, _, _ in workload.claimed[:REMINDED]])
    # One second more, which claims.lua spends on connecting and does not count.
    options = f"-t1 -c{workload.connections} -d{seconds + 1}s --timeout 10s --latency".split()
    script = [
        "-s",
        str(Path(__file__).with_name("claims.lua")),
        url,
        "--",
        str(claims),
        str(workload.connections),
    ]
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


def without_http(database: Path, workload: Workload, claims: Path, core: int) -> Figures:
    """The same claims to ledger, desk and store, with as many outstanding as there are connections."""
    count = min(CLAIMS_WITHOUT_HTTP, len(workload.message_ids))
    options = ["--database", database, "--claims", claims, "--most", count, "--reminded", REMINDED]
    found = bench_store("claims", core, *options, "--outstanding", workload.connections)
    won = sum(workload.claim(index).expected == "claimed" for index in range(count))
    if (found.get("claimed", 0), found.get("already_claimed", 0)) != (won, count - won):
        fail(f"invalid run without HTTP: {won:,} of {count:,} claims should be won, but got {found}.")
    return Figures(found["per_s"], found["p50_ms"], found["p99_ms"])


def floor(folder: Path, workload: Workload, core: int) -> Figures:
    options = ["--folder", folder, "--items", CLAIMS_WITHOUT_HTTP, "--group", workload.connections]
    found = bench_store("floor", core, "claim", *options)
    return Figures(found["per_s"], found["p50_ms"], found["p99_ms"])


LABELS = {
    "service": "service, durable in SQLite",
    "peer": "peer, FastAPI in memory",
    "direct": "service without HTTP",
    "floor": "floor, bare SQL",
}


def measure(runs: int = 15, seconds: int = 1, connections: int = 64, shifts: int | None = None) -> Part:
    """`shifts`: fresh ones for each run."""
    server_core, client_core = two_cores()
    figures: dict[str, list[Figures]] = {name: [] for name in LABELS}
    with workspace() as folder:
        data, claims, prepared = folder / "data.json", folder / "claims.txt", folder / "prepared.db"
        workload = Workload(shifts or SHIFTS_PER_SECOND * seconds, connections)
        workload.write(data, claims)
        say(f"preparing {len(workload.shifts):,} shifts")
        load(data, prepared)
        fan_out(prepared, [shift_id for shift_id, _, _ in workload.shifts], server_core)
        for number in range(1, runs + 1):
            say(f"run {number} of {runs}")
            with fresh_copy(prepared) as database, serving(service(database), folder, server_core) as server:
                figures["service"].append(
                    over_http("service", server.url, workload, claims, seconds, client_core)
                )
            with serving(peer("--load", str(data)), folder, server_core) as server:
                figures["peer"].append(over_http("peer", server.url, workload, claims, seconds, client_core))
            with fresh_copy(prepared) as database:
                figures["direct"].append(without_http(database, workload, claims, server_core))
            figures["floor"].append(floor(folder, workload, server_core))
    return part(figures, seconds, connections)


def part(figures: dict[str, list[Figures]], seconds: int, connections: int) -> Part:
    rows: list[tuple[str, ...]] = []
    middles = {}
    for name, label in LABELS.items():
        rates = [run.claims_per_s for run in figures[name]]
        of = middles[name] = Figures(
            median(rates),
            median(run.p50_ms for run in figures[name]),
            median(run.p99_ms for run in figures[name]),
        )
        rows.append((label, f"{of.claims_per_s:,.0f}", f"{of.p50_ms:.2f}", f"{of.p99_ms:.2f}", spread(rates)))
    mine = middles["service"]
    for name, other in list(middles.items())[1:]:
        ratios = (
            mine.claims_per_s / other.claims_per_s,
            mine.p50_ms / other.p50_ms,
            mine.p99_ms / other.p99_ms,
        )
        rows.append((f"service / {LABELS[name]}", *(f"{ratio:.2f}" for ratio in ratios), ""))
    peer = middles["peer"]
    return Part(
        "Claims",
        f"Medians of {len(figures['service'])} alternating runs of {seconds} s, {connections} connections, "
        "the server on one core and wrk on another. Half of the claims win, half come a moment too late; "
        "each is deduplicated, routed, journalled and on disk before it is answered. The peer (FastAPI, a "
        "dict, an `asyncio.Lock` for each shift) forgets everything when it stops. Without HTTP, the same "
        "claims go straight to ledger, desk and store. The floor is what a claim must write at the least, "
        f"an UPDATE and the INSERT of an event, in group commits of {connections} with the same pragmas; "
        "its times are those of a group.",
        ("", "claims/s", "p50 ms", "p99 ms", "lowest to highest claims/s"),
        tuple(rows),
        (
            Goal(
                f"Goal: {PEER_GOAL} times the peer's rate", mine.claims_per_s >= PEER_GOAL * peer.claims_per_s
            ),
            Goal("Goal: a p99 no worse than the peer's", mine.p99_ms <= peer.p99_ms),
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=1, help="length of one run (1)")
    parser.add_argument("--runs", type=int, default=15, help="runs of each (15)")
    parser.add_argument("--connections", type=int, default=64, help="kept open by wrk (64)")
    parser.add_argument("--shifts", type=int, help=f"fresh ones a run ({SHIFTS_PER_SECOND} a second)")
    options = parser.parse_args()
    if min(options.seconds, options.runs, options.connections) < 1:
        fail("--seconds, --runs and --connections are at least 1.")
    if options.shifts is not None and options.shifts <= LAG_PER_CONNECTION * options.connections:
        fail(f"--shifts must be more than {LAG_PER_CONNECTION} times --connections.")
    with interruptible():
        show(measure(options.runs, options.seconds, options.connections, options.shifts))


if __name__ == "__main__":
    main()
