"""How soon the command and the service start, and how much memory a service with many shifts needs."""

import re
import time
from pathlib import Path
from statistics import median

import httpx2

from loadtests.bench.claims import Workload
from loadtests.bench.load import load, start_fanouts, two_cores, workspace
from loadtests.bench.section import Goal, Section
from loadtests.servers import FANOUT, fail, run, say, service, serving

HELP_S, READY_S, RESIDENT_MB = 0.5, 1.5, 120
SHIFTS = 100_000
FANOUTS = 8_000  # started before the memory is read
PAGE = 1_000  # shifts in the page that is then requested
SMALL = {"runs": 1, "shifts": 200, "fanouts": 20}


def seconds_of(command: list[str]) -> float:
    begun = time.perf_counter()
    run(command)
    return time.perf_counter() - begun


def seconds_to_ready(folder: Path, core: int, number: int) -> float:
    """From the start of the process to its first answer at /ready, on a database that does not exist yet."""
    begun = time.perf_counter()
    with serving(service(folder / f"ready{number}.db"), folder, core):
        return time.perf_counter() - begun


def resident_mb(folder: Path, core: int, shifts: int, fanouts: int) -> float:
    """The service's resident memory with this many shifts, after some work."""
    workload = Workload(shifts, connections=1)
    workload.write(folder / "data.json", folder / "claims.txt")
    say(f"loading {shifts:,} shifts")
    load(folder / "data.json", folder / "full.db")
    with serving(service(folder / "full.db"), folder, core) as server:
        start_fanouts(server.url, [shift_id for shift_id, _, _ in workload.claimed[:fanouts]])
        if not httpx2.get(f"{server.url}/shifts?limit={PAGE}", timeout=60).is_success:
            fail(f"GET /shifts?limit={PAGE} was not answered with 200")
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())
    if found is None:
        fail("/proc does not contain the memory of a process on this system")
    return int(found[1]) * 1024 / 1e6


def measure(runs: int = 5, shifts: int = SHIFTS, fanouts: int = FANOUTS) -> Section:
    core, _ = two_cores()
    with workspace() as folder:
        help_s = median(seconds_of([FANOUT, "--help"]) for _ in range(runs))
        ready_s = median(seconds_to_ready(folder, core, number) for number in range(runs))
        memory_mb = resident_mb(folder, core, shifts, fanouts)
    figures = (
        ("`fanout --help`, s", help_s, HELP_S),
        ("start to ready, s", ready_s, READY_S),
        (f"resident with {shifts:,} shifts, MB", memory_mb, RESIDENT_MB),
    )
    return Section(
        "Start and memory",
        f"Medians of {runs} starts: of the command, and of the service to its first answer at `/ready`, on "
        f"one core. Memory (VmRSS) with {shifts:,} shifts, after {fanouts:,} fanouts and a request for "
        f"{PAGE:,} shifts.",
        ("", "measured", "limit", "ratio"),
        tuple(
            (label, f"{figure:.2f}", f"{limit:g}", f"{figure / limit:.2f}")
            for label, figure, limit in figures
        ),
        tuple(Goal(f"Goal: {label} at most {limit:g}", figure <= limit) for label, figure, limit in figures),
    )
