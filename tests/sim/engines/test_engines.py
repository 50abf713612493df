"""The two engines say the same of every shift, and both say what the formula says."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import Claimed, SendStarted
from core.invariants import violations
from core.model import Policy, Round
from sim.draws import BLOCK, NEVER, draw
from sim.engines import independent, sweep
from sim.engines.formula import Formula
from sim.outcomes import WITHIN_S, Outcomes, Tally, summarize
from sim.scenario import UNLIMITED, CallOuts, Prices, Role, Scenario, Sms, Voice, delay_policy, load, presets

MINUTE = 60_000
SEED = 20_260_301
SHARES = st.floats(0, 1)


@st.composite
def scenarios(draws: st.DrawFn) -> Scenario:
    ring_s = draws(st.integers(1, 60))
    roles = [
        Role(name=f"R{k}", caregivers=draws(st.integers(1, 12)), share=draws(st.floats(0.1, 5)))
        for k in range(draws(st.integers(1, 3)))
    ]
    return Scenario(
        roles=tuple(roles),
        call_outs=CallOuts(
            lead_s=draws(st.sampled_from([0, 600, 7200])), shift_s=draws(st.sampled_from([60, 1800, 28800]))
        ),
        shared_caregivers=False,
        pace=UNLIMITED,
        sms=Sms(
            reply_probability=draws(SHARES), never_reply_share=draws(SHARES),
            # Seconds of milliseconds: many people answer in the same one.
            latency_median_s=draws(st.sampled_from([0.01, 2, 240, 3600])),
            latency_sigma=draws(st.floats(0.1, 2)), accept_probability=draws(SHARES),
        ),
        voice=Voice(
            answer_probability=draws(SHARES), ring_s=ring_s, ring_timeout_s=ring_s + 5,
            accept_probability=draws(SHARES),
        ),
    )  # fmt: skip


def assert_same(some: Outcomes, others: Outcomes) -> None:
    for name in ("fill_ms", "winner", "texts", "calls", "disturbed"):
        np.testing.assert_array_equal(getattr(some, name), getattr(others, name), err_msg=name)


@settings(max_examples=60, deadline=None)
@given(scenarios(), st.integers(0, 1000), st.sampled_from([0, 1, 10, 60, 600, 3600, 40_000]))
def test_the_engines_agree_winner_for_winner_time_for_time_call_for_call(
    scenario: Scenario, seed: int, delay_s: int
) -> None:
    block = draw(scenario, seed, 3)
    simulated = independent.simulate(scenario, delay_policy(1000 * delay_s), block, range(60))
    assert_same(simulated, sweep.outcomes(scenario, block, 1000 * delay_s).first(60))


@settings(max_examples=30, deadline=None)
@given(
    scenarios(), st.integers(0, 1000), st.lists(st.integers(0, 50_000), min_size=1, max_size=9, unique=True)
)
def test_a_sweep_sums_up_the_outcomes_of_every_delay(
    scenario: Scenario, seed: int, delays_s: list[int]
) -> None:
    block = draw(scenario, seed, 0)
    delays_ms = [1000 * delay_s for delay_s in sorted(delays_s)]
    sums = sweep.sweep(scenario, block, delays_ms)
    for at, delay_ms in enumerate(delays_ms):
        one = sweep.outcomes(scenario, block, delay_ms)
        filled = one.fill_ms[one.fill_ms < NEVER]
        assert sums.filled[at] == len(filled)
        assert sums.fill_ms[at] == filled.sum()
        assert sums.calls[at] == one.calls.sum()
        assert sums.escalated[at] == one.escalated.sum()
        for limit_s in WITHIN_S:
            assert sums.within(limit_s)[at] == np.count_nonzero(filled <= 1000 * limit_s)
        expected = np.bincount(
            np.searchsorted(sweep.EDGES_MS, filled, side="right") - 1, minlength=len(sweep.EDGES_MS)
        )
        np.testing.assert_array_equal(sums.bins[at], expected)


@pytest.mark.parametrize("preset", presets())
def test_the_engines_agree_on_the_presets(preset: str) -> None:
    scenario = load(preset).made_independent()
    block = draw(scenario, SEED, 0)
    for delay_ms in (0, 10 * MINUTE):
        simulated = independent.simulate(scenario, delay_policy(delay_ms), block, range(300))
        assert_same(simulated, sweep.outcomes(scenario, block, delay_ms).first(300))


def test_the_formula_gives_the_figures_of_the_worked_example() -> None:
    formula = Formula.of(load("textbook"), 600)
    assert formula.p_unfilled == pytest.approx(0.002213, abs=5e-7)
    assert formula.p_escalated == pytest.approx(0.0537, abs=5e-5)
    assert formula.mean_calls == pytest.approx(0.9044, abs=5e-5)
    assert formula.mean_fill_s / 60 == pytest.approx(2.3716, abs=5e-5)


def test_the_formula_refuses_what_it_does_not_describe() -> None:
    with pytest.raises(ValueError, match="independent"):
        Formula.of(load("default"), 600)


def z_scores(tally: Tally, formula: Formula) -> list[float]:
    """How many standard errors what was simulated lies from the formula: shares, calls and times."""
    n = tally.shifts
    shares = [
        (tally.filled, 1 - formula.p_unfilled),
        (tally.escalated, formula.p_escalated),
        *zip(tally.within, 1 - formula.unfilled(np.array(WITHIN_S, dtype=float)), strict=True),
    ]
    scores = [(k / n - p) / sqrt(p * (1 - p) / n) for k, p in shares]
    calls = tally.totals[1] / n
    scores.append((calls - formula.mean_calls) / sqrt((tally.squares[1] / n - calls**2) / n))
    fill_s = tally.fill_s / tally.filled
    spread = sqrt((tally.fill_s2 / tally.filled - fill_s**2) / tally.filled)
    return [*scores, (fill_s - formula.mean_fill_s) / spread]


@pytest.mark.parametrize("delay_s", [60, 600, 1800])
def test_the_numpy_engine_passes_z_tests_against_the_formula(delay_s: int) -> None:
    scenario = load("textbook")
    blocks = [sweep.outcomes(scenario, draw(scenario, SEED, number), 1000 * delay_s) for number in range(40)]
    tally = sum_of([Tally.of(block, scenario.prices) for block in blocks])
    scores = z_scores(tally, Formula.of(scenario, delay_s))
    assert max(map(abs, scores)) < 3.5, scores  # 8 scores, 3 delays: beyond that by chance once in 90 seeds


def test_the_simpy_engine_passes_z_tests_against_the_formula() -> None:
    scenario = load("textbook")
    block = draw(scenario, SEED, 0)
    tally = Tally.of(independent.simulate(scenario, delay_policy(10 * MINUTE), block), scenario.prices)
    assert tally.shifts == BLOCK
    scores = z_scores(tally, Formula.of(scenario, 600))
    assert max(map(abs, scores)) < 3.5, scores


def sum_of(tallies: Sequence[Tally]) -> Tally:
    total = tallies[0]
    for tally in tallies[1:]:
        total = total + tally
    return total


def test_intervals_of_a_summary_hold_the_formula() -> None:
    scenario = load("textbook")
    tallies = [
        Tally.of(sweep.outcomes(scenario, draw(scenario, SEED, number), 10 * MINUTE), Prices())
        for number in range(10)
    ]
    summary, formula = summarize(sum_of(tallies)), Formula.of(scenario, 600)
    for estimate, truth in (
        (summary.p_unfilled, formula.p_unfilled),
        (summary.p_escalated, formula.p_escalated),
        (summary.mean_calls, formula.mean_calls),
        (summary.mean_fill_s, formula.mean_fill_s),
    ):
        assert estimate.low < truth < estimate.high
    bin_s = 1  # and p95 is that of the many who are filled by the first call
    for quantile, level in (
        (summary.median_fill_s, 0.5), (summary.p90_fill_s, 0.9), (summary.p95_fill_s, 0.95),
    ):  # fmt: skip
        low, high = formula.unfilled(np.array([quantile.low - bin_s, quantile.high + bin_s]))
        assert 1 - low < level < 1 - high


WAVES = Policy(
    rounds=(
        Round(after_s=0, channel="sms", limit=3),
        Round(after_s=120, channel="sms"),
        Round(after_s=300, channel="voice", limit=2),
        Round(after_s=600, channel="voice"),
    )
)


@pytest.mark.parametrize("preset", presets())
@pytest.mark.parametrize("policy", [delay_policy(5 * MINUTE), WAVES], ids=["delay", "waves"])
def test_the_journal_of_a_shift_keeps_the_invariants(preset: str, policy: Policy) -> None:
    scenario = load(preset).made_independent()
    block = draw(scenario, SEED, 7)
    for shift in range(25):
        assert violations(independent.story(scenario, policy, block, shift, begin_ms=1_000_000)) == []


@pytest.mark.parametrize("policy", [delay_policy(5 * MINUTE), WAVES], ids=["delay", "waves"])
def test_a_shift_told_alone_goes_as_it_went_among_others(policy: Policy) -> None:
    scenario = load("small_roster").made_independent()
    block = draw(scenario, SEED, 2)
    among = independent.simulate(scenario, policy, block, range(40))
    for shift in range(40):
        told = independent.story(scenario, policy, block, shift, begin_ms=5)
        claims = [entry.event for entry in told if isinstance(entry.event, Claimed)]
        assert [claim.at_ms - 5 for claim in claims] == [ms for ms in [among.fill_ms[shift]] if ms < NEVER]
        sends = [entry.event for entry in told if isinstance(entry.event, SendStarted)]
        assert sum(send.channel == "sms" for send in sends) == among.texts[shift]
        assert sum(send.channel == "voice" for send in sends) == among.calls[shift]
        assert len({send.caregiver_id for send in sends}) == among.disturbed[shift]
