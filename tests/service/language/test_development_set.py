"""How well reading does on the development set, and what must be true of the lexicon."""

from collections import Counter

from service.language.reading.lexicon.optout import START_REQUESTS, STOP_REQUESTS
from service.language.reading.lexicon.table import TABLE, phrases
from service.language.reading.phrases import fold
from tests.service.language.replies_table import PAGE, page, rows

EVERY = rows()


def test_no_reply_of_the_development_set_is_taken_for_an_accept_that_is_none():
    assert [row.text for row in EVERY if "accept" in row.read and "accept" not in row.answers] == []


def test_accepts_and_opt_outs_of_the_development_set_are_recognized():
    accepts = [row for row in EVERY if "accept" in row.answers]
    assert sum("accept" in row.read for row in accepts) >= 0.97 * len(accepts)
    assert [row.text for row in EVERY if row.intent == "stop" and row.read != "stop"] == []


def test_a_family_stands_in_one_split_and_no_reply_twice():
    splits = {(row.family, row.split) for row in EVERY}
    assert len(splits) == len({family for family, _ in splits})
    assert len({" ".join(row.text.casefold().split()) for row in EVERY}) == len(EVERY) >= 600


def test_the_page_of_the_development_set_is_what_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_no_phrase_says_two_things():
    listed = [phrase for text in TABLE.values() for phrase in phrases(text)]
    assert [phrase for phrase, number in Counter(listed).items() if number > 1] == []


def test_the_lexicon_is_written_as_texts_are_folded():
    texts = [*TABLE.values(), STOP_REQUESTS, START_REQUESTS]
    assert [phrase for text in texts for phrase in phrases(text) if fold(phrase) != phrase] == []
