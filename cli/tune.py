"""`fanout tune`: which escalation delay to choose, and why."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table

from cli.errors import UserError
from cli.params import minutes
from cli.simulate import minutes_and_seconds, number, progress_bar, read_scenario
from core.model import Policy
from service.mistakes import explain
from sim import plots
from sim.outcomes import Estimate
from sim.runs import Backend, Workers
from sim.scenario import Scenario, delay_policy
from sim.tuning import (
    Choice,
    Comparison,
    Confirmation,
    Screening,
    Target,
    TargetUnmet,
    TooFewShifts,
    choose,
    confirm,
    confirming,
    rerun,
    screen,
)

_POLICIES: TypeAdapter[dict[str, Policy]] = TypeAdapter(dict[str, Policy])


class Unmet(UserError):
    """No delay meets the target."""

    exit_code = 3


def run(
    *,
    scenario: str,
    settings: Sequence[str],
    delays_ms: Sequence[int],
    target: str,
    precision: float,
    seed: int,
    jobs: int | None,
    backend: Backend,
    out: Path,
    policies: Path | None,
    as_json: bool,
) -> None:
    """Prints the recommendation with its evidence and writes tune.json, curves.csv and the plots into `out`.

    Raises `UserError`, or `Unmet` if no delay meets the target.
    """
    found = read_scenario(scenario, settings)
    try:
        aim = Target.parse(target)
    except ValueError as error:
        raise UserError(str(error)) from None
    named = _read_policies(policies) if policies else {}
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot write into {out}: {error.strerror}") from None
    try:
        with Workers(jobs, backend).running() as workers:
            with progress_bar("screening delays, shifts", None) as progress:
                screening = screen(found, delays_ms, seed, precision, workers, progress)
            choice = choose(screening, aim)
            pieces, _ = confirming(found)
            runs = (len(choice.looked_at_again(len(delays_ms))) + len(named)) * pieces
            with progress_bar("again in SimPy, runs", runs) as progress:
                again = confirm(found, screening, choice, seed, workers, progress)
                if named:
                    others = rerun(found, list(named.values()), seed, workers, progress)
                    again = replace(again, figures=again.figures.beside(others))
    except ImportError:
        raise UserError("dask is not installed: run pip install '.[dask]' in the clone") from None
    except TargetUnmet as error:
        raise Unmet(str(error)) from None
    except TooFewShifts as error:
        raise UserError(str(error)) from None
    report = _report(found, screening, choice, again, list(named))
    try:
        (out / "tune.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        _write_curves(screening, out / "curves.csv")
        drawn = choice if again.at is None else replace(choice, at=again.at)
        plots.curves(screening, drawn).savefig(out / "curves.png")
        plots.pareto(screening, drawn).savefig(out / "pareto.png")
    except OSError as error:
        raise UserError(f"cannot write into {out}: {error.strerror}") from None
    if as_json:
        print(json.dumps(report))
    else:
        _print(report, screening, choice, out)


def _read_policies(path: Path) -> dict[str, Policy]:
    """Named policies from a JSON object; each is written as for PUT /policies."""
    try:
        return _POLICIES.validate_json(path.read_bytes())
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from None
    except ValidationError as error:
        raise UserError(f"{path}: {explain(error)}") from None


# --- the report -------------------------------------------------------------------------------------


def _report(
    scenario: Scenario, screening: Screening, choice: Choice, again: Confirmation, named: Sequence[str]
) -> dict[str, Any]:
    delays, target, figures = screening.delays_ms, choice.target, again.figures
    rows = _rows(figures, target)
    held = again.places.index(choice.at if again.at is None else again.at)
    return {
        "scenario": scenario.model_dump(mode="json"),
        "target": str(target),
        "shifts": int(screening.figures.shifts.sum()),
        "converged": screening.converged,
        "recommended_s": None if again.at is None else delays[again.at] // 1000,
        "screened_s": delays[choice.at] // 1000,
        "best_s": delays[choice.best] // 1000,
        "margin": number(choice.margin),
        "delays": [
            {"delay_s": delay_ms // 1000} | row
            for delay_ms, row in zip(delays, _rows(screening.figures, target), strict=True)
        ],
        "neighbors": [
            {"delay_s": delays[at] // 1000} | _change(screening.figures, at, choice.at, target)
            for at in (choice.at - 1, choice.at + 1)
            if 0 <= at < len(delays)
        ],
        "simpy": {
            "shared_caregivers": scenario.shared_caregivers,
            "pace": scenario.limits.sms_ms > 0 or scenario.limits.voice_ms > 0,
            "shifts": int(figures.shifts.sum()),
            "verdict": _verdict(again.margins[choice.at]),
            "delays": [
                {"delay_s": delays[at] // 1000} | rows[k] | {"margin": number(again.margins[at])}
                for at, k in sorted((at, k) for k, at in enumerate(again.places))
            ],
            "policies": [
                {"name": name} | rows[k] | {"against_recommended": _change(figures, k, held, target)}
                for k, name in enumerate(named, len(again.places))
            ],
        },
    }


def _rows(figures: Comparison, target: Target) -> list[dict[str, Any]]:
    """The table's figures for each choice."""
    columns = {
        "filled_within": figures.per_shift(figures.within[target.limit_s]),
        "fill_rate": figures.per_shift(figures.filled),
        "mean_fill_s": figures.mean_fill_s(),
        "p_escalated": figures.per_shift(figures.escalated),
        "mean_calls": figures.per_shift(figures.calls),
        "mean_cost": figures.per_shift(figures.cost),
    }
    count = len(figures.mean_fill_s())
    return [{name: number(column[at]) for name, column in columns.items()} for at in range(count)]


def _change(figures: Comparison, other: int, one: int, target: Target) -> dict[str, Any]:
    """How much more `other` has than `one`, from paired differences."""
    return {
        "filled_within": number(figures.gain(figures.within[target.limit_s], other, one)),
        "mean_calls": number(figures.gain(figures.calls, other, one)),
        "mean_cost": number(figures.gain(figures.cost, other, one)),
    }


def _verdict(margin: Estimate) -> str:
    if margin.low >= 0:
        return "agrees"
    return "disagrees" if margin.high < 0 else "uncertain"


def _write_curves(screening: Screening, path: Path) -> None:
    figures = screening.figures
    columns: Mapping[str, Sequence[Estimate]] = {
        "fill_rate": figures.per_shift(figures.filled),
        **{f"filled_within_{s // 60}m": figures.per_shift(sums) for s, sums in figures.within.items()},
        "mean_fill_s": figures.mean_fill_s(),
        "p_escalated": figures.per_shift(figures.escalated),
        "mean_calls": figures.per_shift(figures.calls),
        "mean_cost": figures.per_shift(figures.cost),
    }
    quantiles = {f"p{level}_fill_s": screening.quantile_s(level / 100) for level in (50, 90, 95)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        heads = [f"{name}{part}" for name in columns for part in ("", "_low", "_high")]
        writer.writerow(["delay_s", *heads, *quantiles])
        for at, delay_ms in enumerate(screening.delays_ms):
            numbers = [value for known in columns.values() for value in known[at]]
            writer.writerow([delay_ms // 1000, *numbers, *(known[at] for known in quantiles.values())])


# --- what is printed --------------------------------------------------------------------------------


def _print(report: Mapping[str, Any], screening: Screening, choice: Choice, out: Path) -> None:
    console = Console(highlight=False, markup=False)
    limit = f"in {choice.target.limit_s // 60} min"
    delays = screening.delays_ms
    table = _table("Each shift on its own, unlimited send rates (the NumPy engine)", limit)
    step = max(1, len(delays) // 12)
    shown = sorted({*range(0, len(delays), step), *choice.looked_at_again(len(delays)), len(delays) - 1})
    for at in shown:
        _add_row(table, minutes(delays[at]), report["delays"][at], bold=at == choice.at)
    console.print(table)
    simpy = report["simpy"]
    told = " and ".join(
        what
        for what, there in (("shared caregivers", simpy["shared_caregivers"]), ("send rates", simpy["pace"]))
        if there
    )
    again = _table(f"Again in SimPy, through the core{', with ' * bool(told)}{told}", limit)
    for row in simpy["delays"]:
        delay_ms = row["delay_s"] * 1000
        _add_row(again, minutes(delay_ms), row, bold=delay_ms == delays[choice.at])
    for row in simpy["policies"]:
        _add_row(again, row["name"], row)
    console.print(again)
    for sentence in sentences(report):
        console.print(sentence)
    if report["recommended_s"] is not None:
        policy = delay_policy(1000 * report["recommended_s"]).model_dump_json(exclude_none=True)
        console.print(f"To use it: curl -X PUT localhost:8000/policies/default -d '{policy}'", soft_wrap=True)
    console.print(f"Written to {out}: tune.json, curves.csv, curves.png, pareto.png.", soft_wrap=True)


def _table(title: str, limit: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("calls after", f"filled {limit}", "ever", "mean time", "calls", "cost"):
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _add_row(table: Table, name: str, row: Mapping[str, Any], bold: bool = False) -> None:
    within, rate, calls = row["filled_within"], row["fill_rate"], row["mean_calls"]
    table.add_row(
        name,
        f"{100 * within['value']:.1f} ± {50 * (within['high'] - within['low']):.1f} %",
        f"{100 * rate['value']:.1f} %",
        minutes_and_seconds(row["mean_fill_s"]["value"]),
        f"{calls['value']:.2f} ± {(calls['high'] - calls['low']) / 2:.2f}",
        f"{100 * row['mean_cost']['value']:.1f} c",
        style="bold" if bold else None,
    )


def sentences(report: Mapping[str, Any]) -> list[str]:
    """The recommendation and its evidence in words."""
    screened = minutes(1000 * report["screened_s"])
    told = [
        f"Recommended: phone after {screened}, the cheapest delay that meets {report['target']} "
        f"(by {_points(report['margin'])} of {report['shifts']:,} shifts, the same for every delay)."
    ]
    told += [
        f"  {minutes(1000 * change['delay_s'])} instead: {_in_words(change)}."
        for change in report["neighbors"]
    ]
    simpy = report["simpy"]
    again = next(row for row in simpy["delays"] if row["delay_s"] == report["screened_s"])
    share, margin = again["filled_within"]["value"], again["margin"]
    of = f"({simpy['shifts']:,} shifts)"
    found = f"{100 * share:.1f} % filled in time, {_points(margin)} against the target {of}"
    if simpy["verdict"] == "agrees":
        told.append(f"SimPy agrees: {found}.")
    elif simpy["verdict"] == "uncertain":
        told.append(f"SimPy neither confirms nor contradicts it: {found}.")
    else:
        told[0] = told[0].replace("Recommended", "From the screening alone", 1)
        if report["recommended_s"] is None:
            advice = "Nothing is recommended: SimPy found no delay that meets the target."
        else:
            held = minutes(1000 * report["recommended_s"])
            advice = f"Recommended: phone after {held}, which meets the target in SimPy too."
        told += [f"SimPy disagrees: {found}.", advice]
    if not report["converged"]:
        told.append("Some figures are less precise than asked for; a longer run would take too long.")
    held = screened if report["recommended_s"] is None else minutes(1000 * report["recommended_s"])
    told += [
        f"{policy['name']} instead of {held}: {_in_words(policy['against_recommended'])}."
        for policy in simpy["policies"]
    ]
    return told


def _in_words(change: Mapping[str, Any]) -> str:
    calls, cents = change["mean_calls"]["value"], 100 * change["mean_cost"]["value"]
    in_time = _points(change["filled_within"])
    return f"{in_time} filled in time, {calls:+.2f} calls and {cents:+.2f} cents a shift"


def _points(known: Mapping[str, float]) -> str:
    low, high = 100 * known["low"], 100 * known["high"]
    return f"{100 * known['value']:+.2f} points ({low:+.2f} to {high:+.2f})"
