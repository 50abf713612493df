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

Written by `uv run python -m tests.service.language.replies_table`; do not edit. This page shows how well
`service.language.reading` understands the development set, [replies.tsv](../tests/data/replies.tsv). The
set holds {replies:,} replies in {families} phrase families, written the way caregivers write, each with
what a careful coordinator would record.

Each family is entirely in `train` or entirely in `check`, so the two share no phrasing. The families named
`sundry-...` were written without seeing the rules. Since then, the rules have been improved with the
misreadings of every family, so the figures say how well the rules fit these replies, not new ones.

An `ok` or `no problem` is recorded as an accept: right after an offer it is one, and only there does the
desk take it for one. Intervals are 95% (Wilson). A false accept is the costliest error: it sends someone to a
shift that they never agreed to. A reply that is not understood costs one more question.

- accept precision: share of replies read as accepts that are accepts
- false accepts: share of replies that are not accepts but are read as accepts
- accept recall: share of accepts that are read as accepts
- abstained: share of answers (accepts and declines) that are read as `unknown`
- right: share of replies in which every answer, with its code, is read exactly
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
