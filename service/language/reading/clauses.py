"""A text cut into clauses and phrases, each with its meaning in context.

`phrases` knows what a phrase means by itself. This module looks at what stands around it: whether a letter
names an offer, what a negation denies, and whether `si` means yes or if.
"""

from collections.abc import Sequence
from typing import NamedTuple

from service.language.reading.lexicon.table import Meaning
from service.language.reading.phrases import (
    BREAKS,
    CODES,
    NO_SIGNS,
    YES_SIGNS,
    longest,
    meaning_of,
    plain,
    spells_a_code,
)


class Part(NamedTuple):
    """A phrase of the text. `meaning`: None for an unknown word; `code`: the offer that it names.

    `clause` counts clauses from 0. `first`: only greetings stand before it in its clause. `after`: the
    punctuation mark before its clause, "" if there is none.
    """

    meaning: Meaning | None
    words: str
    clause: int
    first: bool
    code: str | None = None
    after: str = ""


# What answers an offer.
ANSWERING = {Meaning.YES, Meaning.COMMIT, Meaning.NO}


def but_at(parts: Sequence[Part]) -> int | None:
    """Where the first "but" stands; None if there is none."""
    return next((at for at, part in enumerate(parts) if part.meaning is Meaning.BUT), None)


def has_digit(part: Part) -> bool:
    return any(char.isdigit() for char in part.words)


ACKNOWLEDGING = frozenset(["ok", "okay", "k", "kk", "yeah", "yea", "alright", "sige", "bueno", "oke"])
CONCLUDING = frozenset(["so", "asi que", "por eso", "kaya", "donk", "thats why"])


def cut(words: list[str]) -> list[Part]:
    """The phrases of a text in order: at each place the longest one that the lexicon knows."""
    words = _with_the_code_last(words)
    parts: list[Part] = []
    at, clause, first, after = 0, 0, True, ""
    keys = {digit for digit in "12" if digit in words and all(_beside_key(w, digit) for w in words)}
    while at < len(words):
        word = words[at]
        if word in BREAKS:
            clause, first, after, at = clause + 1, True, word, at + 1
            continue
        meaning, size = longest(words, at)
        code = None
        if size == 1 and spells_a_code(word) and names_an_offer(words, at, meaning, _answered(parts, clause)):
            meaning, code = Meaning.PLAIN, word.upper()
        elif size == 1:
            meaning = _in_place(words, at, meaning, first, word in keys)
        if meaning is None and (_names_the_shift(words, at) or words[max(0, at - 2) : at] == ["as", "in"]):
            meaning = Meaning.PLAIN  # "B as in boy"
        phrase = word if size == 1 else " ".join(map(plain, words[at : at + size]))
        if meaning in (Meaning.YES, Meaning.COMMIT):
            meaning = _under_denial(parts, clause, phrase, meaning)
        elif meaning is None or meaning is Meaning.NO:
            _undo_will(parts, clause, phrase)
        elif meaning is Meaning.NOT and phrase in _BARE_NO and _ends_in_it(words, at, parts, clause):
            meaning = Meaning.NO
        begins = meaning is Meaning.BUT or phrase in CONCLUDING
        if begins:
            clause, after = clause + 1, ""
        parts.append(Part(meaning, phrase, clause, first, code, after))
        soft = meaning is Meaning.YES and phrase in ACKNOWLEDGING
        first = begins or (first and (soft or meaning in (Meaning.PLAIN, Meaning.DAY, Meaning.WISH)))
        at += size
    return parts


def _with_the_code_last(words: list[str]) -> list[str]:
    """Turns "give B back" into "give back B", which is a phrase and a code."""
    words = list(words)
    for at in range(len(words) - 2):
        if words[at] in _GIVING and words[at + 2] == "back" and spells_a_code(words[at + 1]):
            words[at + 1], words[at + 2] = words[at + 2], words[at + 1]
    return words


_GIVING = frozenset(["give", "giving", "hand", "send"])


def _in_place(
    words: list[str], at: int, meaning: Meaning | None, first: bool, is_key: bool
) -> Meaning | None:
    """The meaning of a single word in its context."""
    word = words[at]
    if word in ("1", "2"):
        return meaning if is_key else None  # otherwise it is some other number
    if word in ("si", "si+"):
        return _si(words, at, first)
    if word in _YES_FIRST and not first:
        return Meaning.PLAIN
    if word == "not" and at + 1 < len(words) and names_an_offer(words, at + 1, None):
        return Meaning.NO
    if meaning is Meaning.NO and word in _BARE_NO and not first and not _beside_code(words, at):
        return Meaning.NOT
    if word == "may" and at and words[at - 1] in ("i", "it", "we", "you"):
        return Meaning.HEDGE
    if meaning is Meaning.PLAIN and _stands_for_a_code(words, at):
        return None
    return meaning


# They mean yes only where a clause begins; elsewhere they mean "and", "already" or a ball game.
_YES_FIRST = frozenset(["y", "ya", "k", "g", "ge", "game", "bet", "def", "we"])
_BARE_NO = frozenset(["no", "non", "n", "nada", "never", "indi"])


# --- negation ------------------------------------------------------------------------------------


def _under_denial(parts: list[Part], clause: int, phrase: str, meaning: Meaning) -> Meaning:
    """The meaning of a consent after a negation in its clause: "not able to" + "accept"."""
    anew = phrase not in _DENIABLE and (meaning is Meaning.YES or _has_subject(phrase))
    for part in reversed(parts[-_NEAR:]):
        if part.clause != clause or part.meaning not in (Meaning.NO, Meaning.NOT, Meaning.PLAIN, None):
            break
        if anew and part.words not in _DENYING:
            continue
        if part.meaning is Meaning.NO:
            return Meaning.PLAIN
        if part.meaning is Meaning.NOT:
            return Meaning.NO
    return meaning


def _has_subject(phrase: str) -> bool:
    return phrase.split(" ", 1)[0] in _SUBJECTS


_NEAR = 4
_DENIABLE = frozenset(
    ["accept", "works for me", "that works", "this works", "puedo", "pwede", "kaya", "confirm"]
)
# Negations after which the subject follows: "hindi ako kukuha".
_DENYING = frozenset(["hindi", "hinde", "indi", "dili", "di", "huwag", "wag", "pa", "pap"])
# Who begins to speak anew: "no i can".
_SUBJECTS = frozenset(
    ["i", "im", "ill", "ive", "id", "ima", "imma", "yo", "ako", "mwen", "m", "map", "mka", "you",
     "u", "si", "ya"]
)  # fmt: skip


def _ends_in_it(words: list[str], at: int, parts: list[Part], clause: int) -> bool:
    """Whether the text ends in a "no" that nothing before it denies, unlike "its not a no"."""
    denied = any(part.meaning in (Meaning.NOT, Meaning.NO) for part in parts if part.clause == clause)
    return not denied and len(words[at]) > 1 and all(word in BREAKS for word in words[at + 1 : at + 4])


def _undo_will(parts: list[Part], clause: int, following: str) -> None:
    """Makes nothing of an "i will" before a refusal or an unknown word: "i will" + "get milk"."""
    at = len(parts) - 1
    while (
        at > len(parts) - _NEAR
        and at > 0
        and parts[at].meaning is Meaning.PLAIN
        and parts[at].clause == clause
    ):
        at -= 1
    if parts and parts[at].words in _WILLS and parts[at].clause == clause and not _has_subject(following):
        parts[at] = parts[at]._replace(meaning=None)


_WILLS = frozenset(
    ["i can", "i will", "give me", "im in", "i am in", "will", "puedo", "voy a ir", "m ka", "mwen ka"]
)


def _names_the_shift(words: list[str], at: int) -> bool:
    """Whether an unknown word says which shift: "the oak st one"."""
    return "the" in words[max(0, at - 3) : at] and any(word in _SHIFTS for word in words[at + 1 : at + 4])


_SHIFTS = frozenset(["one", "shift", "client", "case", "house", "job"])


# --- keys and codes ------------------------------------------------------------------------------


def _beside_key(word: str, digit: str) -> bool:
    """Whether 1 and 2 beside this word can still mean the keys of a phone."""
    meaning = meaning_of(word)
    says_nothing = not word.isalnum() or meaning is Meaning.PLAIN or spells_a_code(word)
    return word in ("1", "2") or meaning is (Meaning.YES if digit == "1" else Meaning.NO) or says_nothing


def _answered(parts: list[Part], clause: int) -> bool:
    """Whether the last phrase of the clause so far, courtesies aside, is an answer."""
    said = next((part for part in reversed(parts[-_NEAR:]) if part.meaning is not Meaning.PLAIN), None)
    return said is not None and said.clause == clause and said.meaning in ANSWERING


def names_an_offer(words: list[str], at: int, meaning: Meaning | None, answered: bool = False) -> bool:
    """Whether a word is an offer's code. One that is also a word counts only beside an answer."""
    word = words[at]
    if not spells_a_code(word):
        return False
    if meaning is None and word not in _SHORT_FOR:
        return True
    if word in _BESIDE_ANSWERS:
        return False
    before = next((w for w in reversed(words[max(0, at - 4) : at]) if w not in _BEFORE_CODES), None)
    after = next((w for w in words[at + 1 : at + 4] if w not in BREAKS), None)
    following, size = longest(words, at + 1) if at + 1 < len(words) else (None, 0)
    ends = size == 0 or not words[at + 1].isalnum() or after in _POLITE
    if len(word) > 1 or word in _SHORT_FOR:  # not in "no bc im sick" and "si q puedo"
        beside = ends or (len(word) > 1 and after in _ANSWERS)
    else:
        ends = ends or after in JOINS or following is Meaning.BUT
        ends = ends or (following is Meaning.PLAIN and size > 1)
        beside = ends or after in _ANSWERS
    start = at - 1 if at and words[at - 1] == "la" else at
    begins = start == 0 or words[start - 1] in BREAKS
    if at >= 2 and words[at - 1] in JOINS and words[at - 2] in CODES and ends:
        return True  # "B and D"
    if start < at and after == "es":
        return True  # "la Q es para mi"
    if begins and (after in _ANSWERS or (ends and (meaning is None or at > 0))):
        return True
    return (beside and before in _ANSWERS) or (ends and answered)


# Words of code letters that often stand beside an answer and are no codes: "yes thx".
_BESIDE_ANSWERS = frozenset(
    ["gm", "hm", "hmm", "pf", "plz", "ppl", "pwd", "tbd", "tbh", "thx", "tmw", "tx", "xq", "xx", "btw",
     "bcz", "pm", "fwd", "fw"]
)  # fmt: skip
# Letters that people write for a word ("q" is "que") and that are no code in the middle of a sentence.
_SHORT_FOR = frozenset(["q", "p", "x"])
_POLITE = frozenset(
    ["please", "pls", "plz", "thanks", "thx", "ty", "porfa", "gracias", "mesi", "salamat", "sorry", "both"]
)
_BEFORE_CODES = _POLITE | frozenset(
    ["to", "for", "on", "the", "shift", "letter", "option", "code", "sa", "al", "a", "la", "el", "turno",
     "thank", "you", "ang", "yung", "ako", "of", "my", "back", "me", "mwen"]
)  # fmt: skip
JOINS = frozenset(["and", "y", "at", "ak"])
_ANSWERS = YES_SIGNS | NO_SIGNS | frozenset(
    ["yes", "y", "yeah", "yep", "ok", "okay", "sure", "accept", "1", "si", "si+", "oo", "opo",
     "sige", "wi", "take", "no", "n", "nope", "pass", "decline", "2", "hindi", "non", "cant",
     "dake", "acepto", "puedo", "drop", "give", "do", "dame", "deme", "bay", "ban", "akin", "quiero", "want",
     "confirmo", "confirm", "cover", "work"]
)  # fmt: skip


def _beside_code(words: list[str], at: int) -> bool:
    after = next((n for n in range(at + 1, min(at + 4, len(words))) if words[n] not in _BEFORE_CODES), at)
    return any(
        0 <= near < len(words) and near != at and names_an_offer(words, near, None)
        for near in (at - 1, after)
    )


def _stands_for_a_code(words: list[str], at: int) -> bool:
    """Whether a single letter stands where a code would but is none."""
    last = at + 1 == len(words) or words[at + 1] in BREAKS
    return len(words[at]) == 1 and words[at].isalpha() and last and at > 0 and words[at - 1] in _ANSWERS


# --- si ------------------------------------------------------------------------------------------


def _si(words: list[str], at: int, first: bool) -> Meaning:
    """`si` means yes in Spanish, with its accent and often without; otherwise, as in Creole, it means if."""
    if words[at] == "si" and "wi" in words[:at]:
        return Meaning.IF
    if words[at] == "si+" or at + 1 == len(words) or (at and words[at - 1] in ("si", "si+")):
        return Meaning.YES
    if not first and not (at and words[at - 1] in ("ok", "okay", "claro", "oye", "ay", "pues", "que")):
        return Meaning.IF
    following = words[at + 1]
    meaning, _ = longest(words, at + 1)
    if following in BREAKS or following in _ANSWERS or meaning in (Meaning.YES, Meaning.COMMIT):
        return Meaning.YES
    if meaning is Meaning.PLAIN and following not in _AFTER_IF:
        return Meaning.YES
    addressed = following in ("senora", "senor", "claro")
    return Meaning.YES if addressed or names_an_offer(words, at + 1, None) else Meaning.IF


_AFTER_IF = frozenset(
    ["me", "te", "le", "les", "lo", "la", "los", "las", "el", "yo", "mwen", "m", "ou", "w", "li",
     "nou", "se", "es", "ya", "a", "al", "en", "de", "un", "una"]
)  # fmt: skip
