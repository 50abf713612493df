"""Which escalation delay to choose: the cheapest that meets a target.

The NumPy engine screens all delays on the same draws (common random numbers), so what one delay gains over
another is known far better than either's own figures. Then SimPy runs the recommendation, its neighbours and
the best delay again, with pace and shared caregivers, to see whether the answer holds where the screening has
simplified.
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
"""One row a piece of work, one column a choice."""

# A piece of the screening is long enough to be worth handing to another process. It goes on by
# `LEAST_PIECES` at a time until every watched figure is known at every delay, or up to the most: it must not
# keep anybody waiting.
BLOCKS_A_PIECE = 8
MOST_PIECES = 300
# Rare shares are known well enough to this (in points of a hundred), once this many cases were seen.
RARE_POINTS, LEAST_CASES = 0.05, 30
# What SimPy runs of each delay that it looks at again: of independent shifts so many pieces of so many;
# of an agency at least so many pieces of a day to a week, about so many shifts in all, and at most so many
# pieces.
CONFIRMING_PIECES, CONFIRMING_SHIFTS, MOST_CONFIRMING = 12, 1_000, 60
# How many more delays it runs if it refutes the screening.
MOST_STEPS = 4

_TARGET = re.compile(r"filled_within\((\d+)m\)>=(\d+(?:\.\d+)?)%(ofbest)?", re.IGNORECASE)


class TargetUnmet(Exception):
    """No delay meets the target; the message says which comes nearest."""


@dataclass(frozen=True, slots=True)
class Target:
    """At least `share` of the shifts are filled within `limit_s`; or that part of the best that any delay
    reaches, if `of_best`.
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
                f"{text!r} is no target: write filled_within(15m)>=70% or filled_within(15m)>=95% of best, "
                f"with one of {limits}"
            )
        return cls(60 * int(found[1]), float(found[2]) / 100, found[3] is not None)

    def __str__(self) -> str:
        return f"filled_within({self.limit_s // 60}m)>={100 * self.share:g}%{' of best' * self.of_best}"

    def margin(self, within: Matrix, shifts: NDArray[np.float64], best: int, at: int) -> Estimate:
        """By how much the delay at column `at` exceeds the target, as a share of all shifts."""
        asked = self.share * (within[:, best] if self.of_best else shifts)
        return ratio(within[:, at] - asked, shifts)


@dataclass(frozen=True, slots=True)
class Figures:
    """What pieces of work (blocks, replications) came to: a row each, with a column for each choice (delays,
    or policies). `within` is keyed by seconds; times are in seconds, costs in dollars.
    """

    shifts: NDArray[np.float64]
    filled: Matrix
    within: dict[int, Matrix]
    fill_s: Matrix
    escalated: Matrix
    calls: Matrix
    cost: Matrix

    def beside(self, other: "Figures") -> "Figures":
        """These choices and the other ones, of the same pieces of work."""
        assert np.array_equal(self.shifts, other.shifts), "not the same shifts"

        def joined(one: Matrix, another: Matrix) -> Matrix:
            return np.concatenate([one, another], axis=1)

        return Figures(
            shifts=self.shifts,
            filled=joined(self.filled, other.filled),
            within={limit_s: joined(sums, other.within[limit_s]) for limit_s, sums in self.within.items()},
            fill_s=joined(self.fill_s, other.fill_s),
            escalated=joined(self.escalated, other.escalated),
            calls=joined(self.calls, other.calls),
            cost=joined(self.cost, other.cost),
        )

    def per_shift(self, sums: Matrix) -> list[Estimate]:
        """For each choice, the mean per shift of one of the sums."""
        return [ratio(column, self.shifts) for column in sums.T]

    def mean_fill_s(self) -> list[Estimate]:
        """For each choice, the mean time to fill of the shifts that are filled."""
        return [ratio(times, filled) for times, filled in zip(self.fill_s.T, self.filled.T, strict=True)]

    def gain(self, sums: Matrix, other: int, one: int) -> Estimate:
        """By how much one of the sums is larger per shift for `other` than for `one`: paired differences."""
        return ratio(sums[:, other] - sums[:, one], self.shifts)


@dataclass(frozen=True, slots=True)
class Screening:
    """What the NumPy engine says of each delay. `bins`: rows of counts by `EDGES_MS`. `converged`: whether
    every watched figure is known as well as asked.
    """

    delays_ms: tuple[int, ...]
    figures: Figures
    bins: NDArray[np.int64]
    converged: bool

    def quantile_s(self, level: float) -> list[float]:
        """For each delay, when the share `level` of all shifts is filled; infinite if it never is."""
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
    """Every delay on the same draws, as if shifts were independent and there were no pace.

    It goes on until each figure is known to `precision` (half of its 95 % interval, relative to itself) at
    every delay, and shares below 5 % to 0.05 points from 30 cases at least.
    """
    alone, sums = scenario.made_independent(), list[Sums]()
    one = partial(_swept, alone, seed, tuple(delays_ms))
    while True:
        for done in workers.map(one, range(len(sums), len(sums) + LEAST_PIECES)):
            sums.append(done)
            progress(sum(piece.shifts for piece in sums))
        figures = _of_sums(scenario, sums)
        converged = _is_known(figures, precision)
        if converged or len(sums) >= MOST_PIECES:
            return Screening(tuple(delays_ms), figures, reduce(add, sums).bins, converged)


def _swept(scenario: Scenario, seed: int, delays_ms: Sequence[int], piece: int) -> Sums:
    blocks = range(piece * BLOCKS_A_PIECE, (piece + 1) * BLOCKS_A_PIECE)
    return reduce(add, (sweep(scenario, draw(scenario, seed, number), delays_ms) for number in blocks))


def _of_sums(scenario: Scenario, sums: Sequence[Sums]) -> Figures:
    def rows(of: Callable[[Sums], object]) -> NDArray[np.float64]:
        return np.array([of(block) for block in sums], dtype=float)

    calls, prices = rows(lambda block: block.calls), scenario.prices
    return Figures(
        shifts=rows(lambda block: block.shifts),
        filled=rows(lambda block: block.filled),
        within={limit_s: rows(lambda block, s=limit_s: block.within(s)) for limit_s in WITHIN_S},  # type: ignore[misc]
        fill_s=rows(lambda block: block.fill_ms) / 1000,
        escalated=rows(lambda block: block.escalated),
        calls=calls,
        cost=prices.call * calls + prices.text * rows(lambda block: block.texts)[:, None],
    )


def _is_known(figures: Figures, precision: float) -> bool:
    shares = [figures.filled, *figures.within.values(), figures.escalated]
    for sums in (*shares, figures.calls, figures.cost):
        for known, cases in zip(figures.per_shift(sums), sums.sum(axis=0), strict=True):
            rare = known.value < 0.05
            enough = known.half_width <= RARE_POINTS / 100 and (cases >= LEAST_CASES or known.value == 0)
            if not (enough if rare else known.half_width <= precision * known.value):
                return False
    # Where nothing is filled there is no time to know.
    times = [mean for mean in figures.mean_fill_s() if mean.value < np.inf]
    return all(mean.half_width <= precision * mean.value for mean in times)


@dataclass(frozen=True, slots=True)
class Choice:
    """The recommended delay, by its place among the delays. `best`: which of them fills most shifts in time.

    `margin`: by how much the recommendation exceeds the target, as a share of all shifts. `meets`: all that
    surely meet it.
    """

    target: Target
    at: int
    best: int
    margin: Estimate
    meets: tuple[int, ...]

    def looked_at_again(self, count: int) -> list[int]:
        """The delays that SimPy shall run too: the recommendation, its neighbours, and the best."""
        near = {at for at in (self.at - 1, self.at, self.at + 1) if 0 <= at < count}
        return sorted(near | {self.best})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What SimPy says. `places`: the delays that it ran; `margins`: by how much each exceeds the target.

    `at`: the delay that holds: the screening's, unless SimPy surely refutes it, then the longest shorter one
    that it found to meet the target; None if it found none. In `figures` the delays come first, in the order
    of `places`, then the other policies.
    """

    places: tuple[int, ...]
    figures: Figures
    margins: dict[int, Estimate]
    at: int | None


def choose(screening: Screening, target: Target) -> Choice:
    """The cheapest delay that surely meets the target (its margin's interval is not below zero); of equally
    cheap ones the longest. Raises `TargetUnmet`.
    """
    figures = screening.figures
    within = figures.within[target.limit_s]
    best = int(np.argmax(within.sum(axis=0)))
    margins = [target.margin(within, figures.shifts, best, at) for at in range(within.shape[1])]
    costs = figures.cost.sum(axis=0)
    meets = [at for at, margin in enumerate(margins) if margin.low >= 0]
    if not within[:, best].any():
        raise TargetUnmet(
            f"nobody ever takes a shift within {target.limit_s // 60} min, whatever the delay: look at the "
            "accept probabilities of the scenario"
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
    """Runs the choice, its neighbours and the best delay in SimPy; if that refutes the choice, some shorter
    ones too, halving the way to the best.
    """
    target, delays = choice.target, screening.delays_ms

    def run(some: Sequence[int]) -> Figures:
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
    """How many pieces SimPy runs of each delay, and of how many days each is."""
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
) -> Figures:
    """The policies in SimPy, through the core, on the same draws: with pace and shared caregivers if the
    scenario has them.
    """
    count = len(policies)
    enough, days = confirming(scenario)
    pieces = pieces or enough
    one = partial(_rerun, scenario, tuple(policies), seed, days)
    tallies: list[Tally] = []
    for tally in workers.map(one, range(count * pieces)):
        tallies.append(tally)
        progress(len(tallies))
    rows = [tallies[at : at + count] for at in range(0, len(tallies), count)]

    def matrix(of: Callable[[Tally], float]) -> Matrix:
        return np.array([[float(of(tally)) for tally in row] for row in rows])

    return Figures(
        shifts=matrix(lambda tally: tally.shifts)[:, 0],
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
