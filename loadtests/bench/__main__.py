"""Runs every benchmark and writes docs/performance.md.

    uv run python -m loadtests.bench

Takes about half an hour. Each part can be run alone, as `python -m loadtests.bench.NAME`, or with `--only`.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from loadtests.bench import checker, claims, escalations, fanout, growth, hot, start
from loadtests.bench.load import two_cores
from loadtests.bench.part import Part, interruptible, machine
from loadtests.servers import say

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
PARTS: dict[str, Callable[[], Part]] = {
    "claims": claims.measure,
    "hot": hot.measure,
    "fanout": fanout.measure,
    "escalations": escalations.measure,
    "growth": growth.measure,
    "start": start.measure,
    "check": checker.measure,
}
INTRODUCTION = """# Performance

Written by `uv run python -m loadtests.bench`; do not edit.
{machine}.

The server has one core, whoever asks it another. What is compared was measured in alternating runs, each
in a fresh process on a fresh copy of the same data; figures are medians, and ratios are of medians. Every run
checks the answers and ends the benchmark if they are wrong. Other machines give other figures; the ratios
tell more.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, help="print these parts and write nothing")
    only = parser.parse_args().only
    two_cores()  # fails before anything has been measured
    parts = []
    with interruptible():
        for name in only or PARTS:
            say(f"--- {name}")
            parts.append(PARTS[name]())
            print(f"{parts[-1].text()}\n", flush=True)
    if not only:
        write(PAGE, parts)
        say(f"wrote {PAGE}")


def write(page: Path, parts: list[Part]) -> None:
    """All of the page or nothing."""
    new = page.with_suffix(".new")
    sections = [INTRODUCTION.format(machine=machine()), *(f"{part.markdown()}\n" for part in parts)]
    new.write_text("\n".join(sections))
    new.replace(page)


if __name__ == "__main__":
    main()
