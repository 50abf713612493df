"""Which escalation delay to choose: the cheapest one that meets a target.

The NumPy engine screens all delays on the same draws (common random numbers), so the difference between two
delays is known far better than either delay's own figures. Then SimPy runs the recommendation, its neighbors
and the best delay again, with send rates and shared caregivers, to see whether the answer still holds without
the screening's simplifications.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from math import ceil
from operator import add

import numpy as np
from numpy.typing import NDArray

from core.model import Policy
from sim.draws import draw
from sim.engines.sweep import EDGES_MS, Sums, sweep
from sim.outcomes import WITHIN_S, Estimate, Tally, quantile_s, ratio
from sim.runs import LEAST_PIECES, REPLICATION_DAYS, Workers, agency_tally, independent_tally
from sim.scenario import Scenario, delay_policy

Matrix = NDArray[np.float64]
"""One row per piece of work, one column per choice."""

# A piece of the screening is long enough to be worth handing to another process. The screening adds
# `LEAST_PIECES` at a time until every figure is precise enough at every delay, or until `MOST_PIECES`, so
# that nobody waits too long.
BLOCKS_A_PIECE = 8
MOST_PIECES = 300
# A rare share is precise enough at this half-width (in percentage points), once this many cases were seen.
RARE_POINTS, LEAST_CASES = 0.05, 30
# What SimPy runs for each delay that it checks. Independent shifts: so many pieces with so many shifts each.
# An agency: at least so many pieces of one day to a week, about so many shifts in all, and at most
# `MOST_CONFIRMING` pieces.
CONFIRMING_PIECES, CONFIRMING_SHIFTS, MOST_CONFIRMING = 12, 1_000, 60
# How many more delays SimPy tries if it refutes the screening.
MOST_STEPS = 4

_TARGET = re.compile(r"filled_within\((\d+)m\)>=(\d+(?:\.\d+)?)%(ofbest)?", re.IGNORECASE)


class TooFewShifts(ValueError):
    """SimPy saw too few shifts to compare anything; the message says what to do."""


class TargetUnmet(Exception):
    """No delay meets the target; the message says which one comes closest."""


@dataclass(frozen=True, slots=True)
class Target:
    """At least `share` of all shifts are filled within `limit_s`.

    With `of_best`: at least `share` of the number that the best delay fills within that time.
    """

    limit_s: int = 900
    share: float = 0.95
    of_best: bool = True

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Reads `filled_within(15m)>=70%` or `filled_within(15m)>=95% of best`. Raises `ValueError`."""
        found = _TARGET.fullmatch(re.sub(r"\s", "", text))
        limits = ", ".join(f"{limit_s // 60}m" for limit_s in WITHIN_S)
        if found is None or 60 * int(found[1]) not in WITHIN_S or float(found[2]) > 100:
            raise ValueError(
                f"{text!r} is not a target: write filled_within(15m)>=70% or "
                f"filled_within(15m)>=95% of best, with one of {limits}"
            )
        return cls(60 * int(found[1]), float(found[2]) / 100, found[3] is not None)

    def __str__(self) -> str:
        return f"filled_within({self.limit_s // 60}m)>={100 * self.share:g}%{' of best' * self.of_best}"

    def margin(self, within: Matrix, shifts: NDArray[np.float64], best: int, at: int) -> Estimate:
        """By how much the delay at column `at` exceeds the target, as a share of all shifts."""
        asked = self.share * (within[:, best] if self.of_best else shifts)
        return ratio(within[:, at] - asked, shifts)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sums over shifts that compare choices (delays or policies) on the same pieces of work.

    There is one row per piece (block or replication) and one column per choice. `within` is keyed by seconds.
    Times are in seconds, costs in dollars.
    """

    shifts: NDArray[np.float64]
    filled: Matrix
    within: dict[int, Matrix]
    fill_s: Matrix
    escalated: Matrix
    calls: Matrix
    cost: Matrix

    def beside(self, other: "Comparison") -> "Comparison":
        """These choices and the other ones together; both must be about the same pieces of work."""
        assert np.array_equal(self.shifts, other.shifts), "not the same shifts"

        def joined(one: Matrix, another: Matrix) -> Matrix:
            return np.concatenate([one, another], axis=1)

        return Comparison(
            shifts=self.shifts,
            filled=joined(self.filled, other.filled),
            within={limit_s: joined(sums, other.within[limit_s]) for limit_s, sums in self.within.items()},
            fill_s=joined(self.fill_s, other.fill_s),
            escalated=joined(self.escalated, other.escalated),
            calls=joined(self.calls, other.calls),
            cost=joined(self.cost, other.cost),
        )

    def per_shift(self, sums: Matrix) -> list[Estimate]:
        """For each choice, one of the sums per shift."""
        return [ratio(column, self.shifts) for column in sums.T]

    def mean_fill_s(self) -> list[Estimate]:
        """For each choice, the mean time to fill, over the shifts that are filled."""
        return [ratio(times, filled) for times, filled in zip(self.fill_s.T, self.filled.T, strict=True)]

    def gain(self, sums: Matrix, other: int, one: int) -> Estimate:
        """How much larger a sum is per shift for `other` than for `one`, from paired differences."""
        return ratio(sums[:, other] - sums[:, one], self.shifts)


@dataclass(frozen=True, slots=True)
class Screening:
    """What the NumPy engine found for each delay.

    `bins`: for each delay, the times to fill, counted by `EDGES_MS`. `converged`: whether every figure is as
    precise as was asked for.
    """

    delays_ms: tuple[int, ...]
    figures: Comparison
    bins: NDArray[np.int64]
    converged: bool

    def quantile_s(self, level: float) -> list[float]:
        """For each delay, the time by which the share `level` of all shifts is filled; it may be infinite."""
        shifts = float(self.figures.shifts.sum())
        return [quantile_s(EDGES_MS, row, shifts, level) for row in self.bins]


def screen(
    scenario: Scenario,
    delays_ms: Sequence[int],
    seed: int,
    precision: float,
    workers: Workers,
    progress: Callable[[int], None] = lambda shifts: None,
) -> Screening:
    """Simulates every delay on the same draws, as if shifts were independent and send rates unlimited.

    It continues until every figure is known to `precision` at every delay: half of its 95 % interval,
    relative to the figure itself. Shares below 5 % must be known to 0.05 percentage points, from at least 30
    cases. `progress` is called with the number of shifts in each piece.
    """
    alone, sums = scenario.made_independent(), list[Sums]()
    one = partial(_swept, alone, seed, tuple(delays_ms))
    while True:
        for done in workers.map(one, range(len(sums), len(sums) + LEAST_PIECES)):
            sums.append(done)
            progress(done.shifts)
        figures = _of_sums(scenario, sums)
        converged = _is_known(figures, precision)
        if converged or len(sums) >= MOST_PIECES:
            return Screening(tuple(delays_ms), figures, reduce(add, sums).bins, converged)


def _swept(scenario: Scenario, seed: int, delays_ms: Sequence[int], piece: int) -> Sums:
    blocks = range(piece * BLOCKS_A_PIECE, (piece + 1) * BLOCKS_A_PIECE)
    return reduce(add, (sweep(scenario, draw(scenario, seed, number), delays_ms) for number in blocks))


def _of_sums(scenario: Scenario, sums: Sequence[Sums]) -> Comparison:
    def rows(of: Callable[[Sums], object]) -> NDArray[np.float64]:
        return np.array([of(block) for block in sums], dtype=float)

    calls, prices = rows(lambda block: block.calls), scenario.prices
    return Comparison(
        shifts=rows(lambda block: block.shifts),
        filled=rows(lambda block: block.filled),
        within={limit_s: rows(lambda block, s=limit_s: block.within(s)) for limit_s in WITHIN_S},  # type: ignore[misc]
        fill_s=rows(lambda block: block.fill_ms) / 1000,
        escalated=rows(lambda block: block.escalated),
        calls=calls,
        cost=prices.call * calls + prices.text * rows(lambda block: block.texts)[:, None],
    )


def _is_known(figures: Comparison, precision: float) -> bool:
    shares = [figures.filled, *figures.within.values(), figures.escalated]
    for sums in (*shares, figures.calls, figures.cost):
        for known, cases in zip(figures.per_shift(sums), sums.sum(axis=0), strict=True):
            rare = known.value < 0.05
            enough = known.half_width <= RARE_POINTS / 100 and (cases >= LEAST_CASES or known.value == 0)
            if not (enough if rare else known.half_width <= precision * known.value):
                return False
    # Where no shift is filled, there is no time to fill.
    times = [mean for mean in figures.mean_fill_s() if mean.value < np.inf]
    return all(mean.half_width <= precision * mean.value for mean in times)


@dataclass(frozen=True, slots=True)
class Choice:
    """The recommended delay. Delays are given by their place in the screening.

    `at`: the recommendation. `best`: the delay that fills the most shifts in time. `margin`: by how much the
    recommendation exceeds the target, as a share of all shifts. `meets`: all delays that surely meet the
    target.
    """

    target: Target
    at: int
    best: int
    margin: Estimate
    meets: tuple[int, ...]

    def looked_at_again(self, count: int) -> list[int]:
        """The delays that SimPy should run too: the recommendation, its neighbors, and the best delay."""
        near = {at for at in (self.at - 1, self.at, self.at + 1) if 0 <= at < count}
        return sorted(near | {self.best})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What SimPy found. Delays are given by their place in the screening.

    `places`: the delays that it ran; `margins`: by how much each of them exceeds the target. `at`: the final
    recommendation. It is the screening's choice, unless SimPy surely refutes that one; then it is the longest
    shorter delay found to meet the target, or None if there is none. In `figures` the delays come first, in
    the order of `places`, and then other policies.
    """

    places: tuple[int, ...]
    figures: Comparison
    margins: dict[int, Estimate]
    at: int | None


def choose(screening: Screening, target: Target) -> Choice:
    """The cheapest delay that surely meets the target: the interval of its margin does not go below zero.

    If several are equally cheap, it is the longest of them. Raises `TargetUnmet`.
    """
    figures = screening.figures
    within = figures.within[target.limit_s]
    best = int(np.argmax(within.sum(axis=0)))
    margins = [target.margin(within, figures.shifts, best, at) for at in range(within.shape[1])]
    costs = figures.cost.sum(axis=0)
    meets = [at for at, margin in enumerate(margins) if margin.low >= 0]
    if not within[:, best].any():
        raise TargetUnmet(
            f"nobody ever takes a shift within {target.limit_s // 60} min, whatever the delay: check the "
            "scenario's accept probabilities"
        )
    if not meets:
        reached = ratio(within[:, best], figures.shifts)
        raise TargetUnmet(
            f"no delay surely meets {target}: the best is {screening.delays_ms[best] / 60_000:g} min with "
            f"{reached.value:.2%} ({reached.low:.2%} to {reached.high:.2%}) filled within "
            f"{target.limit_s // 60} min; ask for less, or ask more people"
        )
    at = min(meets, key=lambda at: (costs[at], -at))
    return Choice(target, at, best, margins[at], tuple(meets))


def confirm(
    scenario: Scenario,
    screening: Screening,
    choice: Choice,
    seed: int,
    workers: Workers,
    progress: Callable[[int], None] = lambda runs: None,
) -> Confirmation:
    """Runs the choice, its neighbors and the best delay in SimPy.

    If that refutes the choice, it also tries shorter delays, by bisection between the best delay and the
    choice. Raises `TooFewShifts`.
    """
    target, delays = choice.target, screening.delays_ms

    def run(some: Sequence[int]) -> Comparison:
        return rerun(scenario, [delay_policy(delays[at]) for at in some], seed, workers, progress)

    places = choice.looked_at_again(len(delays))
    figures = run(places)

    def margin(at: int) -> Estimate:
        within = figures.within[target.limit_s]
        return target.margin(within, figures.shifts, places.index(choice.best), places.index(at))

    at: int | None = choice.at
    if margin(choice.at).high < 0:
        holds, fails = choice.best, min(at for at in places if margin(at).high < 0)
        for _ in range(MOST_STEPS):
            middle = (holds + fails) // 2
            if middle <= holds:
                break
            if middle not in places:
                places.append(middle)
                figures = figures.beside(run([middle]))
            if margin(middle).low >= 0:
                holds = middle
            else:
                fails = middle
        at = holds if margin(holds).low >= 0 else None
    return Confirmation(tuple(places), figures, {at: margin(at) for at in places}, at)


def confirming(scenario: Scenario) -> tuple[int, int]:
    """How many pieces SimPy runs for each delay, and how many days each of them has."""
    per_day = scenario.call_outs.per_day
    if scenario.independent:
        return CONFIRMING_PIECES, 1
    days = min(REPLICATION_DAYS, max(1, ceil(CONFIRMING_SHIFTS / CONFIRMING_PIECES / per_day)))
    pieces = ceil(CONFIRMING_SHIFTS / (days * per_day))
    return min(MOST_CONFIRMING, max(CONFIRMING_PIECES, pieces)), days


def rerun(
    scenario: Scenario,
    policies: Sequence[Policy],
    seed: int,
    workers: Workers,
    progress: Callable[[int], None] = lambda runs: None,
    pieces: int | None = None,
) -> Comparison:
    """Runs the policies in SimPy, through the core, on the same draws.

    Send rates and shared caregivers count here, if the scenario has them. Raises `TooFewShifts`.
    """
    count = len(policies)
    enough, days = confirming(scenario)
    pieces = pieces or enough
    one = partial(_rerun, scenario, tuple(policies), seed, days)
    tallies: list[Tally] = []
    for tally in workers.map(one, range(count * pieces)):
        tallies.append(tally)
        progress(1)
    rows = [tallies[at : at + count] for at in range(0, len(tallies), count)]

    def matrix(of: Callable[[Tally], float]) -> Matrix:
        return np.array([[float(of(tally)) for tally in row] for row in rows])

    shifts = matrix(lambda tally: tally.shifts)[:, 0]
    if np.count_nonzero(shifts) < 2:
        raise TooFewShifts(
            f"fewer than two of {pieces} runs of {days} days had a call-out, so SimPy can compare nothing; "
            "raise call_outs.per_day"
        )
    return Comparison(
        shifts=shifts,
        filled=matrix(lambda tally: tally.filled),
        within={
            limit_s: matrix(lambda tally, k=k: tally.within[k])  # type: ignore[misc]
            for k, limit_s in enumerate(WITHIN_S)
        },
        fill_s=matrix(lambda tally: tally.fill_s),
        escalated=matrix(lambda tally: tally.escalated),
        calls=matrix(lambda tally: tally.totals[1]),
        cost=matrix(lambda tally: tally.totals[3]),
    )


def _rerun(scenario: Scenario, policies: Sequence[Policy], seed: int, days: int, number: int) -> Tally:
    piece, at = divmod(number, len(policies))
    if scenario.independent:
        return independent_tally(scenario, policies[at], seed, piece, CONFIRMING_SHIFTS).without_bins()
    return agency_tally(scenario, policies[at], seed, piece, days).without_bins()
