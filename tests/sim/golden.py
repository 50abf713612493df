"""What the engines said before the core was restructured, to the last digit.

    uv run python -m tests.sim.golden

rewrites `tests/data/golden_outcomes.json`. Do so only when outcomes are meant to change, and say why in the
commit. The first version of the file was written by the engines of version 0.1 (commit 280da81), with this
module and the imports of that tree.

A case keeps all columns of the first few shifts, and the sums and a digest of all of them; of a journal it
keeps a digest of each shift's story. Fields that events have gained since version 0.1 are left out: `GAINED`.
So is the time of `sent`. The simulated carrier takes a send at once, but the mark of it waits for the next
batch, so its time only tells how often the outbox looked in vain.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from core.events import Entry, FanoutStarted
from core.model import Policy, Round
from sim.draws import NEVER, draw
from sim.engines import agency, independent, sweep
from sim.engines.formula import Formula
from sim.outcomes import WITHIN_S, Outcomes
from sim.scenario import UNLIMITED, CallOuts, Scenario, delay_policy, load, presets

FILE = Path(__file__).parents[1] / "data" / "golden_outcomes.json"

MINUTE_MS = 60_000
SHIFTS, TOLD, SHOWN = 400, 12, 8
"""Of a case so many shifts are simulated, so many tell their story, and so many are kept in full."""
DELAYS_MS = tuple(MINUTE_MS * minutes for minutes in (0, 1, 4, 10, 30, 60, 600))

GAINED: Mapping[str, tuple[str, ...]] = {
    "send_started": ("purpose", "generation", "round", "confirms"),
    "sent": ("provider_id",),
    "claimed": ("reason",),
}
"""The fields that events have gained since version 0.1, by kind."""

POLICIES: Mapping[str, Policy] = {
    "at once": delay_policy(0),
    "ten minutes": delay_policy(10 * MINUTE_MS),
    "waves": Policy(
        rounds=(
            Round(after_s=0, channel="sms", limit=4),
            Round(after_s=90, channel="sms", limit=3),
            Round(after_s=240, channel="voice", limit=2),
            Round(after_s=480, channel="voice"),
        ),
        answer_window_s=300,
    ),
    "calls first": Policy(
        rounds=(
            Round(after_s=0, channel="voice", limit=3),
            Round(after_s=5, channel="sms"),
            Round(after_s=300, channel="voice"),
        )
    ),
}

AGENCIES: Mapping[str, Scenario] = {
    "default": load("default"),
    "small_roster": load("small_roster"),
    "night": load("night"),
    "default without pace": load("default").model_copy(update={"pace": UNLIMITED}),
    # So many call-outs that they get in each other's way.
    "busy": load("default", ["sms.accept_probability=0.2"]).model_copy(
        update={"call_outs": CallOuts(per_day=120, lead_s=4 * 3600)}
    ),
}
# Agency, policy, seed, replication, days.
LIVED = (
    ("default", "ten minutes", 1, 0, 2),
    ("default", "ten minutes", 1, 1, 1),
    ("default", "waves", 2, 0, 2),
    ("default without pace", "ten minutes", 1, 0, 2),
    ("default without pace", "waves", 3, 0, 1),
    ("default without pace", "calls first", 2, 1, 1),
    ("small_roster", "ten minutes", 1, 0, 5),
    ("small_roster", "waves", 1, 2, 3),
    ("night", "at once", 4, 0, 3),
    ("busy", "ten minutes", 1, 0, 1),
    ("busy", "waves", 2, 0, 1),
    ("busy", "calls first", 3, 0, 1),
)


def cases() -> Iterator[tuple[str, Any]]:
    """Every case by name, with what the engines say of it today."""
    for preset in presets():
        yield from _independent(preset)
        yield f"sweep, {preset}", _swept(preset)
    for case in LIVED:
        yield lived_name(*case), lived(*case)
    for delay_s in (0, 240, 600, 1800):
        yield f"formula, textbook, {delay_s} s", _formula(delay_s)


def lived_name(scenario: str, policy: str, seed: int, replication: int, days: int) -> str:
    return f"agency, {scenario}, {policy}, seed {seed}, replication {replication}, {days} days"


def lived(scenario: str, policy: str, seed: int, replication: int, days: int) -> dict[str, Any]:
    played = agency.simulate(AGENCIES[scenario], POLICIES[policy], seed, replication, days, journal=True)
    return {"outcomes": outcomes(played.outcomes), "journal": stories(played.entries)}


def _independent(preset: str) -> Iterator[tuple[str, Any]]:
    scenario = load(preset).made_independent()
    for number, (name, policy) in enumerate(POLICIES.items()):
        block = draw(scenario, 20_260_301, number)
        found = independent.simulate(scenario, policy, block, range(SHIFTS))
        told = independent.journal(scenario, policy, block, range(TOLD))
        yield (
            f"independent, {preset}, {name}, block {number}",
            {"outcomes": outcomes(found), "journal": stories(told)},
        )


def _swept(preset: str) -> dict[str, Any]:
    scenario = load(preset).made_independent()
    sums = sweep.sweep(scenario, draw(scenario, 7, 1), DELAYS_MS)
    return {
        "shifts": sums.shifts,
        "texts": sums.texts,
        "filled": sums.filled.tolist(),
        "fill_ms": sums.fill_ms.tolist(),
        "escalated": sums.escalated.tolist(),
        "calls": sums.calls.tolist(),
        "within": {str(limit_s): sums.within(limit_s).tolist() for limit_s in WITHIN_S},
        "bins": _digest(sums.bins.tolist()),
    }


def _formula(delay_s: float) -> dict[str, float]:
    found = Formula.of(load("textbook"), delay_s)
    return {name: getattr(found, name) for name in ("p_unfilled", "p_escalated", "mean_calls", "mean_fill_s")}


def outcomes(found: Outcomes) -> dict[str, Any]:
    """The columns of the first shifts, the sums of all, and a digest of everything; never is -1."""
    columns = {field.name: getattr(found, field.name) for field in fields(found)}
    columns["fill_ms"] = np.where(found.fill_ms < NEVER, found.fill_ms, -1)
    return {
        "shifts": len(found.fill_ms),
        "first": {name: column[:SHOWN].tolist() for name, column in columns.items()},
        "sums": {name: int(column.sum()) for name, column in columns.items()},
        "digest": _digest([column.tolist() for column in columns.values()]),
    }


def stories(entries: Iterable[Entry]) -> dict[str, Any]:
    """A digest of each shift's story, in the order in which they begin, and of the whole journal."""
    lines: dict[str, list[object]] = {}
    everything: list[object] = []
    for entry in entries:
        at_ms = entry.event.at_ms if entry.event.kind != "sent" else None
        line = [entry.shift_id, entry.version, at_ms, entry.event.kind, _data(entry)]
        everything.append([entry.seq, *line])
        lines.setdefault(entry.shift_id or "no shift", []).append(line)
    return {
        "shifts": {shift_id: _digest(story)[:6] for shift_id, story in lines.items()},
        "entries": len(everything),
        "digest": _digest(everything),
    }


def _data(entry: Entry) -> dict[str, Any]:
    """What the event said in version 0.1 already."""
    event = entry.event
    data: dict[str, Any] = json.loads(entry.data())
    for name in GAINED.get(event.kind, ()):
        data.pop(name, None)
    if isinstance(event, FanoutStarted):  # a policy may gain fields too
        data["policy"] = event.policy.model_dump(mode="json", exclude_defaults=True)
    return data


def _digest(said: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def main() -> None:
    lines = (f"{json.dumps(name)}: {json.dumps(said, separators=(',', ':'))}" for name, said in cases())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
