"""The console carrier: a line for each send, whole, once, and only if somebody still waits for it."""

import io
import json
import threading

import anyio
import pytest

from core.ports import CarrierError
from service.carriers.console import ConsoleCarrier
from tests.core.agency import outgoing

pytestmark = pytest.mark.anyio


class Pipe(io.StringIO):
    """Somebody reads it once `read_on` is set. `writes` counts how often somebody wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.read_on = threading.Event()
        self.writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        assert self.read_on.wait(timeout=30)
        return super().write(text)


def keys(pipe: io.StringIO) -> list[str]:
    return [json.loads(line)["key"] for line in pipe.getvalue().splitlines()]


async def test_each_send_is_one_line_and_those_that_wait_are_written_together() -> None:
    pipe = Pipe()
    carrier = ConsoleCarrier(pipe)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(carrier.send, outgoing("k0"))
        await anyio.wait_all_tasks_blocked()
        for number in range(1, 20):
            tasks.start_soon(carrier.send, outgoing(f"k{number}"))
        await anyio.wait_all_tasks_blocked()
        pipe.read_on.set()
    assert sorted(keys(pipe)) == sorted(f"k{number}" for number in range(20))
    assert pipe.writes == 2


async def test_a_send_that_nobody_waits_for_any_more_is_not_written() -> None:
    pipe = Pipe()
    carrier = ConsoleCarrier(pipe)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(carrier.send, outgoing("first"))
        await anyio.wait_all_tasks_blocked()
        with anyio.move_on_after(0):
            await carrier.send(outgoing("canceled"))
        tasks.start_soon(carrier.send, outgoing("second"))
        await anyio.wait_all_tasks_blocked()
        pipe.read_on.set()
    assert keys(pipe) == ["first", "second"]


async def test_a_reader_that_has_gone_is_a_failed_send() -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(CarrierError, match="Broken pipe"):
        await ConsoleCarrier(Closed()).send(outgoing("k"))
