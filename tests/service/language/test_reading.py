"""What a text is taken to mean. An accept is never guessed."""

import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.offers import CODE_LETTERS
from core.reply import Answer
from service.language.reading import read as reading
from service.language.reading.phrases import RESERVED_CODES
from service.language.reading.read import read


def meaning(text: str) -> str:
    """The answers, as in "accept B, decline C"."""
    return ", ".join(" ".join(filter(None, (a.intent, a.code))) for a in read(text).answers)


@pytest.mark.parametrize(
    "text",
    [
        "yes", "YES", "Yes!", " yes. ", "y", "Yep", "ok", "OK thanks", "sure", "Sure, happy to!",
        "I'll take it", "I’ll take it", "ill take it", "I can do it", "I can work it.", "count me in",
        "I'm in", "accept", "1",
        "👍", "👍🏽", "✅", "Hi, yes please", "yes yes", "Good morning! Yes, thank you", "ＹＥＳ", "(yes)",
        "no problem", "No hay problema", "why not", "can't wait", "I can't wait to work it",
    ],
)  # fmt: skip
def test_plain_acceptance(text):
    assert meaning(text) == "accept"


@pytest.mark.parametrize(
    "text",
    [
        "no", "NO", "No.", "n", "nope", "no thanks", "No thank you, sorry", "can't", "I can't",
        "I can’t make it",
        "cannot", "not today", "I'm not available", "pass", "decline", "2", "👎", "❌", "sorry, I'm busy",
        "I'm sick", "no way",
    ],
)  # fmt: skip
def test_plain_refusal(text):
    assert meaning(text) == "decline"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "?", "...", "yes?", "maybe", "not sure", "yes but only until 2pm", "yes and no", "no, yes",
        "who is this", "can I come later", "yes if nobody else can", "no problem if you can't find anyone",
        "12", "yes 5", "thanks", "hello", "call me", "I would if I could", "yes to something", "okay who",
        "yesterday", "noon works", "ok?", "👍👎", "1 2", "🤷",
    ],
)  # fmt: skip
def test_anything_that_is_not_plainly_an_answer_is_unknown(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes B", "accept B"),
        ("YES b", "accept B"),
        ("B yes", "accept B"),
        ("b: yes", "accept B"),
        ("Yes, B please", "accept B"),
        ("no c", "decline C"),
        ("yes BD", "accept BD"),
        ("B yes but not C", "accept B, decline C"),
        ("I can take D but I can't do F", "accept D, decline F"),
        ("need to give B back", "decline B"),
        ("Tengo que devolver el turno D", "decline D"),
        ("👍🏿 W", "accept W"),
        ("YESB", "accept B"),
        ("yes yes B", "accept B"),
        ("C no, B yes", "decline C, accept B"),
        ("yes B no C", "accept B, decline C"),
        ("yes B and no C, thanks", "accept B, decline C"),
        ("yes B yes C no D", "accept B, accept C, decline D"),
        ("I can't make it B", "decline B"),
    ],
)
def test_a_code_goes_with_its_answer_before_or_after_it(text, expected):
    """Rule 10."""
    assert meaning(text) == expected


@pytest.mark.parametrize(
    "text",
    ["B", "B C", "yes B C", "yes B no", "B yes no", "yes no B", "yes B no B", "B yes no C", "yes A", "yes E"],
)
def test_answers_and_codes_that_do_not_pair_are_unknown(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "Yes B. Sorry, I can't make it", "Yes B, no", "Yes B. I'm sick", "yes B im sick", "Sí B, no puedo",
        "Oo B, hindi ako pwede", "Wi B, m pa kapab", "Wi B, si m ka",
    ],
)  # fmt: skip
def test_an_accept_that_is_taken_back_in_the_next_sentence_is_none(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Changed my mind, I do want it. Yes B", "accept B"),
        ("Yes B, no C, I'm busy then", "accept B, decline C"),
        ("Yes B. I can't wait!", "accept B"),
    ],
)
def test_a_reason_that_belongs_to_another_answer_takes_nothing_back(text, expected):
    assert meaning(text) == expected


@pytest.mark.parametrize(("key", "intent"), [("1", "accept"), ("2", "decline")])
def test_on_the_phone_1_accepts_and_2_declines(key, intent):
    """Rule 10."""
    assert meaning(key) == intent


@pytest.mark.parametrize(
    "text",
    [
        "ill do it", "I'm able to cover that", "happy to help", "Imma take it", "I shall come in",
        "finna grab that one", "voy a cubrirlo", "m pral fè l", "I can definitely go ahead and take it",
        "i will be there",
    ],
)  # fmt: skip
def test_a_promise_of_what_the_offer_asks_for_accepts(text):
    assert meaning(text) == "accept"


@pytest.mark.parametrize(
    "text",
    [
        "ill see",
        "I will ask",
        "voy a ver",
        "m pral mande",
        "ill take a look",
        "imma let you know",
        "I'll call",
    ],
)
def test_a_promise_of_anything_else_does_not(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "I'll take it. Patrice Williams LPN", "Acepto el turno. Marisol Peña HHA", "Yes - Tanya",
        "I'm available! Love Miss Ruth", "Hi this is Keisha, I'll take the Oak St one",
        "Yes I'll be there. Tell Mr Johnson I said hi", "not busy, I'll take it",
    ],
)  # fmt: skip
def test_other_talk_may_stand_beside_a_consent_in_clauses_of_its_own(text):
    assert meaning(text) == "accept"


@pytest.mark.parametrize(
    "text",
    [
        "Yes. My sister can do it", "I'll take it, not the whole thing", "I'm available. 3 hours",
        "yes running late", "I'll take it if they pay more",
    ],
)  # fmt: skip
def test_talk_that_could_limit_a_consent_may_not(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "I will have to pass", "neither works for me", "Unfortunately I won't be available", "di pwede",
        "hindi ako kukuha", "please don't put me down for that one", "mwen pap disponib",
        "not able to take it",
    ],
)  # fmt: skip
def test_a_negation_denies_the_consent_that_follows(text):
    assert meaning(text) == "decline"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bus don't run out there so no", "decline"),
        ("I have lab til 6 so I can't", "decline"),
        ("I'm off that day so yes", "accept"),
        ("No tengo nada ese día así que sí", "accept"),
        ("if it's far so no problem", "unknown"),
    ],
)
def test_after_so_comes_the_answer(text, expected):
    assert meaning(text) == expected


@pytest.mark.parametrize("text", ["yesplease", "nothanks", "nopuedo", "sureplease"])
def test_words_that_were_written_as_one_are_two(text):
    assert meaning(text) in ("accept", "decline")


@pytest.mark.parametrize("text", ["note", "noah", "nothing yet", "yesterday", "once", "okra", "simon says"])
def test_words_that_only_begin_like_an_answer_are_none(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize("text", ["ok", "Okay thank you", "👍🏽", "no problem", "vale", "sige po", "dakò"])
def test_what_may_be_said_to_any_news_is_an_acknowledgement(text):
    assert (meaning(text), read(text).acknowledgement) == ("accept", True)


@pytest.mark.parametrize("text", ["yes", "ok I'll take it", "sure yes", "ok B", "1", "sí", "oo", "wi", "no"])
def test_an_answer_in_so_many_words_is_more_than_an_acknowledgement(text):
    assert not read(text).acknowledgement


@pytest.mark.parametrize("text", ["ok thanks for letting me know", "Ok gracias por avisar"])
def test_thanks_for_the_news_are_no_consent(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "I take back my yes", "si mwen kapab", "I'm going to work", "I'm gonna go now", "Mary: yes",
        "yes - mary can", "I'll take the next one", "it works now", "accepted at nursing school",
        "I'll take care of myself", "Yes honey I will get milk", "yes with my kid", "Fwd: yes", "I got B",
        "let me go", "I want more hours",
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_consent_is_none(text):
    assert "accept" not in meaning(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("B?", "B"), ("is B far from the bus?", "B"), ("thanks for B", "B"), ("yes B", None), ("what?", None)],
)
def test_a_message_that_is_no_answer_may_still_name_an_offer(text, code):
    assert read(text).offer_code == code


@pytest.mark.parametrize(("text", "gives_back"), [("can't make it", True), ("I'm sick", True), ("no", False)])
def test_who_cannot_come_may_mean_a_shift_that_they_hold(text, gives_back):
    assert read(text).gives_back == gives_back


@pytest.mark.parametrize(
    ("text", "bare"), [("no", True), ("No sorry", True), ("2", True), ("I'm busy", False)]
)
def test_a_bare_no_has_no_reason_beside_it(text, bare):
    assert read(text).bare_no == bare


def test_no_word_that_people_write_is_a_code():
    assert "GM" in RESERVED_CODES
    assert not RESERVED_CODES & set(CODE_LETTERS)


def test_every_reading_says_why():
    assert read("yes B").why == "answers with their codes"
    assert read("well, yes").why == "a consent"
    assert read("yes to something").why == "more than answers and codes"


@given(st.text() | st.text("yesnoYESNOBC 12,.!?'’👍", max_size=20))
def test_reading_never_raises_and_always_answers(text):
    answers = read(text).answers
    assert answers
    assert all(a.code is None or a.intent in ("accept", "decline") for a in answers)


@given(st.lists(st.characters(categories=["Cs", "Cn", "Mn", "Cf"]), max_size=50), st.integers(0, 3000))
def test_strange_characters_and_long_texts_do_not_raise(characters, repeat):
    text = "".join(characters) + "yes no " * repeat
    assert read(text).answers[0].intent in ("accept", "decline", "unknown")


codes = st.text(CODE_LETTERS, min_size=1, max_size=2).filter(lambda code: code not in RESERVED_CODES)
intents = st.sampled_from([("yes", "accept"), ("no", "decline")])


@given(
    st.lists(st.tuples(codes, intents), min_size=1, max_size=5, unique_by=lambda pair: pair[0]), st.booleans()
)
def test_any_list_of_codes_and_answers_is_read_in_order(pairs, code_first):
    said = ", ".join(f"{code} {word}" if code_first else f"{word} {code}" for code, (word, _) in pairs)
    assert read(said).answers == tuple(Answer(intent, code) for code, (_, intent) in pairs)


@given(st.sampled_from(["no", "2", "can't", "no puedo", "hindi", "non"]), st.text(min_size=1, max_size=12))
def test_more_words_never_turn_a_no_into_a_yes(answer, more):
    assert all(a.intent != "accept" or a.code is not None for a in read(f"{answer} {more}").answers)


LETTERS = "abcdefghijklmnopqrstuvwxyzáéíóúñèòà 12,.!?'’👍🏽"


@given(st.text(LETTERS, max_size=40), st.sampled_from([" ", "  ", "\t", "\n ", "\u00a0"]))
def test_case_and_the_kind_of_whitespace_do_not_matter(text, gap):
    spaced = f"{gap}{gap.join(text.split())}{gap}"
    assert read(text).answers == read(text.upper()).answers == read(spaced).answers


def calls(text: str) -> int:
    """How many functions are called to read a text."""
    seen = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal seen
        seen += event in ("call", "c_call")

    reading._read.cache_clear()
    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return seen


@pytest.mark.parametrize(
    "word", ["yes", "1", "b", "no", "stop", "x", "si", "not", "ab", "ok,", "👍", "aaaa", "1b"]
)
def test_reading_takes_time_in_proportion_to_the_text(word):
    half, whole = calls(f"{word} " * (780 // (len(word) + 1))), calls(f"{word} " * (1560 // (len(word) + 1)))
    assert whole < 2.5 * half + 100


@pytest.mark.parametrize(
    "text",
    [
        "", "\u202e\u202d", "\x00\x07", "да", "はい", "نعم", "ใช่", "yes " * 400, "да " * 500, "\u200b",
        "y\u0336e\u0336s\u0336 ?", "x" * 10_000, "yes " * 3_000,
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_no_reply_in_these_languages_is_unknown(text):
    assert meaning(text) == "unknown"
