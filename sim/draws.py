"""All that is random about shifts, drawn in advance and the same for every engine and every delay.

Draws come in blocks of fixed shape, each from its own stream: `SeedSequence(seed, spawn_key=(block,))`.
They never depend on the policy, so comparisons between delays use common random numbers; and any shift can be
drawn again alone. Times are rounded to whole milliseconds here, once.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Scenario

Times: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

BLOCK = 2048
"""Shifts in a block: large enough for NumPy, small enough to fit in a cache."""
NEVER = np.int64(2**62)
"""The time of what never happens."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the people asked for each shift of a block would do, as arrays of (shift, caregiver).

    A role with fewer people than the largest one fills its row with people who are not `there`.
    `reply_ms`: how long after their text they reply, `NEVER` if they do not. `accepts_text`: that reply is a
    yes. `answers`: they would pick up the phone; `accepts_call`: and say yes. `role`: of each shift, an index
    of `Scenario.roles`.
    """

    number: int
    role: NDArray[np.int64]
    there: Flags
    reply_ms: Times
    accepts_text: Flags
    answers: Flags
    accepts_call: Flags


def stream(seed: int, *key: int) -> np.random.Generator:
    """The stream of random numbers with this key: independent of all others, the same on every machine."""
    return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=key)))


def draw(scenario: Scenario, seed: int, number: int) -> Block:
    """Block `number` of the independent shifts of `scenario`."""
    sms, voice = scenario.sms, scenario.voice
    people = np.array([role.caregivers for role in scenario.roles])
    shares = np.cumsum([role.share for role in scenario.roles])
    rng = stream(seed, number)
    uniform = rng.random((4, BLOCK, people.max()), dtype=np.float32)
    latency = rng.standard_normal((BLOCK, people.max()), dtype=np.float32)
    role = np.searchsorted(shares / shares[-1], rng.random(BLOCK), side="right")
    there = np.arange(people.max()) < people[role][:, None]
    replies = uniform[0] < np.float32(sms.reply_probability * (1 - sms.never_reply_share))
    # In seconds up to here; a reply in the distant future is one that never comes.
    seconds = np.float32(sms.latency_median_s) * np.exp(np.float32(sms.latency_sigma) * latency)
    milliseconds = np.rint(np.float64(1000) * seconds)
    reply_ms = np.where(replies & there, milliseconds, np.float64(NEVER)).astype(np.int64)
    return Block(
        number=number,
        role=role,
        there=there,
        reply_ms=reply_ms,
        accepts_text=uniform[1] < np.float32(sms.accept_probability),
        answers=(uniform[2] < np.float32(voice.answer_probability)) & there,
        accepts_call=uniform[3] < np.float32(voice.accept_probability),
    )
