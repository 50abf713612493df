"""What a part of the benchmarks found, and how it is shown: on a terminal and in docs/performance.md."""

import argparse
import platform
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill

from loadtests.servers import fail, run

WIDTH = 110


@dataclass(frozen=True)
class Goal:
    sentence: str
    reached: bool

    def __str__(self) -> str:
        return f"{self.sentence}: {'reached' if self.reached else 'not reached'}."


@dataclass(frozen=True)
class Part:
    """`about`: a few sentences on what was measured and how. The first cell of a row says what it is."""

    title: str
    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    goals: tuple[Goal, ...] = ()

    def text(self) -> str:
        """For a terminal."""
        first, *others = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = []
        for what, *cells in (self.head, *self.rows):
            padded = [f"{cell:>{width}}" for cell, width in zip(cells, others, strict=True)]
            lines.append("  ".join([f"{what:<{first}}", *padded]))
        return "\n".join([self.title, "", *lines, "", *map(str, self.goals)]).rstrip()

    def markdown(self) -> str:
        rule = ["---", *["---:"] * (len(self.head) - 1)]
        table = ["| " + " | ".join(row) + " |" for row in (self.head, rule, *self.rows)]
        goals = [f"- {goal}" for goal in self.goals]
        return "\n".join([f"## {self.title}", "", fill(self.about, WIDTH), "", *table, "", *goals]).rstrip()


def spread(figures: Sequence[float], form: str = ",.0f") -> str:
    """The lowest and the highest of several runs."""
    return f"{min(figures):{form}} to {max(figures):{form}}"


def machine() -> str:
    """Where and when the figures were measured, in one sentence."""
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    file_system = run(["df", "--output=fstype", tempfile.gettempdir()]).split()[-1]
    return (
        f"{cpu[1] if cpu else platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, databases on {file_system}, {time.strftime('%Y-%m-%d')}"
    )


def show(part: Part) -> None:
    print(f"{machine()}\n\n{part.text()}")


def command(about: str, measure: Callable[[int], Part], runs: int) -> None:
    """A part's own command. `runs`: of each thing that is compared, unless `--runs` says otherwise."""
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=runs, help=f"of each thing that is compared ({runs})")
    chosen = parser.parse_args().runs
    if chosen < 1:
        fail("--runs is at least 1.")
    with interruptible():
        show(measure(chosen))


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends the program with a sentence."""
    try:
        yield
    except KeyboardInterrupt:
        fail("interrupted; everything that was started has been stopped, and nothing written.")
