"""Every notebook runs from top to bottom, and what is kept of its outputs is what it prints now."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def words(cells: Sequence[Any]) -> list[str]:
    """All text that the cells put out, in order."""
    said = []
    for cell in cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream":
                said.append(output.text)
            elif "text/markdown" in output.get("data", {}):
                said.append(output.data["text/markdown"])
    return said


def test_there_are_notebooks() -> None:
    names = [path.stem for path in NOTEBOOKS]
    assert names == ["calibrate_from_journal", "engines_agree", "tune_escalation_delay"]


@pytest.mark.filterwarnings("default")  # of the kernel and its client, which are not ours
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_it_is_kept_to_say(path: Path) -> None:
    kept = nbformat.read(path, as_version=4)
    run = nbformat.read(path, as_version=4)
    NotebookClient(run, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert words(run.cells) == words(kept.cells)
    outputs = [output for cell in kept.cells for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_with_its_question_and_closes_with_the_answer(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].source.partition("\n")[0].endswith("?")
    assert cells[-2].source == "## The answer"
    assert words(cells[-1:])[0].startswith("**")
