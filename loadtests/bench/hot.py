"""Ten thousand caregivers claim one shift at the same moment, beside as many claims of as many shifts.

uv run python -m loadtests.bench.hot
"""

from pathlib import Path
from statistics import median

import httpx2

from loadtests.bench.load import (
    Ids,
    Wave,
    caregiver_row,
    claim_line,
    claims_once,
    fan_out,
    fresh_copy,
    good,
    holder_of,
    load,
    shift_row,
    start_fanouts,
    tell,
    two_cores,
    workspace,
    write_roster,
)
from loadtests.bench.part import Goal, Part, command, spread
from loadtests.servers import fail, say, service, serving

CLAIMS = 10_000
TEAM = 5  # caregivers, and shifts, of a role of the spread claims
OPENED_PER_SECOND = 1_500  # uvloop accepts one connection a turn, and many a SYN must be sent again
PAGE = 1_000


def prepare(folder: Path, claims: int) -> tuple[Path, str, list[str]]:
    """Writes `data.json`, `hot.txt` and `spread.txt`; returns the data, the hot shift and the others."""
    ids = Ids(1)
    hot = ids.new()
    spread_ids = [ids.new() for _ in range(claims)]
    shifts = [shift_row(hot, "hot", (0, 1))]
    caregivers = []
    for at, shift_id in enumerate(spread_ids):
        # Each caregiver of a team claims one of its shifts, at hours of its own.
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
    """One event of the journal says who claimed it, that caregiver has it, and all have been heard."""
    claimed, replied, after = [], 0, 0
    while True:
        answer = httpx2.get(f"{url}/shifts/{shift_id}/events?after={after}&limit={PAGE}", timeout=60)
        events = good(answer).json()["events"]
        if not events:
            break
        claimed += [event["data"]["caregiver_id"] for event in events if event["kind"] == "claimed"]
        replied += sum(event["kind"] == "replied" for event in events)
        after = events[-1]["seq"]
    holder = holder_of(good(httpx2.get(f"{url}/shifts/{shift_id}", timeout=60)))
    if claimed != [holder] or replied != claims:
        fail(f"invalid run: claimed by {claimed}, held by {holder}, {replied:,} of {claims:,} replies.")


def measure(runs: int = 7, claims: int = CLAIMS) -> Part:
    """Every claim has a connection of its own."""
    server_core, client_core = two_cores()
    opening_s = 1 + claims / OPENED_PER_SECOND
    waves: dict[str, list[Wave]] = {"hot": [], "spread": []}
    with workspace() as folder:
        data, hot, spread_ids = prepare(folder, claims)
        prepared = folder / "prepared.db"
        say(f"preparing {claims:,} shifts, and one that {claims:,} caregivers are asked about")
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
                    wave = claims_once(server, file, claims, client_core, expected, opening_s)
                    tell(name, wave)
                    waves[name].append(wave)
                    if name == "hot":
                        check_winner(server.url, hot, claims)
    return part(waves, claims)


def part(waves: dict[str, list[Wave]], claims: int) -> Part:
    rows = []
    middles = {}
    for name, label in (("hot", "one shift, all claim it"), ("spread", "a shift for each claim")):
        rates = [wave.claims_per_s for wave in waves[name]]
        of = middles[name] = [
            median(rates),
            median(wave.p50_ms for wave in waves[name]),
            median(wave.p99_ms for wave in waves[name]),
            median(wave.cpu_us for wave in waves[name]),
        ]
        rows.append((label, f"{of[0]:,.0f}", *(f"{figure:,.0f}" for figure in of[1:]), spread(rates)))
    ratios = [hot / other for hot, other in zip(middles["hot"], middles["spread"], strict=True)]
    rows.append(("one / spread", *(f"{figure:.2f}" for figure in ratios), ""))
    return Part(
        "Hot shift",
        f"{claims:,} caregivers have been asked, and all of them say yes at the same moment, each over a "
        f"connection of its own (wrk): to one shift, or each to another of {claims:,} shifts. The time runs "
        "from the first request to the last answer, so the latencies are those of a queue of that length. "
        "Every answer was read: one `claimed`, all others `already_claimed`; the journal has one claim, of "
        "whom the shift names.",
        ("", "claims/s", "p50 ms", "p99 ms", "server CPU µs a claim", "lowest to highest claims/s"),
        tuple(rows),
        (Goal("Goal: throughput on one shift no lower than that of spread claims", ratios[0] >= 1),),
    )


if __name__ == "__main__":
    command(__doc__ or "", measure, 7)
