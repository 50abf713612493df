"""The outcomes of simulated shifts, and what they say about the agency, with 95 % intervals."""

from collections.abc import Callable, Sequence
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
# Times to fill are counted in bins, so that memory does not grow with the number of shifts. Bins are one
# second wide up to two hours, then each is 1 % wider than the one before, up to 70 days: no shift is open for
# longer.
EDGES_MS = np.concatenate([
    np.arange(0, 7_200_000, 1_000),
    np.rint(7_200_000 * 1.01 ** np.arange(678)).astype(np.int64),
])  # fmt: skip
# To tell how replications differ, it is enough to know how many of their shifts are filled by these times,
# which are 3 % apart.
MARKS_MS = np.unique(np.geomspace(1_000, EDGES_MS[-1], 500).round().astype(np.int64))

Counts: TypeAlias = NDArray[np.int64]
Column: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One entry per shift.

    `fill_ms`: the time from the call-out to the claim, `NEVER` if nobody took the shift. `winner`: the place
    in the roster of whoever took it, -1 if nobody did. `texts` and `calls`: offers that went out; answers to
    replies are not counted. `disturbed`: how many people got at least one of them. `escalated`: whether
    anybody was phoned.
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
    """Sums over shifts; nothing else is kept of them.

    `within`: how many shifts are filled within each of `WITHIN_S`; `by`: by each of `MARKS_MS`; `bins`: from
    each of `EDGES_MS` to the next. `totals` and `squares` are sums over texts, calls, people disturbed and
    cost.

    Sums of floats depend on their order, so add tallies in the order of their blocks.
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
            bins=np.bincount(np.searchsorted(EDGES_MS, filled, side="right") - 1, minlength=len(EDGES_MS)),
        )

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    def without_bins(self) -> "Tally":
        """The tally without its bins, which take most of the memory. It can no longer be added to another."""
        return replace(self, bins=self.bins[:0].copy())


@dataclass(frozen=True, slots=True)
class Summary:
    """What a planner looks at. Times are in seconds, and `inf` where too few shifts are ever filled.

    `mean_fill_s` is the mean over filled shifts; the quantiles count unfilled shifts as infinite.
    `filled_within` is keyed by seconds. The other means are per shift, `mean_cost` in dollars.
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
    """The summary of independent shifts.

    Shares have Wilson's interval and means a normal one. The interval of a quantile ends at the times at
    which the share of filled shifts leaves its own interval (Woodruff 1952).
    """
    n = total.shifts
    means = [_mean(s, s2, n) for s, s2 in zip(total.totals, total.squares, strict=True)]
    return Summary(
        shifts=n,
        fill_rate=share(total.filled, n),
        p_unfilled=share(n - total.filled, n),
        p_escalated=share(total.escalated, n),
        mean_fill_s=_mean(total.fill_s, total.fill_s2, total.filled),
        **{name: _quantile(total, level, sqrt(level * (1 - level) / n)) for name, level in _LEVELS.items()},
        filled_within={s: share(int(k), n) for s, k in zip(WITHIN_S, total.within, strict=True)},
        **dict(zip(_MEANS, means, strict=True)),
    )


def summarize_replications(total: Tally, tallies: Sequence[Tally]) -> Summary:
    """The summary of shifts that share caregivers.

    Shifts of one replication depend on each other, so the intervals come from how replications differ (ratio
    estimator, Student's t). `total` is the sum of `tallies`, which may be without their bins.
    """

    def column(of: Callable[[Tally], float]) -> Column:
        return np.array([of(tally) for tally in tallies], dtype=float)

    n, filled = column(lambda tally: tally.shifts), column(lambda tally: tally.filled)
    means = [_mean_of(column(lambda tally, k=k: tally.totals[k]), n) for k in range(len(_MEANS))]  # type: ignore[misc]
    within = [_share_of(column(lambda tally, k=k: tally.within[k]), n) for k in range(len(WITHIN_S))]  # type: ignore[misc]

    def quantile(level: float) -> Estimate:
        value = _quantile(total, level, 0).value
        by = filled if value == inf else column(lambda tally: _filled_by(tally, value))
        return _quantile(total, level, _error(by, n))

    return Summary(
        shifts=total.shifts,
        fill_rate=_share_of(filled, n),
        p_unfilled=_share_of(n - filled, n),
        p_escalated=_share_of(column(lambda tally: tally.escalated), n),
        mean_fill_s=_mean_of(column(lambda tally: tally.fill_s), filled),
        **{name: quantile(level) for name, level in _LEVELS.items()},
        filled_within=dict(zip(WITHIN_S, within, strict=True)),
        **dict(zip(_MEANS, means, strict=True)),
    )


_LEVELS = {"median_fill_s": 0.5, "p90_fill_s": 0.9, "p95_fill_s": 0.95}
_MEANS = ("mean_texts", "mean_calls", "mean_disturbed", "mean_cost")


def share(k: int, n: int) -> Estimate:
    """The share of `k` among `n`, with Wilson's interval."""
    interval = stats.binomtest(k, n).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(k / n, float(interval.low), float(interval.high))


def _mean(total: float, squares: float, n: int) -> Estimate:
    if n == 0:
        return Estimate(inf, inf, inf)
    value = float(total) / n
    variance = max(0.0, float(squares) / n - value**2) * n / max(1, n - 1)
    half = Z * sqrt(variance / n) if n > 1 else inf
    return Estimate(value, max(0.0, value - half), value + half)


def _error(over: Column, under: Column) -> float:
    """The standard error of the ratio of two sums over independent pieces of work.

    Pieces whose denominator is zero are left out; with fewer than two others the error is infinite.
    """
    count = np.count_nonzero(under)
    if count < 2:
        return inf
    residuals = (over - over.sum() / under.sum() * under)[under != 0]
    return float(sqrt((residuals**2).sum() / (count - 1) / count) / under[under != 0].mean())


def ratio(over: Column, under: Column) -> Estimate:
    """The ratio of two sums over pieces of work (blocks or replications); infinite if the denominator is
    zero.

    Its interval is that of a ratio estimator (Student's t).
    """
    if not under.sum():
        return Estimate(inf, inf, inf)
    value, count = float(over.sum() / under.sum()), int(np.count_nonzero(under))
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * _error(over, under) if count > 1 else inf
    return Estimate(value, value - half, value + half)


def _mean_of(over: Column, under: Column) -> Estimate:
    """A ratio that cannot be negative."""
    value, low, high = ratio(over, under)
    return Estimate(value, max(0.0, low), high)


def _share_of(over: Column, under: Column) -> Estimate:
    """A ratio that is a share.

    Its interval is at least as wide as if all shifts were independent: when cases are rare and pieces are
    few, the differences between pieces say too little.
    """
    value, low, high = ratio(over, under)
    alone = share(round(over.sum()), round(under.sum()))
    return Estimate(value, max(0.0, min(low, alone.low)), min(1.0, max(high, alone.high)))


def quantile_s(edges_ms: Counts, bins: Counts, shifts: float, level: float) -> float:
    """When the share `level` of all `shifts` is filled, in seconds, interpolated between the edges."""
    if level <= 0:
        return 0.0
    filled = np.cumsum(bins) / shifts
    at = int(np.searchsorted(filled, level))
    if at >= len(bins) - 1:
        return inf
    before = filled[at - 1] if at else 0.0
    part = (level - before) / (filled[at] - before)
    return float((edges_ms[at] + part * (edges_ms[at + 1] - edges_ms[at])) / 1000)


def _quantile(total: Tally, level: float, error: float) -> Estimate:
    spread = Z * error
    return Estimate(
        *(
            quantile_s(EDGES_MS, total.bins, total.shifts, at)
            for at in (level, level - spread, level + spread)
        )
    )


def _filled_by(tally: Tally, seconds: float) -> float:
    """Roughly how many shifts of the tally are filled by then."""
    return float(np.interp(1000 * seconds, MARKS_MS, tally.by))
