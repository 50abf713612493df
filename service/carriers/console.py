"""Carriers: what takes a text or a call to a phone."""

import json
import sys
from typing import Protocol, TextIO

import anyio.to_thread

from core.commands import Outgoing


class CarrierError(Exception):
    """The carrier did not take a send. `permanent`: it never will (no such number, blocked)."""

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


class Carrier(Protocol):
    """Returns once the carrier has taken the send. Raises `CarrierError` if it has not."""

    async def send_sms(self, send: Outgoing) -> None: ...

    async def place_call(self, send: Outgoing) -> None: ...


class ConsoleCarrier:
    """Writes one line of JSON per send, flushed before it reports success, and sends nothing.

    The lines are the witness of what was sent when the service itself has crashed.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._one_at_a_time = anyio.CapacityLimiter(1)

    async def send_sms(self, send: Outgoing) -> None:
        await self._print("sms", send)

    async def place_call(self, send: Outgoing) -> None:
        await self._print("call", send)

    async def _print(self, what: str, send: Outgoing) -> None:
        line = json.dumps(
            {"carrier": what, "to": send.phone, "text": send.text, "key": send.key, "attempt": send.attempt}
        )
        # In a thread: a pipe that nobody reads would stop the whole service.
        await anyio.to_thread.run_sync(self._write, line, limiter=self._one_at_a_time)

    def _write(self, line: str) -> None:
        try:
            self._out.write(f"{line}\n")
            self._out.flush()
        except OSError as error:
            raise CarrierError(f"cannot write the send: {error.strerror}") from None
