"""`fanout`: every subcommand imports what it needs when it runs, so that help is quick."""

import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from service.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False)
PORT = click.IntRange(0, 65_535)


class Problem(click.ClickException):
    """A user's mistake: one sentence on standard error, exit code 2."""

    exit_code = 2


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


def _settings(**flags: object) -> "Settings":
    """Settings from the environment and the flags that were given."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from service.problems import explain
    from service.settings import Settings

    try:
        return Settings.model_validate(
            {**Settings().model_dump(exclude_unset=True), **{k: v for k, v in flags.items() if v is not None}}
        )
    except SettingsError:  # the keys are the only ones in JSON
        raise Problem("FANOUT_API_KEYS: must be a JSON list of keys, such as '[\"...\"]'") from None
    except ValidationError as error:
        name = str(error.errors(include_url=False)[0]["loc"][0])
        place = f"--{name} (or FANOUT_{name.upper()})" if name in flags else f"FANOUT_{name.upper()}"
        raise Problem(f"{place}: {explain(error).partition(': ')[2]}") from None


def main() -> None:
    """The entry point. click itself ends quietly when the reader has gone (`fanout export | head`)."""
    try:
        cli(prog_name="fanout")
    finally:
        try:
            sys.stdout.flush()
        except OSError:  # known by now: Python shall not try again when it ends, and complain
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
