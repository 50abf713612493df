"""What a summary says of outcomes whose answer is known."""

from dataclasses import replace
from functools import reduce
from math import inf
from operator import add

import numpy as np
import pytest

from sim.draws import NEVER
from sim.outcomes import Outcomes, Summary, Tally, summarize, summarize_replications
from sim.scenario import Prices


def summary_of(*tallies: Tally) -> Summary:
    return summarize(reduce(add, tallies))


def weekly(tallies: list[Tally]) -> Summary:
    return summarize_replications(reduce(add, tallies), [tally.without_bins() for tally in tallies])


def outcomes(fill_s: list[float], calls: int = 0) -> Outcomes:
    n = len(fill_s)
    fill_ms = np.array([NEVER if s == inf else round(1000 * s) for s in fill_s], dtype=np.int64)
    whole = np.full(n, 10, dtype=np.int64)
    return Outcomes(fill_ms, np.where(fill_ms < NEVER, 0, -1), whole, np.full(n, calls), whole)


def tally(fill_s: list[float], calls: int = 0) -> Tally:
    return Tally.of(outcomes(fill_s, calls), Prices(text=0.01, call=0.1))


def test_unfilled_shifts_count_as_infinitely_late() -> None:
    summary = summary_of(tally([60.0] * 60 + [inf] * 40))
    assert summary.fill_rate.value == 0.6
    assert summary.p_unfilled.value == pytest.approx(0.4)
    assert summary.mean_fill_s.value == 60
    assert summary.median_fill_s.value == pytest.approx(60, abs=1)
    assert summary.p90_fill_s == (inf, inf, inf)


def test_if_nothing_is_filled_no_time_is_known() -> None:
    summary = summary_of(tally([inf] * 50))
    assert summary.fill_rate.value == 0
    assert summary.mean_fill_s == (inf, inf, inf)


def test_shares_have_wilsons_interval() -> None:
    share = summary_of(tally([1.0] * 10 + [inf] * 90)).fill_rate
    assert (share.low, share.high) == (pytest.approx(0.0552, abs=1e-4), pytest.approx(0.1744, abs=1e-4))


def test_costs_are_those_of_texts_and_calls() -> None:
    summary = summary_of(tally([1.0] * 10, calls=2))
    assert summary.mean_cost.value == pytest.approx(10 * 0.01 + 2 * 0.1)
    assert summary.p_escalated.value == 1


def test_tallies_add_up_to_the_tally_of_all() -> None:
    some, others = [3.0, 700.0, inf], [1.0, 90.5, inf, inf]
    whole = summary_of(tally(some + others))
    for added in (summary_of(tally(some), tally(others)), summary_of(tally(some) + tally(others))):
        assert added.mean_cost.value == pytest.approx(whole.mean_cost.value)
        assert replace(added, mean_cost=whole.mean_cost) == whole


def test_replications_that_differ_widen_the_interval() -> None:
    """The same shifts, but in one half of the weeks all are filled, and in the other half none."""
    weeks = [tally([60.0] * 50), tally([inf] * 50)] * 10
    mixed = [tally([60.0] * 25 + [inf] * 25)] * 20
    one, other = weekly(weeks), weekly(mixed)
    assert one.fill_rate.value == other.fill_rate.value == 0.5
    assert one.fill_rate.half_width > 0.2
    assert other.fill_rate.half_width < 0.05


def test_independent_shifts_in_replications_have_about_the_interval_of_all_at_once() -> None:
    rng = np.random.default_rng(1)
    weeks = [tally(list(np.where(rng.random(200) < 0.8, rng.exponential(300, 200), inf))) for _ in range(60)]
    alone, apart = summary_of(*weeks), weekly(weeks)
    for name in ("fill_rate", "mean_fill_s", "median_fill_s"):
        one, other = getattr(alone, name), getattr(apart, name)
        assert one.value == pytest.approx(other.value)
        assert other.half_width == pytest.approx(one.half_width, rel=0.35)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(200):
        summary = summary_of(tally(list(rng.exponential(300, 300))))
        hits += summary.median_fill_s.low <= 300 * np.log(2) <= summary.median_fill_s.high
    assert hits >= 180  # of 190 expected


def test_fills_in_one_week_only_tell_nothing_about_how_weeks_differ() -> None:
    """Not an interval of no width."""
    summary = weekly([tally([60.0, 60.0, inf])] + [tally([inf] * 3)] * 30)
    assert summary.mean_fill_s == (60, 0, inf)
    assert summary.fill_rate.half_width > 0.02


def test_a_quantile_may_lie_days_away() -> None:
    day_s = 86_400.0
    assert summary_of(tally([3 * day_s] * 50)).median_fill_s.value == pytest.approx(3 * day_s, rel=0.01)


def test_nothing_that_is_counted_has_an_interval_below_zero() -> None:
    weeks = [tally([60.0] * 20, calls=0), tally([60.0] * 20, calls=9)]
    assert weekly(weeks).mean_calls.low == 0
