"""How soon the command and the service are there, and how much memory a full service needs.

    uv run python -m loadtests.bench.start

Every figure is printed beside its limit; the service has one core. Needs Linux.
"""

import os
import re
import time
from pathlib import Path
from statistics import median

import httpx2

from loadtests.bench.claims import Workload
from loadtests.bench.load import load, start_fanouts, workspace
from loadtests.bench.part import Goal, Part, command
from loadtests.servers import FANOUT, fail, run, say, service, serving

HELP_S, READY_S, RESIDENT_MB = 0.5, 1.5, 120
SHIFTS = 100_000
FANOUTS = 8_000  # started before the memory is looked at, and then a page of a thousand shifts is read


def seconds_of(command: list[str]) -> float:
    begun = time.perf_counter()
    run(command)
    return time.perf_counter() - begun


def seconds_to_ready(folder: Path, core: int, number: int) -> float:
    """From the start of the process to its first answer at /ready, on a database that is not there yet."""
    begun = time.perf_counter()
    with serving(service(folder / f"ready{number}.db"), folder, core):
        return time.perf_counter() - begun


def resident_mb(folder: Path, core: int) -> float:
    """VmRSS of a service with `SHIFTS` shifts, after some work."""
    workload = Workload(SHIFTS, connections=1)
    workload.write(folder / "data.json", folder / "claims.txt")
    say(f"loading {SHIFTS:,} shifts")
    load(folder / "data.json", folder / "full.db")
    with serving(service(folder / "full.db"), folder, core) as server:
        start_fanouts(server.url, [shift_id for shift_id, _, _ in workload.claimed[:FANOUTS]])
        if not httpx2.get(server.url + "/shifts?limit=1000", timeout=60).is_success:
            fail("GET /shifts?limit=1000 was not answered with 200")
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())
    if found is None:
        fail("/proc does not tell the memory of a process here")
    return int(found[1]) * 1024 / 1e6


def measure(runs: int = 5) -> Part:
    core = min(os.sched_getaffinity(0))
    with workspace() as folder:
        help_s = median(seconds_of([FANOUT, "--help"]) for _ in range(runs))
        ready_s = median(seconds_to_ready(folder, core, number) for number in range(runs))
        memory_mb = resident_mb(folder, core)
    figures = (
        ("`fanout --help`, s", help_s, HELP_S),
        ("start to ready, s", ready_s, READY_S),
        (f"resident with {SHIFTS:,} shifts, MB", memory_mb, RESIDENT_MB),
    )
    return Part(
        "Start and memory",
        f"Medians of {runs} starts: of the command, and of the service to its first answer at `/ready`, on "
        f"one core. Memory (VmRSS) with {SHIFTS:,} shifts, after {FANOUTS:,} fanouts and a page of a "
        "thousand.",
        ("", "measured", "limit", "ratio"),
        tuple((what, f"{it:.2f}", f"{limit:g}", f"{it / limit:.2f}") for what, it, limit in figures),
        tuple(Goal(f"Goal: {what} at most {limit:g}", it <= limit) for what, it, limit in figures),
    )


if __name__ == "__main__":
    command(__doc__ or "", measure, 5)
