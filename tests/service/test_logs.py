"""Logs are JSON lines, and a phone number in them shows its last four digits only."""

import io
import json
import logging
from collections.abc import Iterator

import httpx2
import pytest
import structlog

from core.memory import MemoryStore
from service import logs
from service.logs import masked
from tests.service.service_fixture import served


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Where the logs go; logging is as it was afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("info", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+15551234567", "********4567"),
        ("to +12345", "to **2345"),
        ("+123456789012345 and +10001", "************2345 and **0001"),
        ("+1234", "+1234"),
        ("15551234567", "15551234567"),
        ("", ""),
    ],
)
def test_a_number_shows_its_last_four_digits(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_numbers_are_masked_wherever_they_stand(out: io.StringIO) -> None:
    log = structlog.get_logger()
    log.info(
        "call to +15551234567", to="+15551234567", phones=["+15551234567"], at={"who": "+15551234567"}, n=3
    )
    try:
        raise ValueError("no such number +15551234567")
    except ValueError:
        log.error("failed", exc_info=True)
    logging.getLogger("uvicorn.error").warning("bad request from %s", "+15551234567")
    logging.getLogger("other").error("lost", exc_info=ValueError("+15551234567"))
    written = out.getvalue()
    assert "555123" not in written
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["level"] for line in lines] == ["info", "error", "warning", "error"]
    assert lines[0]["to"] == "********4567"
    assert lines[0]["n"] == 3
    assert "no such number ********4567" in lines[1]["exception"]
    assert lines[2]["event"] == "bad request from ********4567"


def test_only_what_is_grave_enough_is_logged(out: io.StringIO) -> None:
    structlog.get_logger().debug("nothing")
    logging.getLogger("uvicorn").debug("nothing")
    assert out.getvalue() == ""


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_bug_is_logged_once_with_its_path(out: io.StringIO) -> None:
    store = MemoryStore()
    store.roster = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    async with served(store) as port, httpx2.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/caregivers")
    assert answer.status_code == 500
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    [line] = [line for line in lines if line["level"] == "error"]
    assert (line["event"], line["path"]) == ("request_failed", "/caregivers")
    assert "ZeroDivisionError" in line["exception"]
