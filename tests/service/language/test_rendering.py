"""Notices become texts once, between deciding and committing: one text for each send and each answer."""

from copy import deepcopy

from core.commands import InboundResult, Leased, Outgoing, Stored
from core.events import Entry, OffersMade
from core.model import Channel
from core.notice import Notice
from core.ports import Changes
from core.sends import Owner, Send
from service.language.wording import SEGMENT, Wording
from tests.service.language.story import NOW_MS, make_shift

WORDS = Wording("UTC", "555 0100")
MONDAY = make_shift("s1")
TUESDAY = make_shift("s2", starts_h=32)
OFFER = Notice("offer", MONDAY, "B")
CONFIRMED = Notice("confirmed", MONDAY, "B")
DECLINED = Notice("declined", TUESDAY, "C")
OFFERED = "RN shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass."
SPOKEN = "Open RN shift Mon Mar 3 2pm-10pm. Press 1 to accept, 2 to decline."
YOURS = "Confirmed: RN shift Mon Mar 3 2pm-10pm is yours. Can't make it? Reply NO B."
PASSED = "OK, you pass on the RN shift Tue Mar 4 2pm-10pm. Thanks for telling us."


def send(*notices: Notice, channel: Channel = "sms", text: str = "") -> Send:
    return Send("k", "ann", channel, "offer", 0, notices, text, "s1")


def rendered(*sends: Send) -> list[Send]:
    changes = Changes(sends={str(number): send for number, send in enumerate(sends)})
    WORDS.render(changes)
    return list(changes.sends.values())


def answer(*notices: Notice, reply: str | None = None) -> InboundResult:
    return InboundResult("claimed", "s1", "ann", reply, notices)


def outgoing(key: str, text: str = "") -> Outgoing:
    return Outgoing(key, 1, "sms", "+15550100", text, "ann", "s1", "offer")


def test_a_send_says_the_text_of_its_notice_and_nothing_else_of_it_changes():
    assert rendered(send(OFFER)) == [send(text=OFFERED)]


def test_a_call_says_which_keys_to_press():
    assert rendered(send(OFFER, channel="voice")) == [send(channel="voice", text=SPOKEN)]


def test_a_send_that_has_its_text_keeps_it():
    kept = [send(text="as it was"), send(OFFER, text="as it was")]
    assert rendered(*kept) == kept


def test_several_notices_are_one_send_even_if_it_is_longer_than_a_segment():
    [said] = rendered(send(CONFIRMED, DECLINED, Notice("help")))
    assert said.text.startswith(f"{YOURS} {PASSED} Shift offers: ")
    assert len(said.text) > SEGMENT
    assert said.notices == ()


def test_what_two_notices_say_alike_is_said_once():
    said = rendered(send(CONFIRMED, DECLINED, Notice("already_yours", MONDAY, "B")))
    assert [one.text for one in said] == [f"{YOURS} {PASSED}"]


def test_an_answer_says_in_its_result_and_for_repeats_what_its_send_says():
    result = answer(CONFIRMED, DECLINED)
    changes = Changes(results=[result], sends={"k": send(CONFIRMED, DECLINED)}, inbox={"m1": result})
    WORDS.render(changes)
    assert changes.results == [answer(reply=f"{YOURS} {PASSED}")]
    assert changes.inbox["m1"] == changes.results[0]
    assert len(changes.sends) == 1
    assert changes.sends["k"].text == f"{YOURS} {PASSED}"


def test_a_message_that_comes_twice_in_one_batch_is_answered_alike():
    result = answer(CONFIRMED)
    changes = Changes(results=[result, result], inbox={"m1": result})
    WORDS.render(changes)
    assert changes.results == [answer(reply=YOURS)] * 2


def test_a_repeated_message_gets_the_reply_that_it_got_before():
    changes = Changes(results=[answer(reply="whatever it was")])
    WORDS.render(changes)
    assert changes.results == [answer(reply="whatever it was")]


def test_who_is_told_nothing_gets_no_reply():
    changes = Changes(results=[answer()], inbox={"m1": answer()})
    WORDS.render(changes)
    assert changes.results == [answer(reply=None)]
    assert changes.inbox == {"m1": answer(reply=None)}


def test_a_send_that_is_decided_and_leased_in_one_batch_goes_out_with_its_text():
    leased = send(OFFER).leased(Owner("here", 1), 0, 60_000)
    changes = Changes(
        results=[Leased((outgoing("new"), outgoing("old", "as it was")), {"sms": 1_000}, 2_000)],
        sends={"new": leased, "old": send(text="as it was")},
    )
    WORDS.render(changes)
    [result] = changes.results
    assert result == Leased((outgoing("new", OFFERED), outgoing("old", "as it was")), {"sms": 1_000}, 2_000)
    assert changes.sends["new"].status == "leased"


def test_a_leased_send_without_a_text_in_the_result_goes_out_with_the_stored_one():
    changes = Changes(results=[Leased((outgoing("old"),), {}, None)], sends={"old": send(text="as it was")})
    WORDS.render(changes)
    assert changes.results == [Leased((outgoing("old", "as it was"),), {}, None)]


def test_other_results_stay_as_they_are():
    changes = Changes(results=[Stored(True), Stored(False)])
    WORDS.render(changes)
    assert changes.results == [Stored(True), Stored(False)]


def test_the_same_changes_are_rendered_alike_each_time_and_only_once():
    result = answer(CONFIRMED)
    first = Changes(results=[result], sends={"k": send(OFFER, CONFIRMED)}, inbox={"m1": result})
    second = deepcopy(first)
    WORDS.render(first)
    Wording("UTC", "555 0100").render(second)
    assert first == second
    WORDS.render(second)
    assert first == second


def test_what_is_said_a_year_before_the_shift_tells_the_year():
    year_later = Notice("offer", make_shift("s1", starts_h=8 + 365 * 24), "B")
    made = Entry(1, "s1", 1, OffersMade(NOW_MS, 0, "sms", ("ann",)))
    changes = Changes(sends={"k": send(year_later), "l": send(OFFER)}, entries=[made])
    WORDS.render(changes)
    assert [said.text for said in changes.sends.values()] == [
        "RN shift Tue Mar 3 2026 2pm-10pm. Reply YES B to take it, NO B to pass.",
        OFFERED,
    ]
