"""Runs every benchmark and writes docs/performance.md.

    uv run python -m loadtests.bench

Takes about half an hour. `--only claims hot` runs some of them and prints the results instead. `--small`
uses small sizes, which show that everything works but give no useful figures.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from loadtests.bench import checker, claims, escalations, fanout, growth, hot, simulation, start
from loadtests.bench.load import two_cores
from loadtests.bench.section import Section, machine
from loadtests.servers import fail, say

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


class Benchmark(NamedTuple):
    """`measure` takes `runs` and its own sizes; `small`: those for `--small`. `wrk`: whether it needs wrk."""

    measure: Callable[..., Section]
    small: Mapping[str, Any]
    wrk: bool = False


BENCHMARKS = {
    "claims": Benchmark(claims.measure, claims.SMALL, wrk=True),
    "hot": Benchmark(hot.measure, hot.SMALL, wrk=True),
    "fanout": Benchmark(fanout.measure, fanout.SMALL),
    "escalations": Benchmark(escalations.measure, escalations.SMALL),
    "growth": Benchmark(growth.measure, growth.SMALL, wrk=True),
    "start": Benchmark(start.measure, start.SMALL),
    "checker": Benchmark(checker.measure, checker.SMALL),
    "simulation": Benchmark(simulation.measure, simulation.SMALL),
}
INTRODUCTION = """# Performance

Written by `uv run python -m loadtests.bench`; do not edit.
{machine}.

The server has one core, its client another. What is compared was measured in alternating runs, each in a new
process on a new copy of the same data. Figures are medians; ratios are ratios of medians. Every run checks
the answers and ends the benchmark if they are wrong. Other machines give other figures, so the ratios matter
more.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.bench", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--only", nargs="+", choices=BENCHMARKS, metavar="NAME",
        help=f"run and print only these, write nothing: {', '.join(BENCHMARKS)}",
    )  # fmt: skip
    parser.add_argument("--runs", type=int, help="runs of everything that is compared (each has its default)")
    parser.add_argument("--small", action="store_true", help="use small sizes and write nothing")
    options = parser.parse_args(arguments)
    if options.runs is not None and options.runs < 1:
        parser.error("--runs must be at least 1")
    chosen = [BENCHMARKS[name] for name in options.only or BENCHMARKS]
    two_cores(wrk=any(benchmark.wrk for benchmark in chosen))  # fails before anything has been measured
    complete = not (options.only or options.small)
    if not complete:
        print(f"{machine()}\n")
    sections = []
    try:
        for benchmark in chosen:
            sizes = dict(benchmark.small) if options.small else {}
            if options.runs is not None:
                sizes["runs"] = options.runs
            say(f"--- {benchmark.measure.__module__.rpartition('.')[2]}")
            sections.append(benchmark.measure(**sizes))
            print(f"{sections[-1].text()}\n", flush=True)
    except KeyboardInterrupt:
        fail("interrupted; all servers have been stopped and nothing was written.")
    if complete:
        write(PAGE, sections)
        say(f"wrote {PAGE}")


def write(page: Path, sections: Sequence[Section]) -> None:
    """Writes the whole page or nothing."""
    new = page.with_suffix(".new")
    texts = [INTRODUCTION.format(machine=machine()), *(f"{section.markdown()}\n" for section in sections)]
    new.write_text("\n".join(texts))
    new.replace(page)


if __name__ == "__main__":
    main(sys.argv[1:])
