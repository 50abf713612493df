"""Which sends may start, and when failed ones are tried again."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sends import LONGEST_RETRY_MS, Limits, Pace, Send, plan, retry_delay_ms

PHONE_AND_TEXT = st.sampled_from(["sms", "voice"])


def text(caregiver_id: str, key: str = "", channel: str = "sms", purpose: str = "offer") -> Send:
    return Send(key or f"{channel}-{caregiver_id}", caregiver_id, channel, purpose, "hello", 0)


def started(waiting: list[Send], limits: Limits, pace: Pace, now_ms: int) -> tuple[str, int | None, Pace]:
    made = plan(waiting, pace, limits, now_ms)
    return " ".join(send.key for send in made.start), made.wake_ms, made.pace


def test_without_limits_everything_starts_at_once():
    everyone = [text("ann"), text("bob"), text("ann", "again")]
    assert started(everyone, Limits(0, 0, 0, 0), Pace(), 0) == ("sms-ann sms-bob again", None, Pace())


def test_the_sender_sends_one_text_a_second_and_says_when_the_next_may_start():
    first, wake_ms, pace = started([text("ann"), text("bob")], Limits(), Pace(), 5_000)
    assert (first, wake_ms) == ("sms-ann", 6_000)
    assert started([text("bob")], Limits(), pace, 5_999)[:2] == ("", 6_000)
    assert started([text("bob")], Limits(), pace, 6_000)[:2] == ("sms-bob", None)


def test_a_clock_that_is_set_back_an_hour_holds_nobody_up_for_longer_than_an_interval():
    _, _, pace = started([text("ann")], Limits(), Pace(), 3_600_000)
    assert started([text("ann"), text("bob")], Limits(), pace, 0)[:2] == ("", 1_000)
    assert started([text("ann"), text("bob")], Limits(), pace, 0)[2].resting == {("sms", "ann"): 1_000}


def test_texts_and_calls_do_not_wait_for_each_other():
    both = [text("ann"), text("ann", channel="voice")]
    assert started(both, Limits(), Pace(), 0)[0] == "sms-ann voice-ann"


def test_nobody_is_phoned_twice_within_a_minute_and_others_go_first_meanwhile():
    calls = [text("ann", "ann-1", "voice"), text("ann", "ann-2", "voice"), text("bob", "bob-1", "voice")]
    first, wake_ms, pace = started(calls, Limits(), Pace(), 0)
    assert (first, wake_ms) == ("ann-1", 1_000)
    assert started(calls[1:], Limits(), pace, 1_000)[:2] == ("bob-1", 60_000)


def test_answers_go_before_offers():
    assert [text("ann", purpose=purpose).priority for purpose in ("answer", "notice", "offer")] == [0, 0, 1]


def test_a_send_is_ready_when_due_and_a_leased_one_when_it_counts_as_lost():
    waiting = text("ann")
    leased = waiting.leased(30_000)
    assert (waiting.ready_ms, leased.ready_ms, leased.retried(7_000).ready_ms) == (0, 30_000, 7_000)
    assert (leased.attempts, leased.retried(0).attempts, leased.ended("sent").lease_ms) == (1, 1, None)


limits = st.builds(Limits, *[st.integers(0, 5_000)] * 4)
sends = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "cid"]), PHONE_AND_TEXT, st.integers(0, 3_000)), max_size=12
)


@given(sends, limits)
def test_no_plan_ever_exceeds_a_limit_and_everything_goes_out_in_the_end(asked, limit):
    waiting = [text(who, f"{index}", channel) for index, (who, channel, _) in enumerate(asked)]
    due = {str(index): at_ms for index, (_, _, at_ms) in enumerate(asked)}
    went: list[tuple[int, Send]] = []
    pace, now_ms = Pace(), 0
    while waiting:
        made = plan([s for s in waiting if due[s.key] <= now_ms], pace, limit, now_ms)
        went += [(now_ms, send) for send in made.start]
        waiting = [send for send in waiting if send not in made.start]
        later = [
            at_ms for at_ms in (made.wake_ms, *(due[s.key] for s in waiting)) if at_ms and at_ms > now_ms
        ]
        assert not waiting or later, "sends wait and nothing wakes them"
        pace, now_ms = made.pace, min(later, default=now_ms)
    for channel in ("sms", "voice"):
        sender_ms, person_ms = limit.of(channel)
        on_it = [(at_ms, send) for at_ms, send in went if send.channel == channel]
        assert all(b - a >= sender_ms for (a, _), (b, _) in pairwise(on_it))
        for who in ("ann", "bob", "cid"):
            to_them = [at_ms for at_ms, send in on_it if send.caregiver_id == who]
            assert all(b - a >= person_ms for a, b in pairwise(to_them))


@given(sends, limits)
def test_a_plan_starts_only_what_waits_and_each_once_in_order(asked, limit):
    waiting = [text(who, f"{index}", channel) for index, (who, channel, _) in enumerate(asked)]
    made = plan(waiting, Pace(), limit, 0)
    assert list(made.start) == [send for send in waiting if send in made.start]
    assert (made.wake_ms is None) == (len(made.start) == len(waiting))


@pytest.mark.parametrize(
    ("attempts", "longest_ms"), [(1, 2_000), (2, 4_000), (3, 8_000), (5, 32_000), (6, LONGEST_RETRY_MS)]
)
def test_the_wait_before_a_retry_doubles_up_to_a_minute(attempts, longest_ms):
    assert retry_delay_ms(attempts, 0.5) == longest_ms // 2


@given(st.integers(1, 60), st.floats(0, 1, exclude_max=True))
def test_jitter_spreads_retries_from_nothing_to_the_cap(attempts, jitter):
    assert 0 <= retry_delay_ms(attempts, jitter) <= LONGEST_RETRY_MS
