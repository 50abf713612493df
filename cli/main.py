"""The `fanout` command. Each subcommand imports what it needs when it runs, so that --help is fast."""

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
    """Refuses "nan", which every range lets through."""
    if math.isnan(value):
        raise click.BadParameter("nan is not a number", context, parameter)
    return value


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shift-fanout", prog_name="fanout")
def cli() -> None:
    """Fill open shifts: text every caregiver with the right role, give the shift to the first who accepts,
    and phone the others after a delay.

    Start with `fanout demo`. Coordinators use serve, load, export, backup and restore; planners tune,
    simulate and calibrate; engineers race and check.
    """


@cli.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=PORT, help="Port to listen on; 0 picks a free one.  [default: 8000]")
@click.option("--database", type=FILE, help="SQLite file; created if missing.  [default: fanout.db]")
@click.option(
    "--carrier",
    type=click.Choice(["console"]),
    help="How to send texts and calls; the console only prints them.  [default: console]",
)
@click.option("--load", "file", type=FILE, help="Load this file of shifts and caregivers first.")
def serve(
    host: str | None, port: int | None, database: Path | None, carrier: str | None, file: Path | None
) -> None:
    """Run the service until Ctrl-C.

    Every option except --load can also be set as an environment variable: FANOUT_HOST, FANOUT_PORT and so on.
    """
    from cli.serve import run

    run(_settings(host=host, port=port, database=database, carrier=carrier), file)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--database", type=FILE, help="SQLite file; created if missing.  [default: fanout.db]")
def load(file: Path, database: Path | None) -> None:
    """Load shifts and caregivers from a JSON FILE.

    If one entry is wrong, nothing is loaded. The service must not be running.
    """
    from cli.files import load_into

    caregivers, shifts = load_into(_settings(database=database).database, file)
    click.echo(f"loaded {caregivers} caregivers and {shifts} shifts")


@cli.command()
@click.option("--database", type=FILE, help="SQLite file to read.  [default: fanout.db]")
@click.option("--out", type=FILE, help="File to write.  [default: standard output]")
def export(database: Path | None, out: Path | None) -> None:
    """Export the journal as JSON lines.

    The journal says everything that happened, without phone numbers. The service may be running.
    """
    from cli.files import export_journal

    export_journal(_settings(database=database).database, out)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--database", type=FILE, help="SQLite file to back up.  [default: fanout.db]")
def backup(file: Path, database: Path | None) -> None:
    """Back the database up to a new FILE.

    The copy is verified. The service may be running.
    """
    from cli.backup import back_up

    back_up(_settings(database=database).database, file)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--database", type=FILE, help="SQLite file to write.  [default: fanout.db]")
@click.option("--replace", is_flag=True, help="Replace the database that is there; it is kept, renamed.")
def restore(file: Path, database: Path | None, replace: bool) -> None:
    """Restore the database from a backup FILE.

    What happened after the backup is lost. The service must not be running.
    """
    from cli.backup import restore as run

    run(file, _settings(database=database).database, replace=replace)


@cli.command()
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    callback=_number,
    default=60,
    show_default=True,
    help="How many times faster than real time; 0 prints everything at once.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Which story to show; the same seed always shows the same story.",
)
@click.option("--journal", type=FILE, help="Also write the journal to this file.")
@click.option(
    "--serve",
    "port",
    type=PORT,
    is_flag=False,
    flag_value=8000,
    metavar="[PORT]",
    help="Also answer HTTP requests on 127.0.0.1 while the demo runs.  [default port: 8000]",
)
def demo(speed: float, seed: int, journal: Path | None, port: int | None) -> None:
    """Watch eight call-outs being filled.

    It is the real service, with simulated caregivers and a simulated clock.
    """
    from cli.demo import run

    run(speed=speed, seed=seed, journal=journal, port=port)


@cli.command()
@click.argument("journal", type=FILE)
@click.option(
    "--out", type=FILE, help="Write the scenario to this TOML file, and a picture of the fit next to it."
)
@click.option("--plot", type=FILE, help="Write the picture to this PNG file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def calibrate(journal: Path, out: Path | None, plot: Path | None, as_json: bool) -> None:
    """Fit a scenario to a JOURNAL from `fanout export`.

    It estimates how many caregivers reply, how soon, and how many of them accept.
    """
    with _needing("sim"):
        from cli.calibrate import run
    run(journal, out, plot, as_json)


SCENARIO = click.option(
    "--scenario", default="default", show_default=True, metavar="PRESET|FILE",
    help="The agency: default, night, saved_number, small_roster, textbook, or a TOML or JSON file.",
)  # fmt: skip
SET = click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE",
    help="Change a field of the scenario, such as sms.reply_probability=0.3. Can be repeated.",
)  # fmt: skip
SEED = click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the random numbers."
)
JOBS = click.option(
    "--jobs", type=click.IntRange(min=1), help="Worker processes.  [default: one per processor]"
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@cli.command()
@SCENARIO
@SET
@click.option(
    "--delay",
    "delay_ms",
    type=Duration(),
    default="10m",
    show_default=True,
    help="How long to wait before phoning: 90s, 10m or 1.5h.",
)
@click.option(
    "--shifts", type=click.IntRange(min=1), help="How many shifts.  [default: enough for precise figures]"
)
@click.option("--days", type=click.IntRange(min=1), help="How many days, instead of --shifts.")
@SEED
@click.option(
    "--engine", type=click.Choice(["simpy", "numpy"]), default="simpy", show_default=True,
    help="simpy runs the real core; numpy is faster but ignores shared caregivers and rate limits.",
)  # fmt: skip
@JOBS
@click.option("--journal", type=FILE, help="Also write the journal, of the first week at most, to this file.")
@click.option(
    "--replay",
    metavar="WEEK:SHIFT",
    help="Instead, show what happened to one shift, such as 0:17: the week and the number of the shift in it "
    "(with independent shifts: the block of 4,096 and the number in it).",
)
@JSON
def simulate(
    scenario: str, settings: tuple[str, ...], delay_ms: int, shifts: int | None, days: int | None, seed: int,
    engine: Literal["simpy", "numpy"], jobs: int | None, journal: Path | None, replay: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Simulate one delay before phoning.

    It shows how many shifts are filled, how soon, and at what cost.
    """
    if shifts is not None and days is not None:
        raise UserError("give --shifts or --days, not both")
    if replay is not None and (shifts is not None or days is not None or journal is not None):
        raise UserError("--replay shows a single shift: leave out --shifts, --days and --journal")
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
    help="Delays to compare: from:to:step, or a list such as 5m,10m,20m.",
)  # fmt: skip
@click.option(
    "--target", default="filled_within(15m)>=95% of best", show_default=True,
    help="What the delay must achieve; 'of best' means relative to what the best delay achieves.",
)  # fmt: skip
@click.option(
    "--precision", type=Percentage(), default="1%", show_default=True,
    help="Relative precision of every figure.",
)  # fmt: skip
@click.option(
    "--policies",
    type=FILE,
    help="Also compare the policies in this JSON file: an object of policies by name.",
)
@SEED
@JOBS
@click.option(
    "--backend", type=click.Choice(["loky", "dask"]), default="loky", show_default=True,
    help="loky uses this machine; dask can use a cluster.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default="tune", show_default=True,
    help="Folder for tune.json, curves.csv and the pictures.",
)  # fmt: skip
@JSON
def tune(
    scenario: str, settings: tuple[str, ...], delays_ms: tuple[int, ...], target: str, precision: float,
    policies: Path | None, seed: int, jobs: int | None, backend: Literal["loky", "dask"], out: Path,
    as_json: bool,
) -> None:  # fmt: skip
    """Find the best delay before phoning.

    It recommends the cheapest delay that meets a target, and shows why.
    """
    with _needing("sim"):
        from cli.tune import run
    run(
        scenario=scenario, settings=settings, delays_ms=delays_ms, target=target, precision=precision,
        policies=policies, seed=seed, jobs=jobs, backend=backend, out=out, as_json=as_json,
    )  # fmt: skip


@cli.command()
@click.argument("history", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--database", type=FILE, help="Also check the database that the service wrote.")
@click.option("--url", help="Or ask the service at this URL.")
@JSON
@click.pass_context
def check(
    context: click.Context, history: tuple[Path, ...], database: Path | None, url: str | None, as_json: bool
) -> None:
    """Check the recorded HISTORY of a race.

    HISTORY is files, or folders of files, written by `fanout race` or loadtests/mixed.py.

    Exit code 0: sound. 1: a violation was found. 2: inconclusive.
    """
    with _keeping_one(), _needing("race"):
        _settings()  # fails early if FANOUT_API_KEYS cannot be read
        from cli.check import run

        code = run(history, database, url, as_json)
    context.exit(code)


@cli.command()
@click.option(
    "--shifts",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="How many shifts to race for, one after another.",
)
@click.option(
    "--claimants", type=click.IntRange(1, 15_000), default=50, show_default=True,
    help="How many caregivers claim each shift at the same moment.",
)  # fmt: skip
@click.option("--url", help="Race against the service at this URL instead of starting one.")
@click.option(
    "--mutant",
    is_flag=True,
    help="Race against a broken server; the check must find the error (exit code 1).",
)
@click.option(
    "--report", "folder", type=click.Path(path_type=Path, file_okay=False), default="race", show_default=True,
    help="Folder for the report, the history and the database.",
)  # fmt: skip
@click.pass_context
def race(
    context: click.Context, shifts: int, claimants: int, url: str | None, mutant: bool, folder: Path
) -> None:
    """Race for shifts, to test exactly-one.

    Many caregivers claim the same shift at once; the check decides whether exactly one of them got it.

    Exit code 0: sound. 1: a violation was found. 2: inconclusive.
    """
    with _keeping_one(), _needing("race"):
        _settings()  # fails early if FANOUT_API_KEYS cannot be read
        from cli.race import run

        code = run(shifts, claimants, url, folder, mutant)
    context.exit(code)


@contextmanager
def _keeping_one() -> Iterator[None]:
    """Exit code 1 is for violations only; if anything else goes wrong, the exit code is 2 (inconclusive)."""
    try:
        yield
    except click.ClickException:
        raise
    except BrokenPipeError:
        raise SystemExit(UserError.exit_code) from None  # nobody reads the output any more
    except (KeyboardInterrupt, click.Abort):
        raise UserError("interrupted; nothing can be concluded") from None
    except Exception as error:
        raise UserError(f"nothing can be concluded, because of a bug in this program: {error!r}") from error


@contextmanager
def _needing(extra: str) -> Iterator[None]:
    """Explains how to install packages that only some commands need."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(
            f"this needs more packages ({error.name} is missing): run pip install '.[{extra}]' in the clone"
        ) from None


def _settings(**flags: object) -> "Settings":
    """The settings from the environment; `flags` that are not None win."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from service.mistakes import explain
    from service.settings import Settings

    try:
        return Settings.model_validate(
            {**Settings().model_dump(exclude_unset=True), **{k: v for k, v in flags.items() if v is not None}}
        )
    except SettingsError:  # only the keys are JSON
        raise UserError("FANOUT_API_KEYS: must be a JSON list of keys, such as '[\"...\"]'") from None
    except ValidationError as error:
        name = str(error.errors(include_url=False)[0]["loc"][0])
        place = f"--{name} (or FANOUT_{name.upper()})" if name in flags else f"FANOUT_{name.upper()}"
        raise UserError(f"{place}: {explain(error).partition(': ')[2]}") from None


def main() -> None:
    """The entry point. click itself exits quietly when the reader has gone (`fanout export | head`)."""
    try:
        cli(prog_name="fanout")
    finally:
        try:
            sys.stdout.flush()
        except OSError:  # already reported: keep Python from flushing again at exit, and complaining
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
