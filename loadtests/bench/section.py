"""The result of a benchmark: a section of docs/performance.md, or a table on the terminal."""

import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from loadtests.machine import processor
from loadtests.servers import run

WIDTH = 110


@dataclass(frozen=True)
class Goal:
    sentence: str
    reached: bool

    def __str__(self) -> str:
        return f"{self.sentence}: {'reached' if self.reached else 'not reached'}."


@dataclass(frozen=True)
class Section:
    """`about`: a few sentences on what was measured and how. The first cell of each row is its label."""

    title: str
    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    goals: tuple[Goal, ...] = ()

    def text(self) -> str:
        """For a terminal."""
        first, *others = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = []
        for label, *cells in (self.head, *self.rows):
            padded = [f"{cell:>{width}}" for cell, width in zip(cells, others, strict=True)]
            lines.append("  ".join([f"{label:<{first}}", *padded]).rstrip())
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
    """Where and when the figures were measured, as one sentence without a period."""
    file_system = run(["df", "--output=fstype", tempfile.gettempdir()]).split()[-1]
    return (
        f"{processor()}, {platform.system()}, "
        f"Python {platform.python_version()}, databases on {file_system}, {time.strftime('%Y-%m-%d')}"
    )
