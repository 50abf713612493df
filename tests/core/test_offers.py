"""Which offer an answer means, and the codes that tell offers apart (rule 10)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.offers import BARE_ANSWER_MS, CODE_LETTERS, DAY_MS, Offer, new_code, route
from core.reply import Answer

NOW_MS = 10 * DAY_MS
YES = Answer("accept")


def offer(code: str, made_ago_ms: int = 0, **more: object) -> Offer:
    """An offer of shift "shift-<code>", made and sent at the same time."""
    made_ms = NOW_MS - made_ago_ms
    offered = Offer(f"shift-{code}", "ann", code, 1, made_ms, NOW_MS + DAY_MS, made_ms)
    return offered._replace(**more)


def meant(answer: Answer, *offers: Offer, held: tuple[str, ...] = ()) -> str:
    """The code of the offer that is meant, "B or C" where one must ask, "none"."""
    found = route(answer, offers, NOW_MS, held)
    if isinstance(found, Offer):
        return found.code
    return " or ".join(o.code for o in found) + "?" if found else "none"


def test_a_bare_yes_means_the_only_offer_of_the_last_hour():
    assert meant(YES, offer("B")) == "B"
    assert meant(YES, offer("B"), offer("C", BARE_ANSWER_MS)) == "B"


def test_a_bare_yes_without_any_offer_means_nothing():
    assert meant(YES) == "none"


def test_a_bare_yes_to_two_offers_is_asked_back():
    assert meant(YES, offer("C"), offer("B")) == "B or C?"


@pytest.mark.parametrize("done", [{"answer": "decline"}, {"answer": "accept"}])
def test_a_bare_yes_passes_over_an_offer_that_is_answered(done):
    assert meant(YES, offer("B", **done), offer("C")) == "C"


def test_an_offer_that_filled_silently_still_counts_as_one_they_may_mean():
    """Nothing in an offer says that its shift is gone until its caregiver has been told."""
    assert meant(YES, offer("B"), offer("C")) == "B or C?"
    assert meant(YES, offer("B", answer="accept"), offer("C")) == "C"


def test_a_repeated_yes_finds_the_only_answered_offer():
    assert meant(YES, offer("B", answer="accept")) == "B"
    assert meant(YES, offer("B", answer="accept"), offer("C", answer="accept")) == "B or C?"


@pytest.mark.parametrize(("ago_ms", "expected"), [(BARE_ANSWER_MS - 1, "B"), (BARE_ANSWER_MS, "B?")])
def test_a_bare_yes_reaches_back_less_than_an_hour(ago_ms, expected):
    assert meant(YES, offer("B", ago_ms)) == expected


def test_the_hour_counts_from_the_latest_sending_and_not_from_when_it_was_made():
    assert meant(YES, offer("B", 2 * BARE_ANSWER_MS, sent_ms=NOW_MS - 1)) == "B"


def test_a_bare_yes_does_not_mean_an_offer_that_was_never_sent():
    assert meant(YES, offer("B", sent_ms=None)) == "B?"
    assert meant(YES, offer("B", sent_ms=None), offer("C")) == "C"


def test_a_code_names_its_offer_among_several():
    assert meant(Answer("accept", "C"), offer("B"), offer("C"), offer("D")) == "C"


def test_an_unknown_code_is_asked_back_with_the_codes_there_are():
    assert meant(Answer("accept", "X"), offer("B"), offer("C")) == "B or C?"


def test_a_later_round_leaves_the_answer_and_a_new_generation_forgets_it():
    told = offer("B", 500, answer="decline")
    assert told.again(1, NOW_MS) == told._replace(made_ms=NOW_MS)
    late = offer("B", 500, until_ms=NOW_MS + 1)
    assert late.again(1, NOW_MS).until_ms == NOW_MS + DAY_MS
    assert told.again(2, NOW_MS) == offer("B", generation=2, sent_ms=None)


@pytest.mark.parametrize("intent", ["accept", "decline", "unknown"])
def test_a_bare_answer_may_mean_the_shift_they_hold_or_an_offer_that_came_before_it_was_theirs(intent):
    held = offer("B", 10_000, answer="accept", answered_ms=NOW_MS - 1_000)
    waiting = offer("C", 5_000)
    assert meant(Answer(intent), held, waiting, held=("shift-B",)) == "B or C?"
    assert meant(Answer(intent), held, waiting) == "C"
    later = offer("C", 500)
    assert meant(Answer(intent), held, later, held=("shift-B",)) == "C"


def test_codes_are_one_letter_first_then_two():
    made: list[str] = []
    for _ in range(len(CODE_LETTERS) + 2):
        made.append(new_code(made, {"BC"}))
    assert made == [*CODE_LETTERS, "BB", "BD"]


def test_no_code_letter_reads_as_a_word():
    assert CODE_LETTERS == "BCDFGHJLMPQTVWXZ"


@given(st.sets(st.text(CODE_LETTERS, min_size=1, max_size=2), max_size=100))
def test_a_new_code_is_never_in_use(used):
    code = new_code(used, {"BB"})
    assert code not in {*used, "BB"}
    assert set(code) <= set(CODE_LETTERS)


offers = st.lists(
    st.builds(
        offer,
        st.sampled_from(CODE_LETTERS),
        st.integers(0, 2 * DAY_MS),
        answer=st.sampled_from([None, "accept", "decline"]),
    ),
    max_size=6,
    unique_by=lambda o: o.code,
)


@given(offers, st.sampled_from(["accept", "decline"]))
def test_a_bare_answer_never_chooses_among_several_that_could_be_meant(made, intent):
    found = route(Answer(intent), made, NOW_MS)
    open_to_it = [
        o for o in made
        if NOW_MS - o.made_ms < BARE_ANSWER_MS and o.answer is None
    ]  # fmt: skip
    if len(open_to_it) == 1:
        assert found == open_to_it[0]
    if len(open_to_it) > 1:
        assert not isinstance(found, Offer)
        assert set(open_to_it) <= set(found)


@given(offers, st.sampled_from(CODE_LETTERS))
def test_a_code_never_hits_another_offer(made, code):
    found = route(Answer("accept", code), made, NOW_MS)
    assert not isinstance(found, Offer) or found.code == code


@given(offers)
def test_codes_to_choose_from_are_listed_in_order(made):
    found = route(Answer("unknown"), made, NOW_MS)
    if isinstance(found, Offer):
        assert found in made
    else:
        assert all(a.code < b.code for a, b in pairwise(found))
