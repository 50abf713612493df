"""How well `service.language.reading.read` understands the development set, as docs/replies.md shows it.

uv run python -m tests.service.language.replies_table
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from scipy.stats import binomtest

from service.language.reading.read import read

ROOT = Path(__file__).parents[3]
REPLIES = ROOT / "tests" / "data" / "replies.tsv"
PAGE = ROOT / "docs" / "replies.md"
LANGUAGES = {
    "en": "English", "es": "Spanish", "tl": "Tagalog, not reviewed by a native speaker",
    "ht": "Haitian Creole, not reviewed by a native speaker", "mix": "several in one text",
    "none": "signs and digits only",
}  # fmt: skip
INTENTS = ("accept", "decline", "unknown", "stop", "start", "help")
HEAD = """# How well replies are understood

Written by `uv run python -m tests.service.language.replies_table`; do not edit. It says how well
`service.language.reading` understands the development set, [replies.tsv](../tests/data/replies.tsv), which
holds {replies:,} replies of {families} phrase families as caregivers write them, each with what a careful
coordinator would record. A family stands whole in
`train` or in `check`, so the phrasings of the second are others than those of the first. Those of the
families `sundry-...` were written without sight of the rules; by now the rules have been mended with
the misses of all. An `ok` or `no problem` is recorded as an accept: it is one right after an offer, and
the desk takes it for one only there. Intervals are 95 % (Wilson). A false accept is the costliest error:
it sends someone to a shift that they never agreed to. Abstaining costs one question back.

- accept precision: of what is read as an accept, how much is one
- false accepts: of all that is no accept, how much is read as one
- accept recall: of all accepts, how many are read so
- abstained: of all answers (accept, decline), how many are read as `unknown`
- right: all answers in the text, with their codes, are read exactly
"""


class Row(NamedTuple):
    """A reply of the development set. `answers` as in "decline C; accept B"."""

    language: str
    split: str
    family: str
    intent: str
    answers: str
    text: str

    @property
    def read(self) -> str:
        """What the text is taken to mean, written like `answers`."""
        return "; ".join(" ".join(filter(None, (a.intent, a.code))) for a in read(self.text).answers)


def rows() -> list[Row]:
    lines = REPLIES.read_text(encoding="utf-8").split("\n")[1:]
    return [Row(*line.split("\t")) for line in lines if line]


def share(hits: Iterable[bool]) -> str:
    """A share in percent, with its interval and its numbers; empty for nothing of nothing."""
    listed = list(hits)
    if not listed:
        return ""
    test = binomtest(sum(listed), len(listed))
    low, high = test.proportion_ci(method="wilson")
    return f"{100 * test.statistic:.1f} ({100 * low:.1f}-{100 * high:.1f}), {sum(listed)} of {len(listed)}"


MEASURES: dict[str, Callable[[Sequence[Row]], str]] = {
    "accept precision": lambda part: share("accept" in r.answers for r in part if "accept" in r.read),
    "false accepts": lambda part: share("accept" in r.read for r in part if "accept" not in r.answers),
    "accept recall": lambda part: share("accept" in r.read for r in part if "accept" in r.answers),
    "abstained": lambda part: share(r.read == "unknown" for r in part if r.intent in ("accept", "decline")),
    "right": lambda part: share(r.read == r.answers for r in part),
}


def table(parts: dict[str, list[Row]], measures: Sequence[str]) -> str:
    head = ["", "replies", *(f"{name}, %" for name in measures)]
    lines = [head, ["---"] + ["---:"] * (len(head) - 1)]
    lines += [
        [name, f"{len(part)}", *(MEASURES[measure](part) for measure in measures)]
        for name, part in parts.items()
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page() -> str:
    every = rows()
    families = len({row.family for row in every})
    splits = {split: [row for row in every if row.split == split] for split in ("train", "check")}
    languages = {
        name: [row for row in every if row.language == language] for language, name in LANGUAGES.items()
    }
    intents = {intent: [row for row in every if row.intent == intent] for intent in INTENTS}
    misses = [
        f"| {row.text.replace('|', '/')} | {row.answers} | {row.read} | {read(row.text).why} |"
        for row in every
        if row.read != row.answers
    ]
    return "\n\n".join(
        [
            HEAD.format(replies=len(every), families=families).rstrip(),
            table({"all": every, **splits}, list(MEASURES)),
            "## By language\n\n" + table(languages, list(MEASURES)),
            "## By intent\n\n" + table(intents, ["right"]),
            "## What is read otherwise\n\n"
            + "\n".join(["| text | recorded | read | because of |", "| --- | --- | --- | --- |", *misses]),
        ]
    ) + "\n"  # fmt: skip


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
