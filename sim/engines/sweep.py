"""The NumPy engine: independent shifts, where everybody is texted at once and phoned after a delay.

From the same draws it computes exactly what `sim.engines.independent` simulates: `outcomes` gives the result
of every shift for one delay, and `sweep` gives the sums for all delays at once. Let x = delay + ring time.
Three times decide about a shift:

- m, the first yes by text. If m <= x, the shift is filled at m.
- M, the latest reply of those who would pick up the phone and say yes (never, if one of them does not reply).
  Otherwise, if M > x, one of them has not replied by x, and takes the shift by phone at x.
- m2, the first yes by text of those who would not pick up. Otherwise the shift is filled at m2, if ever.

So as x grows from 0, a shift is filled first at x, then perhaps at m2, and from x = m on at m. These are
three ranges of delays, whose ends are looked up once per shift. Sums for all delays follow by adding each
shift at the ends of its ranges and accumulating over the delays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from sim.draws import NEVER, Block, Times, never_unless
from sim.outcomes import WITHIN_S, Counts, Outcomes
from sim.scenario import Scenario

# Times to fill are counted in bins, each 2 % longer than the one before, from ten seconds to over a day.
# There is one more edge just after each of `WITHIN_S`, so that those are counted exactly.
EDGES_MS = np.union1d(
    np.rint(10_000 * 1.02 ** np.arange(460)).astype(np.int64), [0, *(1000 * s + 1 for s in WITHIN_S)]
)


@dataclass(frozen=True, slots=True)
class Key:
    """The times that decide about each shift of a block, as explained above; `NEVER` if there is none."""

    people: Counts
    m: Times
    m2: Times
    latest: Times
    """M; 0 where nobody would say yes by phone."""

    @classmethod
    def of(cls, scenario: Scenario, block: Block) -> "Key":
        reply_ms = block.reply_ms
        yes = never_unless(block.accepts_text, reply_ms)
        by_phone = block.answers & block.accepts_call
        end_ms = scenario.open_ms

        def before_the_end(first: Times) -> Times:
            return never_unless(first < end_ms, first)

        return cls(
            people=np.array([role.caregivers for role in scenario.roles])[block.role],
            m=before_the_end(yes.min(axis=0)),
            m2=before_the_end(never_unless(~block.answers, yes).min(axis=0)),
            latest=(reply_ms * by_phone).max(axis=0),
        )


def outcomes(scenario: Scenario, block: Block, delay_ms: int) -> Outcomes:
    """The result of each shift of the block under a delay of `delay_ms`, a multiple of 1000."""
    key = Key.of(scenario, block)
    x_ms, end_ms = delay_ms + scenario.ring_ms, scenario.open_ms
    by_text = key.m <= x_ms
    by_phone = ~by_text & (key.latest > x_ms)
    called = (key.m >= delay_ms) & (delay_ms < end_ms)
    fill_ms = np.where(by_text, key.m, np.where(by_phone, x_ms if x_ms < end_ms else NEVER, key.m2))

    picks_up = block.answers & block.accepts_call & (block.reply_ms > x_ms)
    says_yes = block.accepts_text & (by_text | ~block.answers)
    yes = never_unless(says_yes, block.reply_ms)
    winner = np.where(by_phone, picks_up.argmax(axis=0), yes.argmin(axis=0))
    declined = np.count_nonzero(~block.accepts_text & (block.reply_ms < delay_ms), axis=0)
    return Outcomes(
        fill_ms=fill_ms,
        winner=np.where(fill_ms < NEVER, winner, -1),
        texts=key.people.copy(),
        calls=np.where(called, key.people - declined, 0),
        disturbed=key.people.copy(),
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over shifts for each delay. They are exact: whole numbers, with times in milliseconds.

    `steps`, accumulated over the delays, counts the times to fill from each of `EDGES_MS` to the next.
    """

    shifts: int
    texts: int
    fill_ms: Counts
    escalated: Counts
    calls: Counts
    steps: Counts

    @property
    def bins(self) -> Counts:
        """For each delay, how many shifts are filled from each of `EDGES_MS` to the next."""
        return np.cumsum(self.steps, axis=0)

    @property
    def filled(self) -> Counts:
        return np.asarray(self.bins.sum(axis=1))

    def within(self, limit_s: int) -> Counts:
        """For each delay, how many shifts are filled within `limit_s`, which is one of `WITHIN_S`."""
        return np.asarray(self.bins[:, : np.searchsorted(EDGES_MS, 1000 * limit_s + 1)].sum(axis=1))

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def sweep(scenario: Scenario, block: Block, delays_ms: Sequence[int]) -> Sums:
    """The sums of `outcomes` over the block, for each of the delays, which must be in ascending order."""
    key = Key.of(scenario, block)
    delays = np.asarray(delays_ms, dtype=np.int64)
    x, end_ms, count = delays + scenario.ring_ms, scenario.open_ms, len(delays)
    m, m2 = key.m, key.m2

    # A shift is filled at x below `phone`, at m2 from there to `text`, and at m from `text` on.
    text = np.searchsorted(x, m)
    phone = np.minimum(text, np.searchsorted(x, key.latest))
    by_m, late = m < NEVER, (phone < text) & (m2 < NEVER)
    text_m, m = text[by_m], m[by_m]
    phone_2, text_2, m2 = phone[late], text[late], m2[late]
    at_x = np.where(x < end_ms, _from(phone, None, count), 0)

    # For each delay, the sum of the times of the shifts that are filled at m and at m2.
    steps = _count(text_m, m, count) + _count(phone_2, m2, count) - _count(text_2, m2, count)
    reached = np.searchsorted(delays, key.m, side="right")
    reached = np.minimum(reached, np.searchsorted(delays, end_ms))
    escalated, calls = _calls(block, key, delays, reached)
    return Sums(
        shifts=len(key.m),
        texts=int(key.people.sum()),
        fill_ms=np.cumsum(steps)[:count] + at_x * x,
        escalated=escalated,
        calls=calls,
        steps=_steps(text_m, m, phone_2, text_2, m2, at_x, x),
    )


def _count(places: Counts, weights: Counts | None, count: int) -> Counts:
    """The sum of the weights at each place from 0 to `count`. Exact, since they are integers below 2^53."""
    return np.bincount(places, weights, minlength=count + 1).astype(np.int64)


def _calls(block: Block, key: Key, delays: Counts, reached: Counts) -> tuple[Counts, Counts]:
    """For each delay, how many shifts are still unfilled then and have somebody to phone, and how many calls
    are made.

    `reached`: the number of delays at which each shift is still unfilled.
    """
    count, shifts = len(delays), len(reached)
    # Those who decline before the last delay that their shift reaches are not phoned at later delays.
    until = np.concatenate([[0], delays])[reached]
    declines = np.flatnonzero(~block.accepts_text & (block.reply_ms < until))
    whose = declines % shifts
    first = np.searchsorted(delays, block.reply_ms.ravel()[declines], side="right")
    people = _from(reached, key.people, count)
    passed = _from(reached[whose], None, count) - _from(first, None, count)
    escalated = _from(reached, None, count)
    # A shift for which everybody has declined has nobody left to phone.
    over = np.bincount(whose, minlength=shifts) == key.people
    if over.any():
        last = np.zeros(shifts, dtype=np.int64)
        np.maximum.at(last, whose, first)
        escalated -= _from(reached[over], None, count) - _from(last[over], None, count)
    return escalated, people - passed


def _from(places: Counts, weights: Counts | None, count: int) -> Counts:
    """For each place below `count`, the sum of the weights of those with a later place."""
    steps = _count(places, weights, count)
    return np.cumsum(steps[::-1])[::-1][1:]


def _steps(
    text_m: Counts, m: Times, phone_2: Counts, text_2: Counts, m2: Times, at_x: Counts, x: Counts
) -> Counts:
    count, width = len(x), len(EDGES_MS)
    bin_m, bin_2, bin_x = (np.searchsorted(EDGES_MS, times, side="right") - 1 for times in (m, m2, x))
    steps = np.bincount(text_m * width + bin_m, minlength=(count + 1) * width)
    steps = steps.reshape(count + 1, width)[:count]
    lasts = text_2 < count
    np.add.at(steps, (phone_2, bin_2), 1)
    np.subtract.at(steps, (text_2[lasts], bin_2[lasts]), 1)
    np.add.at(steps, (np.arange(count), bin_x), at_x)
    np.subtract.at(steps, (np.arange(1, count), bin_x[:-1]), at_x[:-1])
    return steps
