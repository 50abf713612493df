"""A run says the same however many workers share it, and a tuning finds what the formula would."""

from collections.abc import Sequence

import numpy as np
import pytest

from sim.draws import BLOCK
from sim.engines.formula import Formula
from sim.outcomes import Estimate
from sim.runs import Backend, Workers, simulate
from sim.scenario import Scenario, delay_policy, load
from sim.tuning import Comparison, Target, TargetUnmet, TooFewShifts, choose, confirm, rerun, screen

MINUTE = 60_000
TEN = delay_policy(10 * MINUTE)
DELAYS = [MINUTE, 5 * MINUTE, 14 * MINUTE, 15 * MINUTE]


def test_a_run_of_so_many_shifts_has_so_many() -> None:
    with Workers(1).running() as workers:
        result = simulate(load("textbook"), TEN, 1, workers, engine="numpy", shifts=BLOCK + 7)
        assert result.summary.shifts == BLOCK + 7
        assert result.stopped == "that is what was asked for"


def test_without_a_number_a_run_goes_on_until_it_knows_enough() -> None:
    told: list[int] = []
    with Workers(1).running() as workers:
        result = simulate(load("textbook"), TEN, 1, workers, engine="numpy", progress=told.append)
    assert result.summary.fill_rate.half_width <= 0.01
    assert result.summary.mean_fill_s.half_width <= 0.02 * result.summary.mean_fill_s.value
    assert told == sorted(told)
    assert "1 point" in result.stopped


def test_the_engines_give_the_same_summary_of_independent_shifts() -> None:
    scenario = load("textbook")
    with Workers(1).running() as workers:
        one = simulate(scenario, TEN, 3, workers, engine="simpy", shifts=500)
        other = simulate(scenario, TEN, 3, workers, engine="numpy", shifts=500)
    assert one == other


def test_of_an_agency_as_many_days_are_simulated_as_bring_about_so_many_shifts() -> None:
    with Workers(1).running() as workers:
        result = simulate(load("default"), TEN, 1, workers, shifts=120)
    assert 80 < result.summary.shifts < 160
    assert result.stopped == "about 120 shifts were expected in 10 days"


def test_a_run_in_which_nobody_ever_accepts_ends_when_that_is_known() -> None:
    never = load("textbook", ["sms.accept_probability=0", "voice.accept_probability=0"])
    with Workers(1).running() as workers:
        result = simulate(never, TEN, 1, workers, engine="numpy")
    assert result.summary.fill_rate.value == 0
    assert "practically zero" in result.stopped


def everything(figures: Comparison) -> Sequence[bytes]:
    matrices = [
        figures.shifts,
        figures.filled,
        figures.fill_s,
        figures.calls,
        figures.cost,
        *figures.within.values(),
    ]
    return [matrix.tobytes() for matrix in matrices]


@pytest.mark.parametrize(("jobs", "backend"), [(2, "loky"), (2, "dask")])
def test_results_are_the_same_to_the_last_bit_on_any_workers(jobs: int, backend: Backend) -> None:
    scenario = load("small_roster")
    with Workers(1).running() as workers:
        alone = screen(scenario, DELAYS, 5, 0.5, workers)
        agency = simulate(scenario, TEN, 5, workers, days=14)
    with Workers(jobs, backend).running() as workers:
        together = screen(scenario, DELAYS, 5, 0.5, workers)
        assert simulate(scenario, TEN, 5, workers, days=14) == agency
    assert everything(together.figures) == everything(alone.figures)
    assert np.array_equal(together.bins, alone.bins)


def test_the_screening_agrees_with_the_formula_at_every_delay() -> None:
    scenario = load("textbook")
    with Workers(1).running() as workers:
        found = screen(scenario, DELAYS, 7, 0.05, workers)
    assert found.converged
    within = found.figures.per_shift(found.figures.within[900])
    for delay_ms, known, mean, calls in zip(
        DELAYS, within, found.figures.mean_fill_s(), found.figures.per_shift(found.figures.calls), strict=True
    ):
        formula = Formula.of(scenario, delay_ms / 1000)
        assert close(known, 1 - float(formula.unfilled(900.0)))
        assert close(mean, formula.mean_fill_s)
        assert close(calls, formula.mean_calls)
    for delay_ms, median_s in zip(DELAYS[1:], found.quantile_s(0.5)[1:], strict=True):
        assert float(Formula.of(scenario, delay_ms / 1000).unfilled(median_s)) == pytest.approx(0.5, abs=0.01)


def close(known: Estimate, truth: float) -> bool:
    """Within two intervals: the seed is fixed, so this is either always so or never."""
    return abs(known.value - truth) <= 2 * known.half_width


def test_the_recommendation_is_the_cheapest_delay_that_meets_the_target() -> None:
    with Workers(1).running() as workers:
        found = screen(load("default"), DELAYS, 7, 0.05, workers)
    choice = choose(found, Target())
    assert DELAYS[choice.at] == 14 * MINUTE  # after 15 minutes and 20 s of ringing it is too late
    assert DELAYS[choice.best] == MINUTE
    assert choice.margin.low > 0
    assert choice.meets == (0, 1, 2)
    fewer = found.figures.gain(found.figures.calls, 2, 0)
    assert fewer.high < 0
    assert fewer.half_width < 0.1 * found.figures.per_shift(found.figures.calls)[0].value


def test_a_target_that_no_delay_meets_is_answered_with_the_best() -> None:
    with Workers(1).running() as workers:
        found = screen(load("default"), DELAYS, 7, 0.05, workers)
    with pytest.raises(TargetUnmet, match=r"the best is 1 min with 7\d\.\d\d%"):
        choose(found, Target.parse("filled_within(15m)>=99%"))


def test_where_nobody_ever_accepts_no_delay_is_recommended() -> None:
    never = load("default", ["sms.accept_probability=0", "voice.accept_probability=0"])
    with Workers(1).running() as workers:
        found = screen(never, DELAYS, 7, 0.05, workers)
    with pytest.raises(TargetUnmet, match="nobody ever takes a shift within 15 min"):
        choose(found, Target())


def test_what_simpy_refutes_gives_way_to_a_shorter_delay_that_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seventy-five calls two seconds apart take two and a half minutes: 14 minutes is too late then."""
    slow = load(
        "default",
        [
            'roles=[{name="RN", caregivers=75}]', "sms.accept_probability=0.01",
            "voice.accept_probability=0.04", "call_outs.per_day=4", "pace.calls_per_second=0.5",
        ],
    )  # fmt: skip
    monkeypatch.setattr("sim.tuning.CONFIRMING_SHIFTS", 120)
    delays = [minute * MINUTE for minute in (9, 11, 12, 13, 14, 15)]
    with Workers(2).running() as workers:
        found = screen(slow, delays, 1, 0.05, workers)
        choice = choose(found, Target())
        again = confirm(slow, found, choice, 1, workers)
    assert delays[choice.at] == 14 * MINUTE
    assert again.margins[choice.at].high < 0
    assert again.at is not None
    assert again.at < choice.at
    assert again.margins[again.at].low >= 0


@pytest.mark.parametrize("text", ["filled_within(15m)>=70%", "filled_within( 30m ) >= 95.5 % of best"])
def test_a_target_reads_as_it_is_written(text: str) -> None:
    assert Target.parse(text) == Target.parse(str(Target.parse(text)))


@pytest.mark.parametrize(
    "text", ["", "filled", "filled_within(7m)>=70%", "filled_within(15m)>=101%", "filled_within(15m)<=3%"]
)
def test_what_is_not_a_target_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"write filled_within\(15m\)>=70%"):
        Target.parse(text)


def test_simpy_looks_again_at_the_same_shifts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For independent shifts it says exactly what the NumPy engine says."""
    monkeypatch.setattr("sim.tuning.CONFIRMING_SHIFTS", 60)
    scenario: Scenario = load("textbook")
    with Workers(1).running() as workers:
        figures = rerun(scenario, [delay_policy(MINUTE), TEN], 11, workers, pieces=3)
        numpy = simulate(scenario, TEN, 11, workers, engine="numpy", shifts=60)
    assert figures.shifts.tolist() == [60, 60, 60]
    assert figures.calls[0, 1] == pytest.approx(numpy.summary.mean_calls.value * 60)


def test_simpy_compares_nothing_where_there_were_hardly_any_shifts() -> None:
    quiet = load("default", ["call_outs.per_day=0.0001"])
    with Workers(1).running() as workers, pytest.raises(TooFewShifts, match="of 3 runs of 7 days"):
        rerun(quiet, [TEN], 11, workers, pieces=3)
