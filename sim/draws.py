"""All that is random about shifts, drawn in advance and the same for every engine and every delay.

Draws come in blocks of fixed shape, each from its own stream: `SeedSequence(seed, spawn_key=(block,))`.
They never depend on the policy, so comparisons between delays use common random numbers; and any shift can be
drawn again alone. Times are rounded to whole milliseconds here, once.
"""

from dataclasses import dataclass
from math import log
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Scenario, Sms

Times: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Draws: TypeAlias = NDArray[np.float64]

BLOCK = 4096
"""Shifts in a block: large enough for NumPy, small enough to fit in a cache."""
NEVER = np.int64(2**62)
"""The time of what never happens."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the people asked for each shift of a block would do, as arrays of (caregiver, shift).

    A role with fewer people than the largest one fills its column with people who are not `there`.
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
    rng = stream(seed, number)
    uniform = rng.random((4, people.max(), BLOCK))
    latency = rng.standard_normal((people.max(), BLOCK))
    role = roles_asked_for(scenario, rng.random(BLOCK))
    there = np.arange(people.max())[:, None] < people[role]
    return Block(
        number=number,
        role=role,
        there=there,
        reply_ms=reply_times(sms, uniform[0], latency, there),
        accepts_text=uniform[1] < sms.accept_probability,
        answers=(uniform[2] < voice.answer_probability) & there,
        accepts_call=uniform[3] < voice.accept_probability,
    )


def roles_asked_for(scenario: Scenario, uniform: Draws) -> NDArray[np.int64]:
    """The index of the role that each of the shifts asks for, by the roles' shares."""
    shares = np.cumsum([role.share for role in scenario.roles])
    return np.searchsorted(shares / shares[-1], uniform, side="right")


def reply_times(sms: Sms, uniform: Draws, latency: Draws, there: Flags) -> Times:
    """How long after their text people reply: whole milliseconds, or `NEVER`; who is not `there` never does.

    `uniform` decides whether, and the standard normal `latency` when.
    """
    replies = (uniform < sms.reply_probability * (1 - sms.never_reply_share)) & there
    milliseconds = np.exp(sms.latency_sigma * latency + log(1000 * sms.latency_median_s))
    return never_unless(replies, np.rint(milliseconds).astype(np.int64))


def never_unless(flags: Flags, times: Times) -> Times:
    """The times where the flag is set, else `NEVER`: several times as fast as `np.where`, which branches."""
    return np.maximum(times, NEVER * ~flags)
