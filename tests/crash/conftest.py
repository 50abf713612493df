"""The clients of these tests run on one event loop; the service chooses its own."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
