"""How the cost of a claim grows with the database, from a thousand shifts to a million."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from loadtests.bench.load import (
    FAST,
    Burst,
    Ids,
    bench_store,
    caregiver_row,
    claim_line,
    claims_once,
    drain,
    fan_out,
    fresh_copy,
    load,
    put_policies,
    send_all,
    shift_row,
    start_fanouts,
    two_cores,
    workspace,
    write_roster,
)
from loadtests.bench.section import Goal, Section
from loadtests.servers import say, service, serving

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CONTESTED = 1_000  # shifts that are claimed, the same for every size
TEAM, SHIFTS_OF_A_TEAM = 5, 5  # few shifts, because nobody gets two texts within a second
CONNECTIONS = 64
LIMIT = 1.3
SMALL: dict[str, Any] = {"runs": 1, "sizes": (1, 3), "contested": 1}
# In the past, one caregiver was contacted at a time.
PAST_POLICY = {"rounds": [{"after_s": 0, "channel": "sms", "limit": 1}], "answer_window_s": 600}


class Agency:
    """Teams of caregivers, their past shifts, and later shifts that all of a team will claim."""

    def __init__(self, contested: int) -> None:
        ids = Ids(2)
        self.teams = -(-contested // SHIFTS_OF_A_TEAM)
        self.caregivers = [
            caregiver_row(ids.new(), f"R{at // TEAM:05d}", at) for at in range(self.teams * TEAM)
        ]
        places = [(place, team) for place in range(SHIFTS_OF_A_TEAM) for team in range(self.teams)][
            :contested
        ]
        self.past = [(ids.new(), team, place) for place, team in places]
        self.contested = [(ids.new(), team, place + 2 * SHIFTS_OF_A_TEAM) for place, team in places]
        # First one caregiver claims each shift and wins; then the others of each team, one after another.
        order = ids.sample(self.contested, contested)
        self.claims = [
            claim_line(team * TEAM + (place + turn) % TEAM, shift_id, ids.new())
            for turn in range(TEAM)
            for shift_id, team, place in order
        ]
        self.past_claims = [claim_line(team * TEAM, shift_id, ids.new()) for shift_id, team, _ in self.past]

    def write(self, path: Path, shifts: list[tuple[str, int, int]]) -> Path:
        rows = (shift_row(shift_id, f"R{team:05d}", (hour, hour + 1)) for shift_id, team, hour in shifts)
        write_roster(path, rows, self.caregivers)
        return path


def make_past(agency: Agency, folder: Path, core: int) -> Path:
    """A database in which every past shift has been offered, claimed and confirmed."""
    past = folder / "past.db"
    load(agency.write(folder / "past.json", agency.past), past)
    with serving(service(past), folder, core, FAST) as server:
        put_policies(server.url, {"default": PAST_POLICY})
        start_fanouts(server.url, [shift_id for shift_id, _, _ in agency.past])
        drain(server.url)
        claims = [("POST", "/messages/inbound", line.encode()) for line in agency.past_claims]
        asyncio.run(send_all(server.url, claims))
        drain(server.url)
    return past


def make_sizes(agency: Agency, folder: Path, core: int, sizes: Sequence[int]) -> dict[int, Path]:
    """A database of each size, in which the contested shifts are open and their offers have been sent."""
    past, data = make_past(agency, folder, core), agency.write(folder / "data.json", agency.contested)
    databases = {}
    for size in sizes:
        say(f"preparing {size:,} shifts")
        database = databases[size] = folder / f"shifts{size}.db"
        copies = size // len(agency.contested) - 1
        if copies:
            rows = bench_store("grow", core, "--past", past, "--database", database, "--copies", copies - 1)
            say("  " + ", ".join(f"{count:,} {table}" for table, count in rows.items()))
        load(data, database)
        fan_out(database, [shift_id for shift_id, _, _ in agency.contested], core)
    return databases


def measure(runs: int = 7, sizes: Sequence[int] = SIZES, contested: int = CONTESTED) -> Section:
    server_core, client_core = two_cores(wrk=True)
    agency = Agency(contested)
    expected = {"claimed": contested, "already_claimed": contested * (TEAM - 1)}
    bursts: dict[int, list[Burst]] = {size: [] for size in sizes}
    with workspace() as folder:
        claims = folder / "claims.txt"
        claims.write_text("".join(f"{line}\n" for line in agency.claims))
        databases = make_sizes(agency, folder, server_core, sizes)
        megabytes = {size: database.stat().st_size / 1e6 for size, database in databases.items()}
        for number in range(1, runs + 1):
            say(f"run {number} of {runs}")
            for size, prepared in databases.items():
                with (
                    fresh_copy(prepared) as database,
                    serving(service(database), folder, server_core) as server,
                ):
                    start_fanouts(server.url, [shift_id for shift_id, _, _ in agency.contested])
                    burst = claims_once(server, claims, CONNECTIONS, client_core, expected)
                    say(f"  {size:,} shifts: {burst}")
                    bursts[size].append(burst)
    return section(bursts, megabytes)


def section(bursts: dict[int, list[Burst]], megabytes: dict[int, float]) -> Section:
    cost_us = {size: median(1e6 / burst.claims_per_s for burst in of) for size, of in bursts.items()}
    cpu_us = {size: median(burst.cpu_us for burst in of) for size, of in bursts.items()}
    p99_ms = {size: median(burst.p99_ms for burst in of) for size, of in bursts.items()}
    first, last = min(bursts), max(bursts)
    rows = [
        (
            f"{size:,} shifts",
            f"{megabytes[size]:,.0f}",
            f"{cost_us[size]:.1f}",
            f"{cost_us[size] / cost_us[first]:.2f}",
            f"{cpu_us[size]:.1f}",
            f"{cpu_us[size] / cpu_us[first]:.2f}",
            f"{p99_ms[size]:.1f}",
        )
        for size in bursts
    ]
    return Section(
        "Growth",
        "The same claims of the same shifts (a whole team claims each, one wins) with more and more shifts "
        f"in the database, {CONNECTIONS} connections of wrk. The other shifts are past: each was offered by "
        "text, claimed and confirmed, so all tables and indexes have their full size. They are copies, with "
        "new ids and earlier times, of shifts that went through the service.",
        ("", "MB", "µs per claim", "ratio", "server CPU µs", "ratio", "p99 ms"),
        tuple(rows),
        (
            Goal(
                f"Goal: with {last:,} shifts a claim costs at most {LIMIT:g} times as much as with {first:,}",
                max(cost_us.values()) / cost_us[first] <= LIMIT,
            ),
        ),
    )
