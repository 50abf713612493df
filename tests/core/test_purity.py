"""The core decides and does nothing else: no I/O, no clock, no chance, no threads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "core").glob("*.py") if path.stem != "__init__")

# Pydantic loads much of itself on first use, so the baseline uses what the core uses: models, dataclasses
# with adapters, aware datetimes and JSON.
SCRIPT = """
import dataclasses, importlib, json, sys
import pydantic

class Model(pydantic.BaseModel):
    when: pydantic.AwareDatetime

@dataclasses.dataclass
class Data:
    model: Model

pydantic.TypeAdapter(Data).validate_json('{"model": {"when": "2025-03-03T08:00:00Z"}}')
before = set(sys.modules)
for name in json.loads(sys.argv[1]):
    importlib.import_module(f"core.{name}")
print(json.dumps(sorted(set(sys.modules) - before)))
"""
FORBIDDEN = {
    "simpy", "anyio", "asyncio", "trio", "sqlite3", "psycopg", "sqlalchemy", "socket", "threading",
    "concurrent", "multiprocessing", "subprocess", "logging", "structlog", "http", "httpx", "urllib3",
    "uvicorn", "starlette", "random", "secrets", "numpy", "service", "cli", "sim", "loadtests",
}  # fmt: skip


def loaded_by(*modules: str) -> list[str]:
    """What importing these modules of the core loads that pydantic has not loaded already."""
    command = [sys.executable, "-c", SCRIPT, json.dumps(modules)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_the_core_loads_nothing_that_could_touch_the_world():
    loaded = loaded_by(*MODULES)
    assert {f"core.{name}" for name in MODULES} <= set(loaded)
    assert [name for name in loaded if name.split(".")[0].lstrip("_") in FORBIDDEN] == []


def test_one_shifts_life_loads_a_few_files_of_the_core_and_nothing_else_of_ours():
    ours = [name for name in loaded_by("fanout") if name.split(".")[0] in ("core", "service", "sim", "cli")]
    lived = ("events", "fanout", "inputs", "model", "record", "reply")
    assert ours == ["core", *(f"core.{name}" for name in lived)]


def test_the_core_stays_small_enough_to_read_in_one_sitting():
    """The reference store and the rules of a journal are read on their own."""
    lines = {path.stem: len(path.read_text().splitlines()) for path in (ROOT / "core").glob("*.py")}
    assert sum(count for name, count in lines.items() if name not in ("memory", "invariants")) <= 3_500
    assert {name: count for name, count in lines.items() if count > 350} == {}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_the_core_can_be_imported_first(module):
    assert f"core.{module}" in loaded_by(module)
