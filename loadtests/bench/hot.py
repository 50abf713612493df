"""Ten thousand caregivers claim the same shift at once, compared with one claim of each of ten thousand."""

from pathlib import Path
from statistics import median

import httpx2

from loadtests.bench.load import (
    Burst,
    Ids,
    caregiver_row,
    checked,
    claim_line,
    claims_once,
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
from loadtests.servers import fail, say, service, serving

CLAIMS = 10_000
TEAM = 5  # caregivers, and shifts, of each role in the spread claims
OPENED_PER_SECOND = 1_500  # uvloop accepts one connection per turn, so many SYNs are sent again
PAGE = 1_000
SMALL = {"runs": 1, "claims": 20}


def prepare(folder: Path, claims: int) -> tuple[Path, str, list[str]]:
    """Writes `data.json`, `hot.txt` and `spread.txt`; returns the data, the hot shift and the others."""
    ids = Ids(1)
    hot = ids.new()
    spread_ids = [ids.new() for _ in range(claims)]
    shifts = [shift_row(hot, "hot", (0, 1))]
    caregivers = []
    for at, shift_id in enumerate(spread_ids):
        # Each caregiver of a team claims a different one of its shifts, which do not overlap.
        role, place = f"R{at // TEAM:05d}", at % TEAM
        shifts.append(shift_row(shift_id, role, (place, place + 1)))
        caregivers.append(caregiver_row(ids.new(), role, at))
    caregivers += [caregiver_row(ids.new(), "hot", claims + at) for at in range(claims)]
    write_roster(folder / "data.json", shifts, caregivers)
    order = ids.sample(range(claims), claims)
    for name, lines in (
        ("hot", (claim_line(claims + at, hot, ids.new()) for at in order)),
        ("spread", (claim_line(at, spread_ids[at], ids.new()) for at in order)),
    ):
        (folder / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines))
    return folder / "data.json", hot, spread_ids


def check_winner(url: str, shift_id: str, claims: int) -> None:
    """The journal must have one claim, by the caregiver who holds the shift, and everybody's reply."""
    claimed, replied, after = [], 0, 0
    while True:
        answer = httpx2.get(f"{url}/shifts/{shift_id}/events?after={after}&limit={PAGE}", timeout=60)
        events = checked(answer).json()["events"]
        if not events:
            break
        claimed += [event["data"]["caregiver_id"] for event in events if event["kind"] == "claimed"]
        replied += sum(event["kind"] == "replied" for event in events)
        after = events[-1]["seq"]
    holder = holder_of(checked(httpx2.get(f"{url}/shifts/{shift_id}", timeout=60)))
    if claimed != [holder] or replied != claims:
        fail(f"invalid run: claimed by {claimed}, held by {holder}, {replied:,} of {claims:,} replies.")


def measure(runs: int = 7, claims: int = CLAIMS) -> Section:
    """Every claim has a connection of its own."""
    server_core, client_core = two_cores(wrk=True)
    opening_s = 1 + claims / OPENED_PER_SECOND
    bursts: dict[str, list[Burst]] = {"hot": [], "spread": []}
    with workspace() as folder:
        data, hot, spread_ids = prepare(folder, claims)
        prepared = folder / "prepared.db"
        say(f"preparing {claims:,} shifts, and one that is offered to {claims:,} caregivers")
        load(data, prepared)
        fan_out(prepared, [hot, *spread_ids], server_core)
        for number in range(1, runs + 1):
            say(f"run {number} of {runs}")
            for name, asked, expected in (
                ("hot", [hot], {"claimed": 1, "already_claimed": claims - 1}),
                ("spread", spread_ids, {"claimed": claims}),
            ):
                with (
                    fresh_copy(prepared) as database,
                    serving(service(database), folder, server_core) as server,
                ):
                    start_fanouts(server.url, asked)
                    file = folder / f"{name}.txt"
                    burst = claims_once(server, file, claims, client_core, expected, opening_s)
                    say(f"  {name}: {burst}")
                    bursts[name].append(burst)
                    if name == "hot":
                        check_winner(server.url, hot, claims)
    return section(bursts, claims)


def section(bursts: dict[str, list[Burst]], claims: int) -> Section:
    rows = []
    medians = {}
    for name, label in (("hot", "one shift, claimed by all"), ("spread", "one shift for each claim")):
        rates = [burst.claims_per_s for burst in bursts[name]]
        of = medians[name] = [
            median(rates),
            median(burst.p50_ms for burst in bursts[name]),
            median(burst.p99_ms for burst in bursts[name]),
            median(burst.cpu_us for burst in bursts[name]),
        ]
        rows.append((label, f"{of[0]:,.0f}", *(f"{figure:,.0f}" for figure in of[1:]), spread(rates)))
    ratios = [hot / other for hot, other in zip(medians["hot"], medians["spread"], strict=True)]
    rows.append(("one / spread", *(f"{figure:.2f}" for figure in ratios), ""))
    return Section(
        "Hot shift",
        f"{claims:,} caregivers accept at the same moment, each over their own connection (wrk): all of them "
        f"one shift, or each a different one of {claims:,} shifts. The time runs from the first request to "
        "the last answer, so the latencies are those of a queue of that length. Every answer is checked: one "
        "`claimed`, all others `already_claimed`; the journal has one claim, by the caregiver who holds the "
        "shift.",
        ("", "claims/s", "p50 ms", "p99 ms", "server CPU µs per claim", "lowest to highest claims/s"),
        tuple(rows),
        (Goal("Goal: claims of one shift at least as fast as spread claims", ratios[0] >= 1),),
    )
