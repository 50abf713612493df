"""What the documents say about the code is what the code says."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.fanout import TRANSITIONS, Status
from tests.cli.process import SAMPLE, Serve

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
ROOMS = ("core", "service", "sim", "cli", "loadtests")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def diagram() -> str:
    """`fanout.TRANSITIONS` as a Mermaid state diagram."""
    arrows: dict[tuple[Status, Status], list[str]] = {}
    for (before, event), after in TRANSITIONS.items():
        arrows.setdefault((before, after), []).append(event.__name__)
    lines = [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in arrows.items()]
    finals = [status for status in Status if all(before is not status for before, _ in TRANSITIONS)]
    ends = [f"    {status} --> [*]" for status in finals]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {Status.PLANNED}", *lines, *ends])


def test_the_diagram_of_the_states_is_drawn_from_the_table():
    drawn = re.search(r"```mermaid\n(.*?)\n```", read("ARCHITECTURE.md"), re.DOTALL)
    assert drawn is not None
    assert drawn[1] == diagram()


def test_the_code_map_names_every_file_of_the_core_and_every_folder_and_nothing_that_is_not_there():
    mapped = read("ARCHITECTURE.md").partition("## Code map")[2]
    named = set(re.findall(r"`((?:core|service|sim|cli|loadtests)/[\w/]*(?:\.py)?)`", mapped))
    modules = [path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    folders = {f"{path.parent.as_posix()}/" for path in modules} - {"core/"}
    core = {path.as_posix() for path in modules if path.parts[0] == "core" and path.stem != "__init__"}
    assert core | folders <= named
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_says_at_its_top_what_it_is_for(room):
    for path in (ROOT / room).rglob("*.py"):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert said or path.stem == "__init__", path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_capture_in_the_readme_is_what_the_demo_prints():
    fanout_command = Path(sys.executable).with_name("fanout")
    run = subprocess.run([fanout_command, "demo", "--speed", "0"], capture_output=True, text=True, check=True)
    printed = {line.rstrip() for line in run.stdout.splitlines()}
    capture = re.search(r"```text\n\$ uv run fanout demo\n(.*?)\n```", read("README.md"), re.DOTALL)
    assert capture is not None
    assert [line for line in capture[1].splitlines() if line != "..." and line not in printed] == []


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_requests_in_the_readme_are_answered_as_they_are_printed(tmp_path: Path):
    """Those of the tour; a browser's page could not send them, but curl can."""
    tour = read("README.md").partition("### Fill a shift")[2].partition("### Watch it")[0]
    printed = "\n".join(re.findall(r"```sh\n(.*?)```", tour, re.DOTALL))
    assert printed.count("curl") >= 10
    with Serve(tmp_path / "fanout.db", "--load", SAMPLE) as serve:
        here = serve.listening().removeprefix("http://").replace("127.0.0.1", "localhost")
        typed = printed.replace("localhost:8000", here).replace("curl ", "curl -sS --fail-with-body ")
        done = subprocess.run(["bash", "-e", "-c", typed], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    for said in ("fanout_started", "already_claimed", "claimed", "released", "cancelled", '"rounds"'):
        assert said in done.stdout
