"""How texts end: one that breaks off accepts nothing, and one that is signed says what it says unsigned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.language.reading.read import read
from tests.service.language.replies_table import rows


def meaning(text: str) -> str:
    """The answers, as in "accept B, decline C"."""
    return ", ".join(" ".join(filter(None, (a.intent, a.code))) for a in read(text).answers)


# --- unfinished sentences --------------------------------------------------------------------------

LONG = (
    "Yes B, I can do it! Thank you for thinking of me, I really appreciate all the hours I can get right now "
    "with the holidays coming up and everything, I can only stay until noon though."
)


@pytest.mark.parametrize(
    "text",
    [
        LONG[:153],
        LONG[:152],
        LONG.replace("B,", "B 😊,")[:67],
        LONG.replace("can do it!", "can do it 💪🏽!")[:134],
        "Sí B, ¡puedo hacerlo! Gracias por pensar en mí, de verdad necesito las horas ahora que vienen las "
        "fiestas y todo eso con la familia y con los niños"[:134],
        "Opo B, kaya ko po yan. Maraming salamat po sa pag-aalok, kailangan ko po talaga ng dagdag na oras "
        "ngayong darating ang pasko at may mga bayarin ako"[:153],
    ],
)  # fmt: skip
def test_the_first_piece_of_a_long_text_accepts_nothing(text):
    assert "accept" not in meaning(text)


def test_nor_does_the_rest_of_it():
    assert meaning(LONG[153:]) == "unknown"
    assert meaning(LONG) == "unknown"


def test_a_text_of_the_same_length_that_ends_like_a_sentence_is_whole():
    text = LONG[:146] + " there."
    assert (len(text), meaning(text)) == (153, "accept B")
    assert meaning(text[:-1] + "s") == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "Yes B, I would just", "Yes B I need", "Yes B and", "Yes B but", "yes B if", "Yes B, let me",
        "Yes B I'm", "yes B I'll be there at", "Yes B because", "Yes B, so", "Yes B I", "Yes B, I usually",
        "Yes B with my", "Yes B, I'd", "Yes B, I really", "I can take B for", "Yes B I want",
        "Yes B, I have", "Yes B thank you for", "Yes B, my", "Yes B,", "Yes B -", "Yes B and...",
        "I can do it and", "Yes and", "Sure, I just", "Yes B, no", "yes B and yes", "I'll take it until",
        "Yes B or", "give me", "Yes B, I can come to", "yes B when",
    ],
)  # fmt: skip
def test_an_unfinished_sentence_accepts_nothing(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "Sí B, pero", "Sí B y", "Sí B, necesito", "Sí B porque", "Sí B, voy a", "Sí B, puedo ir a las",
        "Sí B, solo", "Sí B, yo lo", "Sí, puedo con", "Sí B, gracias por", "Acepto el", "Sí B, me",
        "Sí B cuando", "Oo B, pero", "Oo B kasi", "Oo B, kailangan ko", "Opo B, papasok ako sa", "Oo B at",
        "Oo B, kung", "Oo B, yung", "Wi B, men", "Wi B epi", "Wi B, mwen bezwen", "Wi B, m ta", "Wi B, mwen",
        "Wi B paske", "Wi B, si", "Wi B, m ap la a", "Wi B, m ap pran li ak",
    ],
)  # fmt: skip
def test_nor_does_one_in_the_other_languages(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes B I can", "accept B"),
        ("yes i will", "accept"),
        ("Yes B I would love to", "accept B"),
        ("Yes I would!", "accept"),
        ("sure why not", "accept"),
        ("Yes B, I can do it!", "accept B"),
        ("Yes I am", "accept"),
        ("Happy to", "accept"),
        ("I'd like to", "accept"),
        ("Yes B, count me in", "accept B"),
        ("Put me down for B", "accept B"),
        ("yes I can come in", "accept"),
        ("B it is, yes", "accept B"),
        ("Yes B...", "accept B"),
        ("Yes B 😊", "accept B"),
        ("Yes B for me", "accept B"),
        ("Yes to B. Whatever you need", "accept B"),
        ("sí puedo", "accept"),
        ("De una, póngame a mí", "accept"),
        ("ese lo hago yo", "accept"),
        ("Oo B, ako na", "accept B"),
        ("sige kaya ko", "accept"),
        ("M ap pran C a", "accept C"),
        ("wi m ka", "accept"),
        ("B yes, C no", "accept B, decline C"),
        ("yes B no C", "accept B, decline C"),
    ],
)
def test_a_short_answer_is_a_whole_one(text, expected):
    assert meaning(text) == expected


@pytest.mark.parametrize("text", ["no B but", "No B and", "I can't because", "no, I just"])
def test_a_refusal_needs_no_end(text):
    assert meaning(text).startswith("decline")


def test_an_unfinished_sentence_still_names_its_offer():
    assert (read("Yes B I need").offer_code, read("Yes B I need").why) == ("B", "an unfinished sentence")


# --- signatures ------------------------------------------------------------------------------------

SIGNATURES = [
    "Maria", "Maria Lopez", "Maria Lopez RN", "Maria Lopez, CNA", "MARIA LOPEZ", "maria lopez lpn", "Peña",
    "J. Smith", "Jean-Baptiste Pierre", "- Maria", "Maria 😊", "CNA", "Linda", "María José López\nHHA",
    "April Jones RN", "Ms. Lopez", "Sent from my iPhone", "Sent from my iPhone 12",
    "Get Outlook for Android", "Enviado desde mi iPhone", "Sent from Yahoo Mail on Android",
    "Sent via the Samsung Galaxy S21, an AT&T 5G smartphone", "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Sent from my T-Mobile 4G LTE Device", "Maria L", "Maria Lopez R.N.", "Ma. Teresa Santos",
    "Obtener Outlook para iOS", "Ipinadala mula sa aking iPhone", "Voye soti nan iPhone mwen",
    "--\nMaria Lopez\n555-012-3456", "Thanks,\nMaria", "Best,\nMaria Lopez RN",
    "Fatou Ndiayeba HHA\n\nSent from my iPhone", "",
]  # fmt: skip


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes B", "accept B"), ("NO B", "decline B"), ("I'll take it", "accept"), ("Sí B", "accept B"),
        ("B yes, C no", "accept B, decline C"), ("Oo B", "accept B"), ("Wi B", "accept B"),
        ("I can't", "decline"), ("STOP", "stop"),
        ("maybe", "unknown"), ("Yes B but only until 2", "unknown"), ("Yes B?", "unknown"),
    ],
)  # fmt: skip
def test_a_signature_below_an_answer_changes_nothing(text, expected, signature):
    assert meaning(f"{text}\n{signature}") == meaning(f"{text}\r\n{signature}\r\n") == expected


@pytest.mark.parametrize(
    "line",
    [
        "Maybe", "Maria can't", "Until Noon", "Only mornings", "If Maria can't", "Maria?", "Not Maria",
        "Ask Maria", "Maria will", "Maria instead", "Weather permitting", "Weather Permitting", "Oops",
        "Three", "After Lunch", "OT", "April", "Half", "Sometimes", "Temporarily", "Sent my sister",
        "Sent from my house until 5", "3", "D", "🤷", "Hasta las 5", "Solo Lunes", "Tal vez", "Siguro",
        "Hanggang Tanghali", "Petet", "Jiska Midi", "But", "Maria Lopez Ana Cruz Rivera",
        "I can only stay until noon", "Get my sister", "Canceled", "No", "Mornings", "Weekdays",
        "Afternoons", "Lunchtime", "Partly", "Traffic", "Busy",
    ],
)  # fmt: skip
def test_any_other_line_below_an_answer_counts(line):
    assert "accept B" not in meaning(f"Yes B\n{line}")


def test_a_day_on_a_line_of_its_own_is_the_day_that_is_accepted():
    """The desk compares it with the shift's."""
    assert read("Yes B\nTomorrow") == read("Yes B tomorrow")
    assert read("Yes B\nTomorrow").answers[0].times


@pytest.mark.parametrize(
    "text", ["Maria Lopez RN", "Maria", "Sent from my iPhone", "Maria\nSent from my iPhone"]
)
def test_a_signature_alone_says_nothing(text):
    assert meaning(text) == "unknown"


def test_a_yes_with_a_signature_opts_in_like_one_without():
    assert read("YES\nSent from my iPhone").opt_in_word


def test_a_name_below_any_reply_of_the_development_set_changes_nothing():
    said = [text for row in rows() if (text := row.text.rstrip(" ,-")) and text.casefold() != "cancel"]
    assert [text for text in said if read(f"{text}\nMaria Lopez").answers != read(text).answers] == []


names = st.text("abdeilmnorstuv", min_size=3, max_size=9).map(str.capitalize)
noes = st.sampled_from(["maybe", "yes B if", "call me", "yes and no", "who is this"])


@given(noes, st.lists(names, max_size=3))
def test_no_name_makes_an_accept_of_what_is_none(text, lines):
    assert "accept" not in meaning("\n".join([text, *lines]))
