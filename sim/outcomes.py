"""What came of simulated shifts, and what that says about the agency, with 95 % intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import inf, sqrt
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.draws import NEVER, Flags, Times
from sim.scenario import Prices

CONFIDENCE = 0.95
Z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
WITHIN_S = (300, 600, 900, 1800)
# Times to fill are counted in bins of a second up to twelve hours, so that memory does not grow with shifts.
BIN_MS, BINS = 1_000, 12 * 3600
# How many shifts of a replication are filled by these times (2.7 % apart) is enough to tell how replications
# differ.
MARKS_MS = np.unique(np.geomspace(1_000, BIN_MS * BINS, 400).round().astype(np.int64))

Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One entry a shift. `fill_ms`: from the call-out to the claim, `NEVER` if nobody took it.

    `winner`: the roster index of who took it, -1 if nobody. `texts` and `calls`: offers that went out
    (answers to replies are not counted). `disturbed`: people who got at least one of them. `escalated`:
    whether anybody was phoned.
    """

    fill_ms: Times
    winner: Counts
    texts: Counts
    calls: Counts
    disturbed: Counts

    @property
    def escalated(self) -> Flags:
        return self.calls > 0

    def first(self, shifts: int) -> "Outcomes":
        """The outcomes of the first so many shifts."""
        return Outcomes(*(getattr(self, field.name)[:shifts] for field in fields(self)))


class Estimate(NamedTuple):
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


@dataclass(slots=True)
class Tally:
    """Sums over shifts: all that is kept of them. `within`: shifts filled within each of `WITHIN_S`, `by`: by
    each of `MARKS_MS`, `bins`: in each second. `totals` and `squares` are of texts, calls, people and cost.

    Sums of floats depend on their order: add tallies up in the order of their blocks.
    """

    shifts: int
    filled: int
    within: Counts
    escalated: int
    fill_s: float
    fill_s2: float
    totals: NDArray[np.float64]
    squares: NDArray[np.float64]
    by: Counts
    bins: Counts

    @classmethod
    def of(cls, outcomes: Outcomes, prices: Prices) -> "Tally":
        filled = outcomes.fill_ms[outcomes.fill_ms < NEVER]
        seconds = filled / 1000
        cost = prices.text * outcomes.texts + prices.call * outcomes.calls
        per_shift = np.stack([outcomes.texts, outcomes.calls, outcomes.disturbed, cost])
        return cls(
            shifts=len(outcomes.fill_ms),
            filled=len(filled),
            within=np.array([np.count_nonzero(filled <= 1000 * limit_s) for limit_s in WITHIN_S]),
            escalated=int(np.count_nonzero(outcomes.escalated)),
            fill_s=float(seconds.sum()),
            fill_s2=float((seconds**2).sum()),
            totals=per_shift.sum(axis=1),
            squares=(per_shift**2).sum(axis=1),
            by=np.searchsorted(np.sort(filled), MARKS_MS, side="right"),
            bins=np.bincount(np.minimum(filled // BIN_MS, BINS), minlength=BINS + 1),
        )

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    def without_bins(self) -> "Tally":
        """All but what takes most of the memory; it can no longer be added to another."""
        return replace(self, bins=self.bins[:0].copy())


@dataclass(frozen=True, slots=True)
class Summary:
    """What a planner looks at; times in seconds, `inf` where too few shifts are ever filled.

    `mean_fill_s` is of the filled shifts, the quantiles count unfilled ones as infinite; `filled_within` is
    keyed by seconds; `mean_...` are per shift, `mean_cost` in dollars.
    """

    shifts: int
    fill_rate: Estimate
    p_unfilled: Estimate
    p_escalated: Estimate
    mean_fill_s: Estimate
    median_fill_s: Estimate
    p90_fill_s: Estimate
    p95_fill_s: Estimate
    filled_within: dict[int, Estimate]
    mean_texts: Estimate
    mean_calls: Estimate
    mean_disturbed: Estimate
    mean_cost: Estimate


def summarize(total: Tally) -> Summary:
    """The summary of independent shifts: Wilson's intervals for shares, normal ones for means, and for
    quantiles the times at which the share of filled shifts leaves its interval (Woodruff 1952).
    """
    n = total.shifts
    means = [_mean(s, s2, n) for s, s2 in zip(total.totals, total.squares, strict=True)]
    return Summary(
        shifts=n,
        fill_rate=_share(total.filled, n),
        p_unfilled=_share(n - total.filled, n),
        p_escalated=_share(total.escalated, n),
        mean_fill_s=_mean(total.fill_s, total.fill_s2, total.filled),
        **{name: _quantile(total, level, sqrt(level * (1 - level) / n)) for name, level in _LEVELS.items()},
        filled_within={s: _share(int(k), n) for s, k in zip(WITHIN_S, total.within, strict=True)},
        **dict(zip(_MEANS, means, strict=True)),
    )


def summarize_replications(total: Tally, tallies: Sequence[Tally]) -> Summary:
    """The summary of shifts that share caregivers: those of one replication depend on each other, so the
    intervals come from how replications differ (ratio estimator, Student's t).

    `tallies`: at least two, with or without their bins; `total`: their sum.
    """
    n = [tally.shifts for tally in tallies]
    filled = [tally.filled for tally in tallies]
    means = [_ratio([tally.totals[k] for tally in tallies], n) for k in range(len(_MEANS))]

    def quantile(level: float) -> Estimate:
        value = _quantile(total, level, 0).value
        by = [tally.filled if value == inf else _filled_by(tally, value) for tally in tallies]
        return _quantile(total, level, _error(by, n))

    return Summary(
        shifts=total.shifts,
        fill_rate=_ratio(filled, n, share=True),
        p_unfilled=_ratio([tally.shifts - tally.filled for tally in tallies], n, share=True),
        p_escalated=_ratio([tally.escalated for tally in tallies], n, share=True),
        mean_fill_s=_ratio([tally.fill_s for tally in tallies], filled),
        **{name: quantile(level) for name, level in _LEVELS.items()},
        filled_within={
            limit_s: _ratio([int(tally.within[k]) for tally in tallies], n, share=True)
            for k, limit_s in enumerate(WITHIN_S)
        },
        **dict(zip(_MEANS, means, strict=True)),
    )


_LEVELS = {"median_fill_s": 0.5, "p90_fill_s": 0.9, "p95_fill_s": 0.95}
_MEANS = ("mean_texts", "mean_calls", "mean_disturbed", "mean_cost")


def _share(k: int, n: int) -> Estimate:
    interval = stats.binomtest(k, n).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(k / n, float(interval.low), float(interval.high))


def _mean(total: float, squares: float, n: int) -> Estimate:
    if n == 0:
        return Estimate(inf, inf, inf)
    value = float(total) / n
    variance = max(0.0, float(squares) / n - value**2) * n / max(1, n - 1)
    half = Z * sqrt(variance / n) if n > 1 else inf
    return Estimate(value, value - half, value + half)


def _error(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """The standard error of the ratio of two sums over independent replications."""
    over, under, count = np.asarray(numerators, float), np.asarray(denominators, float), len(denominators)
    if under.sum() == 0 or count < 2:
        return inf
    residuals = over - over.sum() / under.sum() * under
    return float(sqrt((residuals**2).sum() / (count - 1) / count) / under.mean())


def _ratio(numerators: Sequence[float], denominators: Sequence[float], share: bool = False) -> Estimate:
    under = float(np.sum(denominators))
    if under == 0:
        return Estimate(inf, inf, inf)
    value, count = float(np.sum(numerators)) / under, len(denominators)
    error = _error(numerators, denominators)
    if share and error == 0:  # none or all of them: replications cannot tell how sure that is
        return _share(round(value * under), round(under))
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * error if count > 1 else inf
    low, high = value - half, value + half
    return Estimate(value, max(0.0, low), min(1.0, high)) if share else Estimate(value, low, high)


def _quantile(tally: Tally, level: float, error: float) -> Estimate:
    """The time by which the share `level` of all shifts is filled; between bins by straight lines."""
    filled = np.concatenate([[0], np.cumsum(tally.bins)]) / tally.shifts

    def at(share: float) -> float:
        if share <= 0:
            return 0.0
        place = int(np.searchsorted(filled, share))
        if place > BINS:
            return inf
        below, above = filled[place - 1], filled[place]
        return float((place - 1 + (share - below) / (above - below)) * BIN_MS / 1000)

    return Estimate(at(level), at(level - Z * error), at(level + Z * error))


def _filled_by(tally: Tally, seconds: float) -> float:
    """About how many shifts of the tally are filled by then."""
    return float(np.interp(1000 * seconds, MARKS_MS, tally.by))
