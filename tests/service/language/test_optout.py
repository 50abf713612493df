"""Leaving the texts and coming back to them. An opt-out must not be missed."""

import pytest

from service.language.reading.optout import HELP, START, STOP
from service.language.reading.read import read


def meaning(text: str) -> str:
    """The answers, as in "accept B, decline C"."""
    return ", ".join(" ".join(filter(None, (a.intent, a.code))) for a in read(text).answers)


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
    assert meaning(text) in ("accept", "decline", "decline B", "unknown")


@pytest.mark.parametrize(
    ("text", "opts_in"), [("yes", True), (" YES\n", True), ("yes!", False), ("ok", False)]
)
def test_yes_is_the_one_answer_that_opts_in_at_the_carrier(text, opts_in):
    assert read(text).opt_in_word == opts_in


# --- "stop" as a sentence of its own ---------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "STOP. Wrong number", "Stop! You have the wrong number", "STOP - Maria Lopez, CNA",
        "STOP. I no longer work there", "STOP 2 END", "Stop2End", "STOP\nSent from my iPhone",
        "Stop, I quit", "Please stop. I am not Maria", "STOP wrong number", "stop i no longer work there",
        "Wrong number!! STOP", "Hi, this isn't Maria's phone. Please stop.", "stop 🙏", "STOP 😡😡",
        "(stop) thanks", "Stop; this is not Maria's phone", "Good morning. STOP. God bless",
        "STOP\nMaria Lopez", "Stop all. I moved", "No B. STOP", "I can't do it. Stop.", "STOP. Who is this?",
        "I told you to stop. Wrong person", "OPTOUT - Maria Lopez", "stopall, wrong number",
        "STOP—wrong number", "stoppp!!! wrong number",
    ],
)  # fmt: skip
def test_stop_as_a_sentence_of_its_own_opts_out_whatever_harmless_stands_beside_it(text):
    assert meaning(text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "Stop. Número equivocado", "STOP, ya no trabajo ahí", "Alto. Número equivocado",
        "Stop, no soy María", "Por favor, stop. Este no es el número de María",
        "Hola. Stop por favor. Gracias", "Stop po. Maling number po ito", "Stop. Hindi ako si Maria",
        "STOP, maling numero", "Tama na po. Maling number", "Stop. Move nimewo", "STOP, mwen pa Maria",
        "Tanpri stop. Se pa nimewo Maria", "Sispann. Move nimewo",
    ],
)  # fmt: skip
def test_so_it_does_in_the_other_languages(text):
    assert meaning(text) == "stop"


@pytest.mark.parametrize("word", sorted(STOP))
@pytest.mark.parametrize(
    "shape",
    ["{}. Wrong number", "Wrong number. {}", "{}\nSent from my iPhone", "{} - I no longer work there",
     "{}! I'm not Maria", "Hello, {}. You have the wrong person"],
)  # fmt: skip
def test_every_opt_out_word_of_the_carriers_opts_out_beside_a_wrong_number(word, shape):
    assert meaning(shape.format(word.upper())) == meaning(shape.format(word.capitalize())) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "Cancel, I'm sick", "Cancel. I'm not feeling well", "CANCEL. I can't make it", "Cancel\nMaria Lopez",
        "Cancel, I'm not able to come", "I quit", "The end. Thanks", "End, thanks",
        "Cancel. Flood in my street",
    ],
)  # fmt: skip
def test_an_opt_out_word_that_may_be_about_a_shift_does_not(text):
    assert meaning(text) != "stop"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can't stop by", "decline"),
        ("bus stop", "unknown"),
        ("I'm at the bus stop. I'll take it", "accept"),
        ("don't stop", "unknown"),
        ("Please don't stop. I like the texts", "unknown"),
        ("can you stop by at 3", "unknown"),
        ("I can stop. no problem", "unknown"),
        ("Happy to stop, I live close by", "unknown"),
        ("yes B, I will stop for gas first", "unknown"),
        ("Yes, stop by at 8", "unknown"),
        ("non-stop", "decline"),
        ("I've been working non-stop, sorry", "unknown"),
        ("No way. Full stop.", "decline"),
        ("I will stop", "unknown"),
        ("one stop, then I'm free", "accept"),
        ("This stop, then home", "unknown"),
        ("Stop and go traffic, sorry", "unknown"),
        ("stop-and-go traffic, sorry", "unknown"),
        ("stop B", "unknown"),
        ("omg stop 😂", "unknown"),
        ("Stop lol", "unknown"),
        ("Stop! You're too kind", "unknown"),
        ("Stop. Wait, I meant C", "unknown"),
        ("no puedo pasar por la parada, stop de bus", "decline"),
    ],
)
def test_stop_about_something_else_opts_nobody_out(text, expected):
    assert meaning(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Yes B, stop", "Stop. Yes B", "stop, I'm on my way", "Stop looking, I'll take it",
        "Stop, I'll take it",
        "Stop! Sí B", "Stop. Oo, kukunin ko", "STOP. Wi, m ap pran li", "I can do it - STOP",
    ],
)  # fmt: skip
def test_a_stop_and_a_consent_in_one_text_are_neither(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stop texting me about this shift", "decline"),
        ("Please stop asking me about that one", "decline"),
        ("don't text me about B", "decline B"),
        ("no me escriban más sobre ese turno", "decline"),
        ("stop texting me about shifts", "stop"),
        ("stop texting me", "stop"),
    ],
)
def test_who_wants_no_more_texts_about_one_shift_passes_on_it_and_hears_of_others(text, expected):
    assert meaning(text) == expected
