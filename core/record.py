"""How the core makes its values."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A slotted dataclass that only the type checker keeps frozen.

    Freezing at run time makes construction several times slower, and a single claim makes a dozen
    (`loadtests.bench.tricks` measures it).
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
