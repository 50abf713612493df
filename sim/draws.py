"""Everything random about shifts, drawn in advance and the same for every engine and every delay.

Draws come in blocks of fixed shape, each from its own stream: `SeedSequence(seed, spawn_key=(block,))`. They
never depend on the policy, so comparisons between delays use common random numbers, and any one shift can be
drawn again. Times are rounded to whole milliseconds here and nowhere else.
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
"""Shifts in a block: large enough for NumPy to be fast, small enough to fit in a cache."""
NEVER = np.int64(2**62)
"""The time of something that never happens."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the caregivers would do about each shift of a block, as arrays of (caregiver, shift).

    `role`: the role of each shift, as an index of `Scenario.roles`. `there`: False fills up the columns of
    roles that have fewer caregivers than the largest one. `reply_ms`: how long after their text they reply,
    `NEVER` if they do not. `accepts_text`: whether that reply is a yes. `answers`: whether they would pick up
    the phone, and `accepts_call`: whether they would then say yes.
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
    """The role that each shift asks for, by the roles' shares of the call-outs, as an index of the roles."""
    shares = np.cumsum([role.share for role in scenario.roles])
    return np.searchsorted(shares / shares[-1], uniform, side="right")


def reply_times(sms: Sms, uniform: Draws, latency: Draws, there: Flags) -> Times:
    """How long after their text people reply, in whole milliseconds; `NEVER` for those who do not.

    `uniform` decides whether they reply, and the standard normal `latency` decides when.
    """
    replies = (uniform < sms.reply_probability * (1 - sms.never_reply_share)) & there
    milliseconds = np.exp(sms.latency_sigma * latency + log(1000 * sms.latency_median_s))
    return never_unless(replies, np.rint(milliseconds).astype(np.int64))


def never_unless(flags: Flags, times: Times) -> Times:
    """The times where the flag is set, else `NEVER`. Several times as fast as `np.where`, which branches."""
    return np.maximum(times, NEVER * ~flags)
