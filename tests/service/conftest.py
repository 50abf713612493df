"""Every test of the running service runs on both event loops, and on every store where it asks for one."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from structlog.typing import EventDict

from core.memory import MemoryStore
from service.stores.queries import ServiceStore
from service.stores.sqlite.store import SqliteStore


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceStore]:
    """Each store in turn, empty."""
    with closing(
        MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "fixture.db")
    ) as made:
        yield made


@pytest.fixture(autouse=True)
def log() -> Iterator[list[EventDict]]:
    """What the service logs; it would only clutter the screen."""
    with capture_logs() as entries:
        yield entries
    structlog.reset_defaults()
