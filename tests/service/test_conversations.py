"""Whole conversations over HTTP: what caregivers text, what they hear, and what the coordinator sees."""

import pytest
from structlog.typing import EventDict

from core.sends import Limits
from service.stores.queries import ServiceStore
from tests.core.agency import MINUTE
from tests.service.service_fixture import Json, ServiceFixture, running_service

pytestmark = pytest.mark.anyio

OFFER = "RN shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass."
HOW = "Sorry, we did not understand. Reply YES B to take the shift, NO B to pass, or call the office."


async def open_shifts(fixture: ServiceFixture, *shift_ids: str) -> None:
    """The shifts are offered to Dee, Ann, Ben and Cat, who have read it."""
    await fixture.store_agency()
    for shift_id in shift_ids or ("mon",):
        await fixture.start(shift_id)
    await fixture.settle()
    fixture.hear_all()


async def messages(fixture: ServiceFixture, shift_id: str = "mon") -> list[str]:
    """What the coordinator reads on a shift."""
    found: list[Json] = (await fixture.get(f"/shifts/{shift_id}"))["messages"]
    return [f"{message['caregiver_id']}: {message['text']} -> {message['status']}" for message in found]


async def holder(fixture: ServiceFixture, shift_id: str = "mon") -> str | None:
    found: str | None = (await fixture.get(f"/shifts/{shift_id}"))["fanout"]["holder"]
    return found


async def test_a_question_is_asked_back_once_and_seen_on_the_shift(
    store: ServiceStore, log: list[EventDict]
) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture)
        ann = fixture.device("ann")
        told = await ann.says("yes but only until 2, I have the flu")
        assert (told["status"], told["shift_id"], told["reply"]) == ("unknown", "mon", HOW)
        await ann.expect_sms(HOW)
        assert (await ann.says("is that ok?"))["reply"] is None
        assert await messages(fixture) == [
            "ann: yes but only until 2, I have the flu -> unknown",
            "ann: is that ok? -> unknown",
        ]
        logged = [entry for entry in log if entry["event"] == "not_understood"]
        assert [entry["length"] for entry in logged] == [36, 11]
        assert not any("flu" in str(entry) for entry in log)
        await fixture.pass_s(600)
        for name in ("dee", "ann", "ben", "cat"):  # the question has excluded nobody
            await fixture.device(name).expect_call()
        await fixture.pass_s(30 * 60)
        assert (await ann.says("well?"))["reply"] == HOW
        await ann.expect_sms(HOW)
        assert (await ann.says("yes"))["status"] == "claimed"
        await ann.expect_sms("Confirmed")


async def test_a_late_answer_hears_when_the_shift_went(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture)
        assert (await fixture.device("ann").says("yes B"))["status"] == "claimed"
        await fixture.device("ann").expect_sms("Confirmed")
        await fixture.pass_s(42 * 60)
        late = await fixture.device("ben").says("Yes I can! is it still open?")
        assert late["status"] == "unknown"  # a question is no answer
        await fixture.device("ben").expect_sms("The shift Mon Mar 3 2pm-10pm is not open")
        late = await fixture.device("ben").says("yes b")
        assert (
            late["reply"] == "Sorry, the RN shift Mon Mar 3 2pm-10pm went to someone else at 6am. Thank you!"
        )
        await fixture.device("ben").expect_sms("went to someone else at 6am")
        thanks = await fixture.device("ben").says("ok no problem thanks")
        assert (thanks["status"], thanks["reply"]) == ("unknown", None)
        assert await holder(fixture) == "ann"


async def test_a_repeated_yes_hears_that_it_is_theirs_and_changes_nothing(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture)
        ann = fixture.device("ann")
        first = await ann.says("Yes please, I'll take it")
        again = await ann.says("YES!!")
        assert [first["status"], again["status"]] == ["claimed", "already_yours"]
        assert first["reply"] == again["reply"]
        await ann.expect_sms("Confirmed")
        await ann.expect_sms("Confirmed")
        assert fixture.kinds("mon").count("claimed") == 1


async def test_a_change_of_mind_gives_the_shift_back_and_alerts_the_coordinator(
    store: ServiceStore, log: list[EventDict]
) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture)
        ann = fixture.device("ann")
        await ann.says("yes")
        await ann.expect_sms("Confirmed")
        back = await ann.says("Actually I can't, my car broke down. Sorry!")
        assert (back["status"], back["shift_id"]) == ("released", "mon")
        await ann.expect_sms("no longer yours")
        for name in ("dee", "ben", "cat"):
            await fixture.device(name).expect_sms(OFFER)
        (warning,) = [entry for entry in log if entry["event"] == "released"]
        assert (warning["log_level"], warning["shift_id"], warning["caregiver_id"]) == (
            "warning",
            "mon",
            "ann",
        )
        assert await fixture.metric('fanout_released_total{by="caregiver"}') == 1
        assert await messages(fixture) == ["ann: Actually I can't, my car broke down. Sorry! -> released"]
        assert (await fixture.device("ben").says("si puedo, gracias"))["status"] == "claimed"
        await fixture.device("ben").expect_sms("Confirmed")


async def test_a_change_of_mind_about_a_shift_that_somebody_else_has_is_only_a_no(
    store: ServiceStore,
) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture)
        await fixture.device("ben").says("yes")
        await fixture.device("ben").expect_sms("Confirmed")
        await fixture.device("ann").says("yes")
        await fixture.device("ann").expect_sms("went to someone else")
        assert (await fixture.device("ann").says("actually I can't"))["status"] == "declined"
        await fixture.device("ann").expect_sms("OK, you pass")
        assert await holder(fixture) == "ben"
        assert await messages(fixture) == []


async def test_a_bare_yes_to_two_offers_is_asked_which_and_one_message_can_answer_both(
    store: ServiceStore,
) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture, "mon", "thu")
        ann = fixture.device("ann")
        assert (await ann.says("yes"))["status"] == "which_shift"
        await ann.expect_sms("Which shift? B Mon Mar 3 2pm-10pm; C Thu Mar 6 2pm-10pm.")
        unclear = await ann.says("the first one maybe")
        assert (unclear["status"], unclear["shift_id"]) == ("unknown", None)
        await ann.expect_sms("Reply YES or NO and the letter", "B Mon Mar 3", "C Thu Mar 6")
        for shift_id in ("mon", "thu"):
            assert await messages(fixture, shift_id) == ["ann: the first one maybe -> unknown"]
        both = await ann.says("C no, B yes")
        assert (both["status"], both["shift_id"]) == ("claimed", "mon")
        await ann.expect_sms("you pass on the RN shift Thu", "RN shift Mon Mar 3 2pm-10pm is yours")
        assert (await holder(fixture), await holder(fixture, "thu")) == ("ann", None)


async def test_an_ok_to_it_went_to_someone_else_takes_no_other_shift(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture, "mon", "thu")
        await fixture.device("ben").says("yes B")
        await fixture.device("ben").expect_sms("Confirmed")
        ann = fixture.device("ann")
        await ann.says("yes B")
        await ann.expect_sms("went to someone else")
        await fixture.pass_s(60)
        assert (await ann.says("ok thank you"))["status"] == "which_shift"
        await ann.expect_sms("Which shift? C Thu")
        assert await holder(fixture, "thu") is None


@pytest.mark.parametrize("stop", ["STOP", "please stop texting me", "no me manden más mensajes"])
async def test_after_a_stop_during_a_fanout_no_send_to_them_starts(store: ServiceStore, stop: str) -> None:
    """Texts go out one a second, and Cat is the last of four."""
    async with running_service(store, limits=Limits()) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.pass_s(1.5)
        assert [heard.send.caregiver_id for heard in fixture.hear_all()] == ["dee", "ann"]
        gone = await fixture.device("cat").says(stop)
        assert (gone["status"], gone["reply"]) == ("opted_out", None)
        await fixture.pass_s(12 * 60)
        heard = {(heard.send.channel, heard.send.caregiver_id) for heard in fixture.hear_all()}
        assert heard == {("sms", "ben"), ("voice", "dee"), ("voice", "ann"), ("voice", "ben")}
        assert (await fixture.get("/caregivers/cat"))["opted_out"] is True
        assert "cat" in (await fixture.get("/shifts/mon"))["fanout"]["declined"]


async def test_who_takes_no_texts_and_wins_is_called_by_the_coordinator(
    store: ServiceStore, log: list[EventDict]
) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture)
        await fixture.device("ann").says("stop")
        assert (await fixture.device("ann").says("ok thanks"))["status"] == "unknown"
        assert (await fixture.device("ann").says("yes B"))["status"] == "claimed"
        (warning,) = [entry for entry in log if entry["event"] == "unheard"]
        assert (warning["log_level"], warning["caregiver_id"]) == ("warning", "ann")
        assert "ann: yes B -> claimed" in await messages(fixture)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("", None),
        ("   \n\t ", None),
        ("yes " * 2_500, "yes " * 79 + "ye.."),
        ("\x00\x07\x1b", None),
        ("\u202eyes B\u202c \u2066?", "yes B ?"),
        ("y\u0435s B\u0456", "yеs Bі"),
        ("да", "да"),
        ("是的，我可以", "是的，我可以"),
        ("نعم", "نعم"),
    ],
    ids=["empty", "blank", "long", "control", "bidi", "lookalike", "cyrillic", "chinese", "arabic"],
)
async def test_bad_input_is_unknown_and_logged_with_its_length_only(
    store: ServiceStore, log: list[EventDict], body: str, shown: str | None
) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture)
        assert (await fixture.device("ann").says(body))["status"] == "unknown"
        await fixture.device("ann").expect_sms(HOW)
        (logged,) = [entry for entry in log if entry["event"] == "not_understood"]
        assert logged["length"] == len(body)
        assert set(logged) <= {"event", "log_level", "shift_id", "caregiver_id", "length", "why"}
        assert await messages(fixture) == ([f"ann: {shown} -> unknown"] if shown else [])
        assert await holder(fixture) is None


async def test_a_phone_that_answers_by_itself_is_answered_once(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await open_shifts(fixture)
        ann = fixture.device("ann")
        away = "Sorry, I'm driving and will get back to you."
        for _ in range(5):
            answer = await ann.says(away)
            if answer["reply"] is None:
                break
            await ann.expect_sms()
        assert answer == {"status": "unknown", "shift_id": "mon", "caregiver_id": "ann", "reply": None}
        await fixture.pass_s(MINUTE / 1000)
