"""How soon the command and the service are there, and how much memory a full service needs.

    uv run python -m loadtests.bench_start

Every figure is printed beside its limit; the service has one core. Needs Linux.
"""

import argparse
import asyncio
import os
import re
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx2

from loadtests.bench_claims import Workload, start_fanouts
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
    run([FANOUT, "load", str(folder / "data.json"), "--database", str(folder / "full.db")])
    with serving(service(folder / "full.db"), folder, core) as server:
        asyncio.run(start_fanouts(server.url, [shift_id for shift_id, _, _ in workload.claimed[:FANOUTS]]))
        if not httpx2.get(server.url + "/shifts?limit=1000", timeout=60).is_success:
            fail("GET /shifts?limit=1000 was not answered with 200")
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())
    if found is None:
        fail("/proc does not tell the memory of a process here")
    return int(found[1]) * 1024 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each timing (5)")
    options = parser.parse_args()
    if options.runs < 1:
        fail("--runs is at least 1.")
    core = min(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="bench-start-") as temporary:
        folder = Path(temporary)
        help_s = median(seconds_of([FANOUT, "--help"]) for _ in range(options.runs))
        ready_s = median(seconds_to_ready(folder, core, number) for number in range(options.runs))
        memory_mb = resident_mb(folder, core)
    print(f"{'':<44}{'measured':>10}{'limit':>8}{'ratio':>8}")
    for what, figure, limit in (
        (f"fanout --help, s (median of {options.runs})", help_s, HELP_S),
        (f"start to ready, s (median of {options.runs})", ready_s, READY_S),
        (f"resident with {SHIFTS:,} shifts, MB", memory_mb, RESIDENT_MB),
    ):
        print(f"{what:<44}{figure:>10.2f}{limit:>8g}{figure / limit:>8.2f}")


if __name__ == "__main__":
    main()
