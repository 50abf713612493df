"""`fanout backup` and `fanout restore`: what the command line says of them."""

from datetime import UTC, datetime
from pathlib import Path

import click

from cli.errors import UserError
from service.stores.sqlite import backup
from service.stores.sqlite.schema import DatabaseUnusable


def back_up(database: Path, file: Path) -> None:
    try:
        contents = backup.back_up(database, file)
    except DatabaseUnusable as error:
        raise UserError(str(error)) from None
    click.echo(f"backed up {_said(contents)} to {file} ({file.stat().st_size / 1e6:,.1f} MB)")


def restore(file: Path, database: Path, *, replace: bool) -> None:
    try:
        contents, kept = backup.restore(file, database, replace=replace)
    except DatabaseUnusable as error:
        raise UserError(str(error)) from None
    click.echo(f"restored {_said(contents)} to {database} ({database.stat().st_size / 1e6:,.1f} MB)")
    if kept is not None:
        click.echo(f"the database that was there is now {kept}")


def _said(contents: backup.Contents) -> str:
    if contents.last_ms is None:
        return "an empty journal"
    last = datetime.fromtimestamp(contents.last_ms / 1000, UTC)
    return f"{contents.entries:,} entries, the last of {last:%Y-%m-%d %H:%M:%S} UTC,"
