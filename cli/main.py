"""`fanout`: every subcommand imports what it needs when it runs, so that help is quick."""

import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cli.errors import UserError
from cli.params import Duration, Durations, Percentage

if TYPE_CHECKING:
    from service.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False)
PORT = click.IntRange(0, 65_535)


def _number(context: click.Context, parameter: click.Parameter, value: float) -> float:
    """Refuses "nan", which no range refuses."""
    if math.isnan(value):
        raise click.BadParameter("nan is not a number", context, parameter)
    return value


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shift-fanout", prog_name="fanout")
def cli() -> None:
    """Fill a call-out: text everyone with the right role, give the shift to exactly one, phone the rest."""


@cli.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=PORT, help="Port to listen on; 0 takes a free one.  [default: 8000]")
@click.option("--database", type=FILE, help="SQLite file, made if missing.  [default: fanout.db]")
@click.option("--carrier", type=click.Choice(["console"]), help="Who sends.  [default: console]")
@click.option("--load", "file", type=FILE, help="First load this file of shifts and caregivers.")
def serve(
    host: str | None, port: int | None, database: Path | None, carrier: str | None, file: Path | None
) -> None:
    """Run the service. Every flag but --load is also a variable: FANOUT_HOST, FANOUT_PORT, ..."""
    from cli.serve import run

    run(_settings(host=host, port=port, database=database, carrier=carrier), file)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--database", type=FILE, help="SQLite file, made if missing.  [default: fanout.db]")
def load(file: Path, database: Path | None) -> None:
    """Load shifts and caregivers from a JSON FILE, all or nothing."""
    from cli.files import load_into

    caregivers, shifts = load_into(_settings(database=database).database, file)
    click.echo(f"loaded {caregivers} caregivers and {shifts} shifts")


@cli.command()
@click.option("--database", type=FILE, help="SQLite file.  [default: fanout.db]")
@click.option("--out", type=FILE, help="File to write; standard output if not given.")
def export(database: Path | None, out: Path | None) -> None:
    """Write the journal as JSON lines. It holds no phone numbers."""
    from cli.files import export_journal

    export_journal(_settings(database=database).database, out)


@cli.command()
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    callback=_number,
    default=60,
    show_default=True,
    help="How many times faster than life to tell it; 0 tells it at once.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Which story: the same seed tells the same one.",
)
@click.option("--journal", type=FILE, help="Write the journal to this file.")
@click.option(
    "--serve",
    "port",
    type=PORT,
    is_flag=False,
    flag_value=8000,
    metavar="[PORT]",
    help="Also listen on 127.0.0.1, so that one can look with curl.  [default port: 8000]",
)
def demo(speed: float, seed: int, journal: Path | None, port: int | None) -> None:
    """Watch call-outs being filled: the whole service with simulated caregivers."""
    from cli.demo import run

    run(speed=speed, seed=seed, journal=journal, port=port)


@cli.command()
@click.argument("journal", type=FILE)
@click.option("--out", type=FILE, help="Write the scenario to this TOML file, and a plot next to it.")
@click.option("--plot", type=FILE, help="Write the plot to this PNG file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def calibrate(journal: Path, out: Path | None, plot: Path | None, as_json: bool) -> None:
    """Fit a scenario to an exported JOURNAL: how many people reply, how soon, and what they say."""
    with _needing("sim"):
        from cli.calibrate import run
    run(journal, out, plot, as_json)


SCENARIO = click.option(
    "--scenario", default="default", show_default=True, metavar="PRESET|FILE",
    help="default, night, saved_number, small_roster, textbook, or a TOML or JSON file.",
)  # fmt: skip
SET = click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE",
    help="Change a field of the scenario, such as sms.reply_probability=0.3. Can be repeated.",
)  # fmt: skip
SEED = click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the random numbers."
)
JOBS = click.option(
    "--jobs", type=click.IntRange(min=1), help="Worker processes.  [default: one for each processor]"
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@cli.command()
@SCENARIO
@SET
@click.option(
    "--delay",
    "delay_ms",
    type=Duration(),
    default="10m",
    show_default=True,
    help="How long to wait before phoning.",
)
@click.option("--shifts", type=click.IntRange(min=1), help="How many shifts.  [default: until precise]")
@click.option("--days", type=click.IntRange(min=1), help="How many days of call-outs, instead of --shifts.")
@SEED
@click.option(
    "--engine", type=click.Choice(["simpy", "numpy"]), default="simpy", show_default=True,
    help="simpy runs the core; numpy is faster, but ignores shared caregivers and send rates.",
)  # fmt: skip
@JOBS
@click.option(
    "--journal", type=FILE, help="Also write the journal of the first week (or of fewer --days or --shifts)."
)
@click.option(
    "--replay",
    metavar="BLOCK:SHIFT",
    help="Print the story of one shift instead (WEEK:SHIFT if caregivers are shared).",
)
@JSON
def simulate(
    scenario: str, settings: tuple[str, ...], delay_ms: int, shifts: int | None, days: int | None, seed: int,
    engine: Literal["simpy", "numpy"], jobs: int | None, journal: Path | None, replay: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Simulate a scenario: how many shifts are filled, how soon, and at what cost."""
    if shifts is not None and days is not None:
        raise UserError("give --shifts or --days, not both")
    with _needing("sim"):
        from cli import simulate as command
    if replay is not None:
        command.replay(
            scenario=scenario, settings=settings, delay_ms=delay_ms, seed=seed, engine=engine, which=replay,
            as_json=as_json,
        )  # fmt: skip
        return
    command.run(
        scenario=scenario, settings=settings, delay_ms=delay_ms, shifts=shifts, days=days, seed=seed,
        engine=engine, jobs=jobs, journal=journal, as_json=as_json,
    )  # fmt: skip


@cli.command()
@SCENARIO
@SET
@click.option(
    "--delays", "delays_ms", type=Durations(), default="1m:60m:1m", show_default=True,
    help="The delays to compare: from:to:step, or a list such as 5m,10m,20m.",
)  # fmt: skip
@click.option(
    "--target", default="filled_within(15m)>=95% of best", show_default=True,
    help="What the delay must achieve. Without 'of best', a share of all shifts.",
)  # fmt: skip
@click.option(
    "--precision", type=Percentage(), default="1%", show_default=True,
    help="How precise each figure must be, relative to itself.",
)  # fmt: skip
@click.option("--policies", type=FILE, help="Also compare these policies: a JSON object of policies by name.")
@SEED
@JOBS
@click.option("--backend", type=click.Choice(["loky", "dask"]), default="loky", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default="tune", show_default=True,
    help="Folder for tune.json, curves.csv and the plots.",
)  # fmt: skip
@JSON
def tune(
    scenario: str, settings: tuple[str, ...], delays_ms: tuple[int, ...], target: str, precision: float,
    policies: Path | None, seed: int, jobs: int | None, backend: Literal["loky", "dask"], out: Path,
    as_json: bool,
) -> None:  # fmt: skip
    """How long to wait before phoning: the cheapest delay that meets a target, with the evidence."""
    with _needing("sim"):
        from cli.tune import run
    run(
        scenario=scenario, settings=settings, delays_ms=delays_ms, target=target, precision=precision,
        policies=policies, seed=seed, jobs=jobs, backend=backend, out=out, as_json=as_json,
    )  # fmt: skip


@cli.command()
@click.argument("history", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--database", type=FILE, help="Compare the database that the service wrote.")
@click.option("--url", help="Or ask the service that was raced against.")
@JSON
@click.pass_context
def check(
    context: click.Context, history: tuple[Path, ...], database: Path | None, url: str | None, as_json: bool
) -> None:
    """Judge the HISTORY of a race: files, or folders of them. Exit 0 sound, 1 violation, 2 inconclusive."""
    with _keeping_one(), _needing("race"):
        _settings()  # says so if the keys cannot be read
        from cli.check import run

        code = run(history, database, url, as_json)
    context.exit(code)


@cli.command()
@click.option(
    "--shifts", type=click.IntRange(min=1), default=100, show_default=True, help="Raced for one by one."
)
@click.option(
    "--claimants", type=click.IntRange(1, 15_000), default=50, show_default=True,
    help="Who claim the same shift at the same moment.",
)  # fmt: skip
@click.option("--url", help="Race against this service, instead of one that is started for it.")
@click.option("--mutant", is_flag=True, help="Race against a broken server, which must be found out: exit 1.")
@click.option(
    "--report", "folder", type=click.Path(path_type=Path, file_okay=False), default="race", show_default=True,
    help="Folder for the report, the histories and the database.",
)  # fmt: skip
@click.pass_context
def race(
    context: click.Context, shifts: int, claimants: int, url: str | None, mutant: bool, folder: Path
) -> None:
    """Prove exactly-one: many claim the same shift at once. Exit 0 sound, 1 violation, 2 inconclusive."""
    with _keeping_one(), _needing("race"):
        _settings()  # says so if the keys cannot be read
        from cli.race import run

        code = run(shifts, claimants, url, folder, mutant)
    context.exit(code)


@contextmanager
def _keeping_one() -> Iterator[None]:
    """Exit code 1 is for violations only: whatever else goes wrong is inconclusive, 2."""
    try:
        yield
    except click.ClickException:
        raise
    except BrokenPipeError:
        raise SystemExit(UserError.exit_code) from None  # the reader has gone; there is nobody to tell
    except (KeyboardInterrupt, click.Abort):
        raise UserError("interrupted; nothing can be concluded") from None
    except Exception as error:
        raise UserError(f"nothing can be concluded, by a mistake of this program: {error!r}") from error


@contextmanager
def _needing(extra: str) -> Iterator[None]:
    """What only some commands need may not be installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(
            f"this needs more packages ({error.name} is missing): pip install '.[{extra}]' in the clone"
        ) from None


def _settings(**flags: object) -> "Settings":
    """Settings from the environment and the flags that were given."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from service.http.problems import explain
    from service.settings import Settings

    try:
        return Settings.model_validate(
            {**Settings().model_dump(exclude_unset=True), **{k: v for k, v in flags.items() if v is not None}}
        )
    except SettingsError:  # the keys are the only ones in JSON
        raise UserError("FANOUT_API_KEYS: must be a JSON list of keys, such as '[\"...\"]'") from None
    except ValidationError as error:
        name = str(error.errors(include_url=False)[0]["loc"][0])
        place = f"--{name} (or FANOUT_{name.upper()})" if name in flags else f"FANOUT_{name.upper()}"
        raise UserError(f"{place}: {explain(error).partition(': ')[2]}") from None


def main() -> None:
    """The entry point. click itself ends quietly when the reader has gone (`fanout export | head`)."""
    try:
        cli(prog_name="fanout")
    finally:
        try:
            sys.stdout.flush()
        except OSError:  # known by now: Python shall not try again when it ends, and complain
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
