"""Durations on the command line (90s, 10m, 1.5h), ranges of durations, and percentages."""

import re
from typing import Any

import click

_UNITS_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smh])")
# The longest that a policy may wait.
LONGEST_MS = 7 * 24 * 3_600_000
MOST_DELAYS = 1_000


def duration_ms(text: str) -> int:
    """Milliseconds of `90s`, `10m` or `1.5h`. Raises `ValueError`."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a duration: write 90s, 10m or 1.5h")
    ms = round(float(found[1]) * _UNITS_MS[found[2]])
    if ms % 1000 or ms > LONGEST_MS:
        raise ValueError(f"{text} must be a whole number of seconds, and at most seven days")
    return ms


def minutes(ms: int) -> str:
    """The duration as a person would write it: 10 min, 90 s, or 30 h."""
    if ms >= 2 * 3_600_000 and ms % 3_600_000 == 0:
        return f"{ms // 3_600_000} h"
    return f"{ms // 60_000} min" if ms % 60_000 == 0 else f"{ms // 1000} s"


class Duration(click.ParamType[int]):
    """A duration in milliseconds, written as 90s, 10m or 1.5h."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return duration_ms(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Percentage(click.ParamType[float]):
    """A share, written as 1% or 0.01: more than 0 and at most one half."""

    name = "percentage"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d*\.?\d+)(%?)", value.strip())
        share = float(found[1]) / (100 if found[2] else 1) if found else 0.0
        if not 0 < share <= 0.5:
            self.fail(f"{value!r} is not a precision: write 1% or 0.01, at most 50%", param, ctx)
        return share


class Durations(click.ParamType[tuple[int, ...]]):
    """Durations in milliseconds: `1m:60m:1m` (from, to, step), or a list such as `5m,10m,20m`."""

    name = "durations"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return _durations(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _durations(text: str) -> tuple[int, ...]:
    if ":" in text:
        parts = text.split(":")
        if len(parts) != 3:
            raise ValueError(f"{text!r} is not a range: write from:to:step, such as 1m:60m:1m")
        first, last, step = map(duration_ms, parts)
        if step == 0 or first > last:
            raise ValueError(f"{text!r} is out of order: write from:to:step, such as 1m:60m:1m")
        times = tuple(range(first, last + 1, step))
    else:
        times = tuple(map(duration_ms, text.split(",")))
        if list(times) != sorted(set(times)):
            raise ValueError(f"{text!r} is out of order: give each delay once, the shortest one first")
    if len(times) > MOST_DELAYS:
        raise ValueError(f"{text!r} has {len(times):,} delays; give at most {MOST_DELAYS:,}")
    return times
