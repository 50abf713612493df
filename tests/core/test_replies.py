"""What a text is taken to mean. An accept is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.replies import CODE_LETTERS, HELP, START, STOP, Answer, read


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
        "who is this", "no problem", "can I come later", "I can't wait to work it", "yes if nobody else can",
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
        ("yes BC", "accept BC"),
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


@pytest.mark.parametrize(("key", "intent"), [("1", "accept"), ("2", "decline")])
def test_on_the_phone_1_accepts_and_2_declines(key, intent):
    """Rule 10."""
    assert meaning(key) == intent


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
    "text", ["please cancel", "cancel B", "stop B", "B stop", "the end", "I quit", "help me"]
)
def test_an_opt_out_word_inside_a_message_is_neither_an_opt_out_nor_a_give_back(text):
    assert meaning(text) == "unknown"


@pytest.mark.parametrize(("words", "intent"), [(START, "start"), (HELP, "help")])
def test_the_carriers_words_for_start_and_help(words, intent):
    assert {meaning(word.upper()) for word in words} == {intent}


def test_every_reading_says_why():
    assert read("yes B").why == "an answer with its code"
    assert read("well, yes").why == "more than answers and codes"


@given(st.text() | st.text("yesnoYESNOBC 12,.!?'’👍", max_size=20))
def test_reading_never_raises_and_always_answers(text):
    answers = read(text).answers
    assert answers
    assert all(a.code is None or a.intent in ("accept", "decline") for a in answers)


@given(st.lists(st.characters(categories=["Cs", "Cn", "Mn", "Cf"]), max_size=50), st.integers(0, 3000))
def test_strange_characters_and_long_texts_do_not_raise(characters, repeat):
    text = "".join(characters) + "yes no " * repeat
    assert read(text).answers[0].intent in ("accept", "decline", "unknown")


codes = st.text(CODE_LETTERS, min_size=1, max_size=2)
intents = st.sampled_from([("yes", "accept"), ("no", "decline")])


@given(
    st.lists(st.tuples(codes, intents), min_size=1, max_size=5, unique_by=lambda pair: pair[0]), st.booleans()
)
def test_any_list_of_codes_and_answers_is_read_in_order(pairs, code_first):
    said = ", ".join(f"{code} {word}" if code_first else f"{word} {code}" for code, (word, _) in pairs)
    assert read(said).answers == tuple(Answer(intent, code) for code, (_, intent) in pairs)


@given(st.sampled_from(["yes", "no", "ok", "1", "2"]), st.text(min_size=1, max_size=12))
def test_more_words_never_turn_a_no_into_a_yes(answer, more):
    said, alone = read(f"{answer} {more}").answers, read(answer).answers[0]
    assert {a.intent for a in said if a.code is None} <= {alone.intent, "unknown"}
