"""How long the checker takes for a million requests: a thousand claims of each of a thousand shifts."""

import tempfile
import time
from pathlib import Path
from statistics import median

from loadtests.bench.section import Goal, Section, spread
from loadtests.check.checker import check
from loadtests.check.history import Begin, Recorder, Request, read
from loadtests.servers import fail

SHIFTS, CLAIMANTS, FILES = 1_000, 1_000, 2
LIMIT_S = 5.0
SMALL = {"runs": 1, "shifts": 4, "claimants": 5}


def write(folder: Path, shifts: int, claimants: int) -> None:
    """The history of a run without any violation, in one file for each process."""
    for process in range(FILES):
        recorder = Recorder(
            folder / f"{process}.jsonl", Begin("0", "race", process, "this", FILES, "2035-01-01T00:00:00Z")
        )
        for shift in range(process, shifts, FILES):
            opened_ns = shift * 100_000_000
            for member in range(claimants):
                invoke_ns = opened_ns + member * 10_000
                won = member == 0
                recorder.write(
                    Request(
                        "claim", member, f"race-00000000-{shift}", f"race-00000000-{shift % 40}-{member}",
                        f"00000000-{member}-{shift}", opened_ns, invoke_ns, invoke_ns + 50_000_000,
                        "claimed" if won else "refused", "claimed" if won else "already_claimed",
                    )
                )  # fmt: skip
        recorder.close(1, finished=True)


def measure(runs: int = 5, shifts: int = SHIFTS, claimants: int = CLAIMANTS) -> Section:
    """The time to read the files, and the time to judge what they contain."""
    reading_s, judging_s = [], []
    with tempfile.TemporaryDirectory(prefix="bench-checker-") as folder:
        write(Path(folder), shifts, claimants)
        for _ in range(runs):
            begun = time.perf_counter()
            history = read([Path(folder)])
            done_reading = time.perf_counter()
            verdict = check(history)
            judged = time.perf_counter()
            if verdict.word != "sound":
                fail(f"the verdict on the history is {verdict.word}: {verdict.violations or verdict.doubts}")
            reading_s.append(done_reading - begun)
            judging_s.append(judged - done_reading)
    both_s = [one + other for one, other in zip(reading_s, judging_s, strict=True)]
    rows = [
        (name, f"{median(seconds):.2f}", f"{median(seconds) / LIMIT_S:.2f}", spread(seconds, ".2f"))
        for name, seconds in (("reading", reading_s), ("judging", judging_s), ("both", both_s))
    ]
    return Section(
        title="The checker",
        about=(
            f"{shifts * claimants:,} claims, {claimants:,} of each of {shifts:,} shifts, in {FILES} files: "
            f"read, validated and judged on one core. Medians of {runs} runs."
        ),
        head=("", "s", f"of {LIMIT_S:g} s", "lowest to highest"),
        rows=tuple(rows),
        goals=(Goal(f"Goal: {shifts * claimants:,} requests judged in under 5 s", median(both_s) < LIMIT_S),),
    )
