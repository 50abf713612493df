"""A text cut into clauses and phrases, each with what it says where it stands.

`core.phrases` knows what a phrase says by itself. Here it is seen what stands around it: whether a letter
names an offer, what a negation denies, and whether `si` is yes or if.
"""

from collections.abc import Sequence
from typing import NamedTuple

from core.lexicon import Role
from core.phrases import (
    BREAKS,
    CODES,
    NO_SIGNS,
    YES_SIGNS,
    longest,
    plain,
    role_of,
    spells_a_code,
)


class Part(NamedTuple):
    """A phrase of the text. `role`: None for a word that is not known; `code`: the offer that it names.

    `first`: nothing but greetings stand before it in its clause; `clause` counts clauses from 0; `after`: the
    mark before its clause, "" for none.
    """

    role: Role | None
    words: str
    clause: int
    first: bool
    code: str | None = None
    after: str = ""


# What answers an offer.
ANSWERING = {Role.YES, Role.COMMIT, Role.NO}


def but_at(parts: Sequence[Part]) -> int | None:
    """Where what follows begins to limit what came before; None if it does nowhere."""
    return next((at for at, part in enumerate(parts) if part.role is Role.BUT), None)


def has_digit(part: Part) -> bool:
    return any(char.isdigit() for char in part.words)


ACKNOWLEDGING = frozenset(["ok", "okay", "k", "kk", "yeah", "yea", "alright", "sige", "bueno", "oke"])
CONCLUDING = frozenset(["so", "asi que", "por eso", "kaya", "donk", "thats why"])


def cut(words: list[str]) -> list[Part]:
    """The phrases of a text, the longest first."""
    words = _with_the_code_last(words)
    parts: list[Part] = []
    at, clause, first, after = 0, 0, True, ""
    keys = {digit for digit in "12" if digit in words and all(_beside_key(w, digit) for w in words)}
    while at < len(words):
        word = words[at]
        if word in BREAKS:
            clause, first, after, at = clause + 1, True, word, at + 1
            continue
        role, size = longest(words, at)
        code = None
        if size == 1 and spells_a_code(word) and names_an_offer(words, at, role, _answered(parts, clause)):
            role, code = Role.PLAIN, word.upper()
        elif size == 1:
            role = _in_place(words, at, role, first, word in keys)
        if role is None and (_names_the_shift(words, at) or words[max(0, at - 2) : at] == ["as", "in"]):
            role = Role.PLAIN  # "B as in boy"
        phrase = word if size == 1 else " ".join(map(plain, words[at : at + size]))
        if role in (Role.YES, Role.COMMIT):
            role = _under_denial(parts, clause, phrase, role)
        elif role is None or role is Role.NO:
            _undo_will(parts, clause, phrase)
        elif role is Role.NOT and phrase in _BARE_NO and _ends_in_it(words, at, parts, clause):
            role = Role.NO
        begins = role is Role.BUT or phrase in CONCLUDING
        if begins:
            clause, after = clause + 1, ""
        parts.append(Part(role, phrase, clause, first, code, after))
        soft = role is Role.YES and phrase in ACKNOWLEDGING
        first = begins or (first and (soft or role in (Role.PLAIN, Role.DAY, Role.WISH)))
        at += size
    return parts


def _with_the_code_last(words: list[str]) -> list[str]:
    """The words with "give B back" as "give back B", which is a phrase and a code."""
    words = list(words)
    for at in range(len(words) - 2):
        if words[at] in _GIVING and words[at + 2] == "back" and spells_a_code(words[at + 1]):
            words[at + 1], words[at + 2] = words[at + 2], words[at + 1]
    return words


_GIVING = frozenset(["give", "giving", "hand", "send"])


def _in_place(words: list[str], at: int, role: Role | None, first: bool, is_key: bool) -> Role | None:
    """What a single word says where it stands."""
    word = words[at]
    if word in ("1", "2"):
        return role if is_key else None  # else a number among others, or of something
    if word in ("si", "si+"):
        return _si(words, at, first)
    if word in _YES_FIRST and not first:
        return Role.PLAIN
    if word == "not" and at + 1 < len(words) and names_an_offer(words, at + 1, None):
        return Role.NO
    if role is Role.NO and word in _BARE_NO and not first and not _beside_code(words, at):
        return Role.NOT
    if word == "may" and at and words[at - 1] in ("i", "it", "we", "you"):
        return Role.HEDGE
    if role is Role.PLAIN and _stands_for_a_code(words, at):
        return None
    return role


# Yes only where a clause begins; elsewhere "and", "already", a game of football.
_YES_FIRST = frozenset(["y", "ya", "k", "g", "ge", "game", "bet", "def", "we"])
_BARE_NO = frozenset(["no", "non", "n", "nada", "never", "indi"])


# --- negation ------------------------------------------------------------------------------------


def _under_denial(parts: list[Part], clause: int, phrase: str, role: Role) -> Role:
    """What a consent is after a negation in its clause: "not able to" + "accept"."""
    anew = phrase not in _DENIABLE and (role is Role.YES or _has_subject(phrase))
    for part in reversed(parts[-_NEAR:]):
        if part.clause != clause or part.role not in (Role.NO, Role.NOT, Role.PLAIN, None):
            break
        if anew and part.words not in _DENYING:
            continue
        if part.role is Role.NO:
            return Role.PLAIN
        if part.role is Role.NOT:
            return Role.NO
    return role


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
    """Whether a text ends in a "no" that nothing before it denies: not "its not a no"."""
    denied = any(part.role in (Role.NOT, Role.NO) for part in parts if part.clause == clause)
    return not denied and len(words[at]) > 1 and all(word in BREAKS for word in words[at + 1 : at + 4])


def _undo_will(parts: list[Part], clause: int, following: str) -> None:
    """Before a refusal or a word that is not known "i will" promises nothing: "i will" + "get milk"."""
    at = len(parts) - 1
    while at > len(parts) - _NEAR and at > 0 and parts[at].role is Role.PLAIN and parts[at].clause == clause:
        at -= 1
    if parts and parts[at].words in _WILLS and parts[at].clause == clause and not _has_subject(following):
        parts[at] = parts[at]._replace(role=None)


_WILLS = frozenset(
    ["i can", "i will", "give me", "im in", "i am in", "will", "puedo", "voy a ir", "m ka", "mwen ka"]
)


def _names_the_shift(words: list[str], at: int) -> bool:
    """Whether a word that is not known says which shift: "the oak st one"."""
    return "the" in words[max(0, at - 3) : at] and any(word in _SHIFTS for word in words[at + 1 : at + 4])


_SHIFTS = frozenset(["one", "shift", "client", "case", "house", "job"])


# --- keys and codes ------------------------------------------------------------------------------


def _beside_key(word: str, digit: str) -> bool:
    """Whether a word leaves 1 and 2 the meaning that they have on the phone."""
    role = role_of(word)
    says_nothing = not word.isalnum() or role is Role.PLAIN or spells_a_code(word)
    return word in ("1", "2") or role is (Role.YES if digit == "1" else Role.NO) or says_nothing


def _answered(parts: list[Part], clause: int) -> bool:
    """Whether an answer has just been given in the clause, but for courtesies."""
    said = next((part for part in reversed(parts[-_NEAR:]) if part.role is not Role.PLAIN), None)
    return said is not None and said.clause == clause and said.role in ANSWERING


def names_an_offer(words: list[str], at: int, role: Role | None, answered: bool = False) -> bool:
    """Whether a word is an offer's code. Letters that are also words are one beside an answer only."""
    word = words[at]
    if not spells_a_code(word):
        return False
    if role is None and word not in _SHORT_FOR:
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
        ends = ends or after in JOINS or following is Role.BUT
        ends = ends or (following is Role.PLAIN and size > 1)
        beside = ends or after in _ANSWERS
    start = at - 1 if at and words[at - 1] == "la" else at
    begins = start == 0 or words[start - 1] in BREAKS
    if at >= 2 and words[at - 1] in JOINS and words[at - 2] in CODES and ends:
        return True  # "B and D"
    if start < at and after == "es":
        return True  # "la Q es para mi"
    if begins and (after in _ANSWERS or (ends and (role is None or at > 0))):
        return True
    return (beside and before in _ANSWERS) or (ends and answered)


# What would do for a code and often stands beside an answer: "yes thx".
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
    """Whether a single letter stands where a code would, and is none."""
    last = at + 1 == len(words) or words[at + 1] in BREAKS
    return len(words[at]) == 1 and words[at].isalpha() and last and at > 0 and words[at - 1] in _ANSWERS


# --- si ------------------------------------------------------------------------------------------


def _si(words: list[str], at: int, first: bool) -> Role:
    """`si` is yes in Spanish with its accent and often without it; else, and in Creole, it is if."""
    if words[at] == "si+" or at + 1 == len(words) or (at and words[at - 1] in ("si", "si+")):
        return Role.YES
    if not first and not (at and words[at - 1] in ("ok", "okay", "claro", "oye", "ay", "pues", "que")):
        return Role.IF
    following = words[at + 1]
    role, _ = longest(words, at + 1)
    if following in BREAKS or following in _ANSWERS or role in (Role.YES, Role.COMMIT):
        return Role.YES
    if role is Role.PLAIN and following not in _AFTER_IF:
        return Role.YES
    addressed = following in ("senora", "senor", "claro")
    return Role.YES if addressed or names_an_offer(words, at + 1, None) else Role.IF


_AFTER_IF = frozenset(
    ["me", "te", "le", "les", "lo", "la", "los", "las", "el", "yo", "mwen", "m", "ou", "w", "li",
     "nou", "se", "es", "ya", "a", "al", "en", "de", "un", "una"]
)  # fmt: skip
