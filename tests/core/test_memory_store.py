"""The store in dictionaries keeps the contract of all stores."""

import pytest

from core.memory import MemoryStore
from tests.store_contract import NewStore, StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def new_store(self) -> NewStore:
        return MemoryStore
