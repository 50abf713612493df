"""Leaving the texts and coming back to them. An opt-out must not be missed."""

import pytest

from service.language.reading.optout import HELP, START, STOP
from service.language.reading.read import read


def meaning(text: str) -> str:
    return read(text).answers[0].intent


@pytest.mark.parametrize(
    "word", ["CANCEL", "END", "QUIT", "STOP", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT"]
)
@pytest.mark.parametrize("shape", ["{}", "{}.", " {} ", "{}!"])
def test_the_carriers_opt_out_words_stop_and_never_give_a_shift_back(word, shape):
    """Rule 6."""
    assert word.lower() in STOP
    assert meaning(shape.format(word)) == "stop"
    assert meaning(shape.format(word.lower())) == "stop"


@pytest.mark.parametrize(
    "text", ["please cancel", "cancel B", "stop B", "B stop", "the end", "I quit", "can you help"]
)
def test_an_opt_out_word_inside_a_message_is_neither_an_opt_out_nor_a_give_back(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(("words", "intent"), [(START, "start"), (HELP, "help")])
def test_the_carriers_words_for_start_and_help(words, intent):
    assert {meaning(word.upper()) for word in words} == {intent}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't stop sending me shifts", "unknown"),
        ("take me off that shift", "decline"),
        ("take me off your list", "stop"),
        ("please sign me back up for the texts", "start"),
        ("pakitanggal po ng number ko sa listahan", "stop"),
    ],
)
def test_leaving_the_texts_is_told_from_leaving_a_shift(text, expected):
    assert meaning(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "STOP ALL", "stoppp", "wrong number stop", "please stop asking me", "I don't want any messages",
        "don't ever text this phone again", "déjenme en paz", "take me out of your system", "no texts please",
        "stop already", "don't send me any more texts", "take my mother off your texts", "tumigil na kayo",
    ],
)  # fmt: skip
def test_an_opt_out_in_plain_words_is_not_missed(text):
    assert meaning(text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "I need to take tomorrow off", "take B off", "Don't send anyone else, I'll take it",
        "please don't send me to Mrs Jones again", "I'll take it. My number is 555 0147",
        "end of shift, text me", "Can you stop by? text me the address", "dejame un mensaje",
        "I'm off the list for Tuesday", "remove me from the shift", "Quítenme del turno",
        "I can't stop laughing", "add me back on the shift", "yes sign me back up for the shift",
    ],
)  # fmt: skip
def test_what_only_sounds_like_an_opt_out_or_an_opt_in_is_none(text):
    assert meaning(text) in ("accept", "decline", "unknown")


@pytest.mark.parametrize(
    ("text", "opts_in"), [("yes", True), (" YES\n", True), ("yes!", False), ("ok", False)]
)
def test_yes_is_the_one_answer_that_opts_in_at_the_carrier(text, opts_in):
    assert read(text).opt_in_word == opts_in
