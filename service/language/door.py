"""The door: a message comes in, is read once, and becomes a command of the core."""

import unicodedata

from core.commands import Inbound
from service.language.reading.read import read

# What coordinators see of a message: two segments.
LONGEST_SHOWN = 320


def inbound(phone: str, body: str, shift_id: str | None = None, message_id: str | None = None) -> Inbound:
    """The command for a text, or for the digits pressed in a call. Never raises."""
    return Inbound(phone, read(body), legible(body), shift_id, message_id)


def legible(body: str) -> str:
    """A message in one line, without what only machines see, and no longer than `LONGEST_SHOWN`."""
    start = body[: 4 * LONGEST_SHOWN]
    if not (start.isascii() and start.isprintable()):
        start = "".join(c for c in start if c.isspace() or unicodedata.category(c)[0] != "C")
    line = " ".join(start.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 2]}.."
