"""The carrier that only prints: for trying the service, and as a witness in tests."""

import json
import sys
from dataclasses import dataclass, field
from typing import TextIO

import anyio
import anyio.to_thread

from core.commands import Outgoing
from core.ports import CarrierError, Submit


@dataclass
class _Group:
    """Lines that are written together."""

    lines: list[str] = field(default_factory=list)
    done: bool = False
    error: OSError | None = None


class ConsoleCarrier:
    """Writes one line of JSON per send, flushed before it reports success, and sends nothing.

    The lines are the witness of what was sent when the service itself has crashed. Those that wait for each
    other are written together.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._group = _Group()
        self._one_at_a_time = anyio.Lock()

    async def send(self, outgoing: Outgoing) -> None:
        what = "sms" if outgoing.channel == "sms" else "call"
        line = json.dumps(
            {
                "carrier": what, "to": outgoing.phone, "text": outgoing.text, "key": outgoing.key,
                "attempt": outgoing.attempt,
            }
        )  # fmt: skip
        group = self._group
        group.lines.append(line)
        try:
            async with self._one_at_a_time:
                if not group.done:
                    self._group = _Group()
                    # In a thread: a pipe that nobody reads would stop the whole service.
                    await anyio.to_thread.run_sync(self._write, group)
        except BaseException:
            if self._group is group:  # nobody waits for the line any more, and it has not been taken
                group.lines.remove(line)
            raise
        if group.error is not None:
            raise CarrierError(f"cannot write the send: {group.error.strerror}")

    async def listen(self, submit: Submit) -> None:
        """Nothing comes back from a console."""

    def _write(self, group: _Group) -> None:
        try:
            self._out.write("".join(f"{line}\n" for line in group.lines))
            self._out.flush()
        except OSError as error:
            group.error = error
        group.done = True
