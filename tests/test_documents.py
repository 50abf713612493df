"""What the documents say about the code is what the code says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from core import fanout

ROOT = Path(__file__).parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_diagram_of_the_states_is_drawn_from_the_table():
    drawn = re.search(r"```mermaid\n(.*?)\n```", read("ARCHITECTURE.md"), re.DOTALL)
    assert drawn is not None
    assert drawn[1] == fanout.diagram()


def test_the_code_map_names_every_module_and_no_other():
    named = set(
        re.findall(r"`((?:core|service|sim|cli|loadtests)/[\w/]+\.(?:py|lua))`", read("ARCHITECTURE.md"))
    )
    there = {
        path.relative_to(ROOT).as_posix()
        for folder in ("core", "service", "sim", "cli", "loadtests")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in (".py", ".lua") and path.name != "__init__.py"
    }
    assert named == there


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/README.md", "docs/proof.md"]
)
def test_links_to_files_lead_somewhere(name: str):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", read(name))
    assert links
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_the_capture_in_the_readme_is_what_the_demo_prints():
    fanout_command = Path(sys.executable).with_name("fanout")
    run = subprocess.run([fanout_command, "demo", "--speed", "0"], capture_output=True, text=True, check=True)
    printed = {line.rstrip() for line in run.stdout.splitlines()}
    capture = re.search(r"```text\n\$ uv run fanout demo\n(.*?)\n```", read("README.md"), re.DOTALL)
    assert capture is not None
    assert [line for line in capture[1].splitlines() if line != "..." and line not in printed] == []
