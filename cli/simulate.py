"""`fanout simulate`: how many of a scenario's shifts are filled, how soon, and at what cost."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from math import isfinite
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.errors import UserError
from cli.params import minutes
from cli.timeline import Timeline
from core.events import Entry, FanoutStarted
from core.model import EPOCH, LoadFile, Policy, Shift
from service.mistakes import explain
from sim.draws import BLOCK, draw
from sim.engines import agency, independent
from sim.outcomes import Estimate, Summary
from sim.runs import REPLICATION_DAYS, Engine, Result, Workers, days_for, shifts_in, simulate
from sim.scenario import BEGIN_MS, Scenario, ScenarioError, delay_policy, load

JOURNAL_SHIFTS = 1_000

ROWS: tuple[tuple[str, str], ...] = (
    ("fill_rate", "filled"), ("p_unfilled", "never filled"), ("p_escalated", "escalated to calls"),
    ("mean_fill_s", "mean time to fill, filled shifts"), ("median_fill_s", "median time to fill, all shifts"),
    ("p90_fill_s", "90 % filled after"), ("p95_fill_s", "95 % filled after"),
    ("mean_texts", "texts per shift"), ("mean_calls", "calls per shift"),
    ("mean_disturbed", "people disturbed per shift"), ("mean_cost", "cost per shift"),
)  # fmt: skip


def read_scenario(name: str, settings: Sequence[str]) -> Scenario:
    """The scenario of `--scenario` and `--set`. Raises `UserError`."""
    try:
        return load(name, settings)
    except ScenarioError as error:
        raise UserError(str(error)) from None
    except ValidationError as error:
        raise UserError(f"scenario {name}: {explain(error)}") from None


@contextmanager
def progress_bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, if that is a terminal. Yields a function that adds to it."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, advance=done)


def run(
    *,
    scenario: str,
    settings: Sequence[str],
    delay_ms: int,
    shifts: int | None,
    days: int | None,
    seed: int,
    engine: Engine,
    jobs: int | None,
    journal: Path | None,
    as_json: bool,
) -> None:
    """Prints the summary as a table or as JSON. Raises `UserError`.

    `journal`: where to write the journal of an agency's first week, or of the first thousand independent
    shifts; less if fewer days or shifts were asked for.
    """
    found, policy = read_scenario(scenario, settings), delay_policy(delay_ms)
    if journal is not None:
        alone = found.independent or engine == "numpy"
        some = shifts or (shifts_in(found, days) if days else JOURNAL_SHIFTS)
        week = days or (days_for(found, shifts) if shifts else REPLICATION_DAYS)
        first = min(some, BLOCK) if alone else min(week, REPLICATION_DAYS)
        try:
            with journal.open("w", encoding="utf-8") as file:
                entries = _journal(found, policy, seed, alone, first)
                file.writelines(f"{entry.line()}\n" for entry in entries)
        except OSError as error:
            raise UserError(f"cannot write {journal}: {error.strerror}") from None
    with Workers(jobs).running() as workers, progress_bar("shifts", shifts) as progress:
        try:
            result = simulate(
                found, policy, seed, workers, engine=engine, shifts=shifts, days=days, progress=progress
            )
        except ValueError as error:
            raise UserError(str(error)) from None
    if as_json:
        print(json.dumps({"stopped": result.stopped, **summary_json(result.summary)}))
    else:
        _print(result, found, settings, delay_ms, engine)


def _journal(scenario: Scenario, policy: Policy, seed: int, alone: bool, first: int) -> Iterable[Entry]:
    if alone:
        scenario = scenario.made_independent()
        return independent.journal(scenario, policy, draw(scenario, seed, 0), range(first))
    return agency.simulate(scenario, policy, seed, 0, first, journal=True).entries


def summary_json(summary: Summary) -> dict[str, Any]:
    """The summary as JSON. Infinite values, where too few shifts are ever filled, become null."""
    fields = {name: getattr(summary, name) for name, _ in ROWS}
    within = {f"{limit_s // 60}m": number(known) for limit_s, known in summary.filled_within.items()}
    return {
        "shifts": summary.shifts,
        **{name: number(known) for name, known in fields.items()},
        "filled_within": within,
    }


def number(known: Estimate) -> dict[str, float | None]:
    """An estimate as JSON."""
    return {name: value if isfinite(value) else None for name, value in known._asdict().items()}


def _print(
    result: Result, scenario: Scenario, settings: Sequence[str], delay_ms: int, engine: Engine
) -> None:
    summary = result.summary
    changed = f"\nbut with {', '.join(settings)}" if settings else ""
    title = f"{scenario.description}{changed}\nCalls after {minutes(delay_ms)}"
    table = Table(title=title, title_justify="left")
    table.add_column("", no_wrap=True)
    for heading in ("estimate", "95 % interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    shares = ("fill_rate", "p_unfilled", "p_escalated")
    for name, label in ROWS:
        style: Callable[[float], str] = _two
        if name in shares:
            style = percent
        elif name.endswith("_s"):
            style = minutes_and_seconds
        elif name == "mean_cost":
            style = _money
        known = getattr(summary, name)
        table.add_row(label, style(known.value), _interval(known, style))
        if name == "p95_fill_s":
            for limit_s, share in summary.filled_within.items():
                table.add_row(
                    f"filled within {limit_s // 60} min", percent(share.value), _interval(share, percent)
                )
    console = Console(markup=False)
    console.print(table)
    how = "the NumPy engine" if engine == "numpy" else "SimPy through the core"
    console.print(
        f"{summary.shifts:,} shifts by {how}; it stopped because {result.stopped}.", highlight=False
    )
    if engine == "numpy" and not scenario.independent:
        told = "The NumPy engine ignores shared caregivers and send rates; --engine simpy simulates both."
        console.print(told, highlight=False)


def _interval(known: Estimate, style: Callable[[float], str]) -> str:
    if isfinite(known.value) and not isfinite(known.half_width) and style is not minutes_and_seconds:
        return "unknown"
    if not isfinite(known.low):
        return "-"
    return f"{style(known.low)} to {style(known.high)}"


def percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def minutes_and_seconds(seconds: float | None) -> str:
    """A time as minutes and seconds; "never" if it is infinite, or null in a report."""
    if seconds is None or not isfinite(seconds):
        return "never"
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02} min"


def _money(dollars: float) -> str:
    return f"${dollars:.4f}"


def _two(value: float) -> str:
    return f"{value:.2f}"


def replay(
    *,
    scenario: str,
    settings: Sequence[str],
    delay_ms: int,
    seed: int,
    engine: Engine,
    which: str,
    as_json: bool,
) -> None:
    """Prints the story of one shift, `WEEK:SHIFT`, or a block and a shift in it if shifts are independent."""
    found, policy = read_scenario(scenario, settings), delay_policy(delay_ms)
    block_text, _, shift_text = which.partition(":")
    if not (block_text.isdecimal() and shift_text.isdecimal()):
        raise UserError(f"{which!r} is not a shift: write WEEK:SHIFT, such as 0:17")
    block, at = int(block_text), int(shift_text)
    if found.independent or engine == "numpy":
        if at >= BLOCK:
            raise UserError(f"a block has shifts 0 to {BLOCK - 1}")
        alone = found.made_independent()
        entries = independent.story(alone, policy, draw(alone, seed, block), at, BEGIN_MS)
    else:
        journal = agency.simulate(found, policy, seed, block, REPLICATION_DAYS, journal=True).entries
        shifts = list(dict.fromkeys(entry.shift_id for entry in journal if entry.shift_id is not None))
        if at >= len(shifts):
            raise UserError(f"week {block} has {f'shifts 0 to {len(shifts) - 1}' if shifts else 'no shifts'}")
        entries = [entry for entry in journal if entry.shift_id == shifts[at]]
    if as_json:
        for entry in entries:
            print(entry.line())
    else:
        _print_story(entries)


def _print_story(entries: Sequence[Entry]) -> None:
    """Prints the story as the demo does."""
    begun = next(entry for entry in entries if isinstance(entry.event, FanoutStarted))
    assert isinstance(begun.event, FanoutStarted)
    assert begun.shift_id is not None
    shift = Shift(
        id=begun.shift_id,
        organization_id="simulated",
        role_required=begun.event.role,
        start_time=EPOCH + timedelta(milliseconds=begun.event.start_ms),
        end_time=EPOCH + timedelta(milliseconds=begun.event.end_ms),
    )
    Timeline(Console(highlight=False), LoadFile(shifts=(shift,)), "UTC").show(entries)
