"""The carrier that only prints: for trying the service, and as a witness in tests."""

import json
import sys
from typing import TextIO

import anyio
import anyio.to_thread

from core.commands import Outgoing
from core.ports import CarrierError, Submit


class ConsoleCarrier:
    """Writes one line of JSON per send, flushed before it reports success, and sends nothing.

    The lines are the witness of what was sent when the service itself has crashed.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._one_at_a_time = anyio.CapacityLimiter(1)

    async def send(self, outgoing: Outgoing) -> None:
        what = "sms" if outgoing.channel == "sms" else "call"
        line = json.dumps(
            {
                "carrier": what, "to": outgoing.phone, "text": outgoing.text, "key": outgoing.key,
                "attempt": outgoing.attempt,
            }
        )  # fmt: skip
        # In a thread: a pipe that nobody reads would stop the whole service.
        await anyio.to_thread.run_sync(self._write, line, limiter=self._one_at_a_time)

    async def listen(self, submit: Submit) -> None:
        """Nothing comes back from a console."""

    def _write(self, line: str) -> None:
        try:
            self._out.write(f"{line}\n")
            self._out.flush()
        except OSError as error:
            raise CarrierError(f"cannot write the send: {error.strerror}") from None
