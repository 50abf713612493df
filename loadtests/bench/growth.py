"""What a claim costs while the database grows from a thousand shifts to a million.

uv run python -m loadtests.bench.growth
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from loadtests.bench.load import (
    FAST,
    Ids,
    Wave,
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
    tell,
    two_cores,
    workspace,
    write_roster,
)
from loadtests.bench.part import Goal, Part, command
from loadtests.servers import say, service, serving

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CONTESTED = 1_000  # shifts that are claimed, the same in every size
TEAM, SHIFTS_OF_A_TEAM = 5, 5  # few shifts, because nobody gets two texts within a second
CONNECTIONS = 64
LIMIT = 1.3
# In the past, one caregiver was asked at a time.
PAST_POLICY = {"rounds": [{"after_s": 0, "channel": "sms", "limit": 1}], "answer_window_s": 600}


class Agency:
    """Teams of caregivers, the shifts they have had, and the later ones that they contest."""

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
        # The first claims of all shifts win; the others of a team come when their own turn does.
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
    """A database in which every shift of the past was offered, claimed and confirmed."""
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
    """Databases of so many shifts, of which the contested ones are open and all their offers sent."""
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


def measure(runs: int = 7, sizes: Sequence[int] = SIZES, contested: int = CONTESTED) -> Part:
    server_core, client_core = two_cores()
    agency = Agency(contested)
    expected = {"claimed": contested, "already_claimed": contested * (TEAM - 1)}
    waves: dict[int, list[Wave]] = {size: [] for size in sizes}
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
                    wave = claims_once(server, claims, CONNECTIONS, client_core, expected)
                    tell(f"{size:,} shifts", wave)
                    waves[size].append(wave)
    return part(waves, megabytes)


def part(waves: dict[int, list[Wave]], megabytes: dict[int, float]) -> Part:
    cost_us = {size: median(1e6 / wave.claims_per_s for wave in of) for size, of in waves.items()}
    cpu_us = {size: median(wave.cpu_us for wave in of) for size, of in waves.items()}
    p99_ms = {size: median(wave.p99_ms for wave in of) for size, of in waves.items()}
    first, last = min(waves), max(waves)
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
        for size in waves
    ]
    return Part(
        "Growth",
        "The same claims of the same shifts (each is claimed by a whole team, one wins) with more and more "
        "shifts in the database, 64 connections of wrk. The others are past: each was offered by text, "
        "claimed and confirmed, so all tables and indexes are as large as they get. They come from shifts "
        "that went through the service, whose rows were copied under new ids and earlier times.",
        ("", "MB", "µs a claim", "ratio", "server CPU µs", "ratio", "p99 ms"),
        tuple(rows),
        (
            Goal(
                f"Goal: cost per claim flat within {LIMIT} times up to {last:,} shifts",
                max(cost_us.values()) / cost_us[first] <= LIMIT,
            ),
        ),
    )


if __name__ == "__main__":
    command(__doc__ or "", measure, 7)
