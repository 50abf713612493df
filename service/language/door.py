"""Where messages come in: a body is read once, and goes on as a command that knows no language."""

import unicodedata
from functools import lru_cache
from hashlib import blake2b

from core.commands import Inbound
from service.language.reading.read import read

# What coordinators see of a message, in characters: two segments.
LONGEST_TEXT = 320


def inbound(phone: str, body: str, shift_id: str | None = None, message_id: str | None = None) -> Inbound:
    """The command for a message, whatever is in its body. Never raises.

    `shift_id`: the shift it answers, where the channel knows it (a call does, a text does not).
    """
    said = f"{shift_id or ''}/{body}".encode(errors="surrogatepass")
    fingerprint = int.from_bytes(blake2b(said, digest_size=6).digest())
    return Inbound(phone, read(body), legible(body), shift_id, message_id, fingerprint)


@lru_cache(maxsize=4096)
def legible(body: str) -> str:
    """A message as coordinators see it: one line, at most `LONGEST_TEXT` characters, all of them visible."""
    start = body[: 4 * LONGEST_TEXT]
    seen = "".join(char for char in start if char.isspace() or unicodedata.category(char)[0] != "C")
    line = " ".join(seen.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 2]}.."
