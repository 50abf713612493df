"""How long the checker takes for a million requests: one race of a thousand for each of a thousand shifts.

uv run python -m loadtests.bench.checker
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from loadtests.bench.part import Goal, Part, command, spread
from loadtests.check.checker import check
from loadtests.check.history import Begin, Operation, Recorder, read
from loadtests.servers import fail

SHIFTS, CLAIMANTS, FILES = 1_000, 1_000, 2
LIMIT_S = 5.0
RUNS = 5


def write(folder: Path, shifts: int, claimants: int) -> None:
    """The history of a run in which everything went well, in as many files as processes wrote it."""
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
                    Operation(
                        "claim", member, f"race-00000000-{shift}", f"race-00000000-{shift % 40}-{member}",
                        f"00000000-{member}-{shift}", opened_ns, invoke_ns, invoke_ns + 50_000_000,
                        "claimed" if won else "refused", "claimed" if won else "already_claimed",
                    )
                )  # fmt: skip
        recorder.close(1, finished=True)


def measure(runs: int = RUNS, shifts: int = SHIFTS, claimants: int = CLAIMANTS) -> Part:
    """The time to read the files and to judge what they say."""
    reading_s, judging_s = [], []
    with tempfile.TemporaryDirectory(prefix="bench-check-") as temporary:
        write(Path(temporary), shifts, claimants)
        for _ in range(runs):
            begun = time.perf_counter()
            history = read([Path(temporary)])
            known = time.perf_counter()
            verdict = check(history)
            judged = time.perf_counter()
            if verdict.word != "sound":
                fail(f"the history is called {verdict.word}: {verdict.violations or verdict.doubts}")
            reading_s.append(known - begun)
            judging_s.append(judged - known)
    together_s = [one + other for one, other in zip(reading_s, judging_s, strict=True)]
    rows = [
        (name, f"{median(seconds):.2f}", f"{median(seconds) / LIMIT_S:.2f}", spread(seconds, ".2f"))
        for name, seconds in (("reading", reading_s), ("judging", judging_s), ("both", together_s))
    ]
    return Part(
        title="The checker",
        about=(
            f"{shifts * claimants:,} claims, {claimants:,} of each of {shifts:,} shifts, in {FILES} files: "
            f"read, validated and judged on one core. Medians of {runs} runs."
        ),
        head=("", "s", f"of {LIMIT_S:g} s", "lowest to highest"),
        rows=tuple(rows),
        goals=(Goal("A million requests are judged in under 5 s", median(together_s) < LIMIT_S),),
    )


if __name__ == "__main__":
    command(__doc__ or "", measure, RUNS)
