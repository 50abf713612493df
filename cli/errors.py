"""How a command tells its user about a mistake."""

import click


class UserError(click.ClickException):
    """A user's mistake: one sentence on standard error, exit code 2."""

    exit_code = 2
