"""Which sends may start, and when failed ones are tried again."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Channel
from core.sends import LONGEST_RETRY_MS, Limits, Owner, Send, plan, retry_delay_ms
from tests.core.agency import NO_LIMITS

PHONE_AND_TEXT = st.sampled_from(["sms", "voice"])


def text(caregiver_id: str, key: str = "", channel: str = "sms", purpose: str = "offer") -> Send:
    return Send(key or f"{channel}-{caregiver_id}", caregiver_id, channel, purpose, 0)


def started(
    waiting: list[Send], limits: Limits, started_ms: dict[Channel, int], now_ms: int
) -> tuple[str, int | None]:
    made = plan(waiting, started_ms, limits, now_ms, 99)
    return " ".join(send.key for send in made.start), made.wake_ms


def test_without_limits_everything_starts_at_once():
    everyone = [text("ann"), text("bob"), text("ann", "again")]
    assert started(everyone, NO_LIMITS, {}, 0) == ("sms-ann sms-bob again", None)


def test_the_sender_sends_one_text_a_second_and_says_when_the_next_may_start():
    assert started([text("ann"), text("bob")], Limits(), {}, 5_000) == ("sms-ann", 6_000)
    assert started([text("bob")], Limits(), {"sms": 5_000}, 5_999) == ("", 6_000)
    assert started([text("bob")], Limits(), {"sms": 5_000}, 6_000) == ("sms-bob", None)


def test_a_clock_that_is_set_back_holds_nobody_up_for_longer_than_an_interval():
    assert started([text("ann")], Limits(), {"sms": 5_500}, 5_000) == ("", 6_000)
    assert started([text("ann")], Limits(), {"sms": 3_600_000}, 5_000) == ("sms-ann", None)


def test_texts_and_calls_do_not_wait_for_each_other():
    both = [text("ann"), text("ann", channel="voice")]
    assert started(both, Limits(), {}, 0)[0] == "sms-ann voice-ann"


def test_nobody_is_phoned_twice_within_a_minute_and_others_go_first_meanwhile():
    calls = [text("ann", "ann-1", "voice"), text("ann", "ann-2", "voice"), text("bob", "bob-1", "voice")]
    assert started(calls, Limits(sms_ms=0, voice_ms=0), {}, 0) == ("ann-1 bob-1", 60_000)


def test_who_rests_was_sent_something_within_an_interval_and_not_by_a_clock_that_was_set_back():
    assert Limits().resting("voice", 100_000) == (40_000, 160_000)
    assert NO_LIMITS.resting("sms", 100_000) == (100_000, 100_000)


def test_answers_go_before_offers():
    assert [text("ann", purpose=purpose).priority for purpose in ("answer", "notice", "offer")] == [0, 0, 1]


def test_a_send_is_ready_when_due_and_a_leased_one_when_it_counts_as_lost():
    waiting = text("ann")
    leased = waiting.leased(Owner("local", 1), 0, 30_000)
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
    last: dict[tuple[str, str], int] = {}
    now_ms = 0
    while waiting:
        awake, resting = [], []
        for send in waiting:
            after_ms, before_ms = limit.resting(send.channel, now_ms)
            rests = after_ms < last.get((send.channel, send.caregiver_id), after_ms) < before_ms
            if due[send.key] <= now_ms:
                (resting if rests else awake).append(send)
        started_ms = {c: last[c, ""] for c in ("sms", "voice") if (c, "") in last}
        made = plan(awake, started_ms, limit, now_ms, 99)
        went += [(now_ms, send) for send in made.start]
        for send in made.start:
            last[send.channel, ""] = last[send.channel, send.caregiver_id] = now_ms
        waiting = [send for send in waiting if send not in made.start]
        free = [last[s.channel, s.caregiver_id] + limit.of(s.channel)[1] for s in resting]
        later = [at_ms for at_ms in (made.wake_ms, *free, *(due[s.key] for s in waiting)) if at_ms]
        later = [at_ms for at_ms in later if at_ms > now_ms]
        assert not waiting or later, "sends wait and nothing wakes them"
        now_ms = min(later, default=now_ms)
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
    made = plan(waiting, {}, limit, 0, 99)
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
