"""Whom texts say to call."""

import pytest
from pydantic import ValidationError

from core.notice import Notice
from service.language.wording import LONGEST_OFFICE, Wording
from service.settings import Settings
from tests.service.language.story import make_shift

TAKEN_BACK = Notice("taken_back", make_shift())


def test_texts_name_the_office_in_characters_that_every_phone_shows():
    said = Wording("UTC", "Łódź Care ½").say(TAKEN_BACK, "sms")
    assert said.endswith("Questions? Call Lodz Care 1/2.")


@pytest.mark.parametrize("office", ["", " ", "\u200b"])
def test_an_office_without_a_name_is_the_office(office):
    assert Wording("UTC", office).say(TAKEN_BACK, "sms").endswith("Call the office.")


@pytest.mark.parametrize("office", ["+1 555 0100", "Łódź Care", "May we help?", "x" * LONGEST_OFFICE])
def test_an_office_that_texts_can_name_is_taken(office):
    assert Settings(office=f" {office} ").office == office


@pytest.mark.parametrize(
    ("office", "why"),
    [
        (" ", "characters that every phone shows"),
        ("\u200b", "characters that every phone shows"),
        ("Care 🏥", "characters that every phone shows"),
        ("x" * 31, "must have at most 30 characters"),
        ("½" * 10, "must have at most 30 characters; texts would say '1/2 1/2"),
        ("[" * 16, "must have at most 30 characters"),
    ],
)
def test_an_office_that_texts_cannot_name_in_full_is_refused(office, why):
    with pytest.raises(ValidationError, match=why):
        Settings(office=office)
