"""An answer that names a time or a day is about a shift at that time only."""

import pytest

from tests.core.playbook import AgencyScenario, heard, one_offer, two_offers


@pytest.mark.parametrize(
    "text", ["yes today", "I can today", "puedo hoy", "wi jodi a", "yes im free tonight"]
)
def test_today_is_no_shift_of_tomorrow(text):
    office = AgencyScenario("ann").shift("s1", starts="32h").start("s1")
    assert heard(office.text("1:00", "ann", text)) == "unknown s1"


def test_who_would_come_at_another_time_hears_so_each_time():
    office = one_offer()
    for minute in (1, 2):
        other = office.text(f"{minute}:00", "ann", "yes, Tuesday 2-10")
        assert other.reply == (
            "The RN shift Mon Mar 3 2pm-10pm is at this time only. Reply YES B to take it, NO B to pass."
        )
    view = office.store.shift("s1")
    assert view is not None
    assert [item.reason for item in view.attention] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I can't work Tuesday", "unknown"),
        ("no puedo el martes", "unknown"),
        ("sorry I can't make it Monday", "released"),
        ("can't, I'm in Texas until Friday", "released"),
        ("can't make it", "released"),
    ],
)
def test_a_shift_is_not_given_back_by_a_no_to_another_day(text, status):
    office = one_offer()
    office.text("1:00", "ann", "yes")
    assert office.text("2:00", "ann", text).status == status


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("B yes tuesday, C no", []),
        ("no B, yes C 3-11", []),
        ("no B. yes C, Friday", []),
        ("no B monday, yes C tuesday", ["s2"]),
        ("Yes B Monday 2-10, yes C Tuesday 2-10", ["s1", "s2"]),
        ("yes B monday yes C wednesday", ["s1"]),
        ("B yes monday C yes tuesday", ["s1", "s2"]),
    ],
)
def test_each_of_two_answers_is_one_at_the_time_that_it_names(text, taken):
    office = two_offers()
    office.text("1:00", "ann", text)
    assert [shift_id for shift_id in ("s1", "s2") if office.holder(shift_id) == "ann"] == taken


def test_tomorrow_is_tomorrow_where_the_shift_is():
    office = AgencyScenario("ann").shift("s1", starts="32h").start("s1")
    assert heard(office.text("1:00", "ann", "yes I'll take it tomorrow")) == "claimed s1"
