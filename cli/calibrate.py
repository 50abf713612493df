"""`fanout calibrate`: the scenario that fits a journal."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cli.errors import UserError
from sim.calibration import journal
from sim.calibration.fit import PARAMETERS, Calibration, CalibrationError, Fitted, calibrate, shown
from sim.calibration.journal import JournalError
from sim.calibration.plot import plot as draw


def run(path: Path, out: Path | None, plot: Path | None, as_json: bool) -> None:
    """Prints what the journal in `path` says, and what it leaves open.

    `out`: where to write the scenario, replacing any file there. `plot`: where to write the plot; None means
    next to the scenario, if that is written. Raises `UserError` for mistakes that the user can fix.
    """
    try:
        found = calibrate(journal.read(path))
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from None
    except (JournalError, CalibrationError) as error:
        raise UserError(f"{path}: {error}") from None
    plot = plot or (out and out.with_suffix(".png"))
    if plot is not None and plot == out:
        raise UserError(f"{out} cannot be both the scenario and the plot; give another file with --plot")
    try:
        if out is not None:
            out.write_text(found.scenario.toml(), encoding="utf-8")
        if plot is not None:
            draw(found.everyone).savefig(plot, format="png")
    except OSError as error:
        raise UserError(f"cannot write {error.filename}: {error.strerror}") from None
    if as_json:
        print(json.dumps(_as_json(found), indent=2))
    else:
        _print(found)
        for what, where in (("The scenario", out), ("The plot", plot)):
            if where is not None:
                print(f"{what} is in {where}.")


def _as_json(found: Calibration) -> dict[str, object]:
    groups = (found.everyone, *found.roles)
    return {
        "parameters": {g.name: {name: _numbers(g.fitted[name]) for name in PARAMETERS} for g in groups},
        "notes": found.notes,
        "scenario": found.scenario.model_dump(mode="json"),
    }


def _numbers(fitted: Fitted) -> dict[str, float | int | None]:
    value, low, high = fitted.estimate or (None, None, None)
    return {"value": value, "low": low, "high": high, "n": fitted.n}


def _print(found: Calibration) -> None:
    console = Console(highlight=False, markup=False)
    title = "What the journal says, with 95 % intervals"
    table = Table("parameter", "role", title=title, title_justify="left")
    for column in ("value", "low", "high", "n"):
        table.add_column(column, justify="right")
    groups = (found.everyone, *found.roles) if len(found.roles) > 1 else (found.everyone,)
    for name in PARAMETERS:
        for group in groups:
            fitted = group.fitted[name]
            numbers = [shown(name, number) for number in fitted.estimate] if fitted.estimate else ["-"] * 3
            first = group is found.everyone
            table.add_row(name if first else "", group.name, *numbers, f"{fitted.n:,}")
        table.add_section()
    console.print(table)
    for note in found.notes:
        console.print(note)
