"""The door: a message is read once, and coordinators can read it too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reply import Answer
from service.language.door import LONGEST_SHOWN, inbound, legible


def test_a_message_comes_in_with_what_it_means_and_what_was_written():
    command = inbound("+10001", "Yes B,\nthanks!", "s1", "m1")
    assert (command.phone, command.shift_id, command.message_id) == ("+10001", "s1", "m1")
    assert command.reply.answers == (Answer("accept", "B"),)
    assert command.text == "Yes B, thanks!"


@pytest.mark.parametrize(
    ("body", "opts_in"), [("yes", True), (" YES\n", True), ("yes!", False), ("yes B", False)]
)
def test_only_the_word_by_itself_opts_in(body, opts_in):
    assert inbound("+10001", body).reply.opt_in_word == opts_in


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("  two \n lines\t", "two lines"),
        ("h\x00\x1bi\u202e\u200b", "hi"),
        ("Нет, спасибо", "Нет, спасибо"),
        ("", ""),
        ("\u200b", ""),
        ("x" * 999, "x" * (LONGEST_SHOWN - 2) + ".."),
    ],
)
def test_coordinators_see_one_line_that_can_be_read(body, shown):
    assert legible(body) == shown


@given(st.text(max_size=2_000))
def test_whatever_is_written_comes_in(body):
    command = inbound("+10001", body)
    assert len(command.text) <= LONGEST_SHOWN
    assert command.reply.answers
