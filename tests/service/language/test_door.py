"""A body is read once, and goes on as a command with what coordinators see of it."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commands import Inbound
from core.reply import Answer
from service.language import door
from service.language.door import LONGEST_TEXT, inbound, legible
from service.language.reading.read import read

ANN = "+15550100"


def test_a_message_comes_in_with_its_meaning_and_its_text():
    command = inbound(ANN, "Yes B\n please", message_id="m1")
    assert replace(command, fingerprint=0) == Inbound(
        phone=ANN, reply=read("yes B please"), text="Yes B please", shift_id=None, message_id="m1"
    )


@pytest.mark.parametrize("other", [("Yes  B", None), ("yes B", None), ("Yes B", "s1"), ("Yes B\ud800", None)])
def test_another_message_has_another_fingerprint(other):
    assert inbound(ANN, *other).fingerprint != inbound(ANN, "Yes B").fingerprint
    assert inbound(ANN, *other).fingerprint == inbound("+1777", *other).fingerprint


def test_a_key_pressed_in_a_call_comes_in_with_the_shift_of_the_call():
    command = inbound(ANN, "1", shift_id="s1")
    assert command.shift_id == "s1"
    assert command.reply.answers == (Answer("accept"),)


def test_a_body_is_read_once(monkeypatch):
    bodies = []
    monkeypatch.setattr(door, "read", lambda body: bodies.append(body) or read(body))
    inbound(ANN, "yes")
    assert bodies == ["yes"]


def test_yes_comes_in_as_the_word_that_opts_in():
    assert inbound(ANN, " Yes ").reply.opt_in_word
    assert not inbound(ANN, "yes B").reply.opt_in_word


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("I am sick", "I am sick"),
        ("  two\r\nlines\tand a tab ", "two lines and a tab"),
        ("zero\u200bwidth \u202eand\u2066 bidi", "zerowidth and bidi"),
        ("\x00\x07", ""),
        ("", ""),
        ("Estoy enferma, perdón 🤒", "Estoy enferma, perdón 🤒"),
        ("x" * 320, "x" * 320),
        ("x" * 321, "x" * 318 + ".."),
        ("\u200b" * 2_000 + "far away", ""),
    ],
)
def test_coordinators_see_one_line_of_what_people_see(body, shown):
    assert legible(body) == inbound(ANN, body).text == shown


@given(st.text(), st.integers(1, 50))
def test_whatever_is_in_a_body_comes_in_legible(body, repeat):
    command = inbound(ANN, body * repeat)
    assert len(command.text) <= LONGEST_TEXT
    assert not any(unicodedata.category(char)[0] == "C" for char in command.text)
    assert command.reply.answers
