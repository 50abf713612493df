"""What a caregiver's text means: `read(text)`, in English, Spanish, Tagalog and Haitian Creole mixed at will.

A wrong "accept" sends someone to a shift they never agreed to, so an accept is never guessed: it needs
consent in so many words, and nothing else in the text that could limit it, not even a word that is not
known. A refusal may have its reasons beside it. Everything else is `unknown`, which costs one question back.

The text is folded and cut into the phrases of `core.lexicon`, and then asked in this order: Does it opt out?
Is it a question? Does it refuse, and is the refusal the sender's own and without condition? Does it consent,
and is there no condition, doubt, other person or matter beside it?
"""

import re
from functools import lru_cache
from typing import Literal

from core import optout
from core.lexicon import Role
from core.phrases import ACKNOWLEDGING, AGREEING, BREAKS, JOINS, Part, cut, words_of
from core.record import record

Intent = Literal["accept", "decline", "unknown", "stop", "start", "help"]

# Ten segments: the most that carriers deliver as one text.
LONGEST = 1_600
_MOST_WORDS = 60  # of an answer, even with its reasons
# How phones write that somebody has tapped a picture onto a message.
_REACTION = re.compile(
    r"(liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted|removed|le gust|le enc)\w*.*[“\"«]",
    re.IGNORECASE,
)


@record
class Answer:
    """One intent, and the code of the offer it is about if the caregiver named it."""

    intent: Intent
    code: str | None = None


@record
class Reply:
    """The answers in a text, in order (at least one), and in a few words why it was read so.

    `weak`: it accepts only if it answers an offer, since it may be said to anything: "ok thank you".
    """

    answers: tuple[Answer, ...]
    why: str
    weak: bool = False


_UNKNOWN = Answer("unknown")


def read(text: str) -> Reply:
    """The meaning of `text`; `unknown` for anything that is not plainly an answer. Never raises."""
    if len(text) > LONGEST:
        return Reply((_UNKNOWN,), "too long")
    return _read(" ".join(text.split()))


@lru_cache(maxsize=4096)
def _read(text: str) -> Reply:
    if _REACTION.match(text):
        return Reply((_UNKNOWN,), "a reaction to a message")
    words = words_of(text)
    said = [word for word in words if word not in BREAKS]
    wish = optout.wish(said)
    if wish is not None:
        return Reply((Answer(wish),), f"asks for {wish}")
    if len(words) > _MOST_WORDS:
        return Reply((_UNKNOWN,), "too long")
    if "?" in words or "¿" in words:
        return Reply((_UNKNOWN,), "a question")
    return _meaning(cut(words))


# What keeps an answer with its code from standing as it is.
_LIMITING = {Role.IF, Role.MATTER, Role.HEDGE, Role.ASK, Role.OTHER, Role.NOT, None}


def _meaning(parts: list[Part]) -> Reply:
    roles = {part.role for part in parts}
    accepts = roles & {Role.YES, Role.COMMIT}
    refusals = [part for part in parts if part.role in (Role.NO, Role.REASON)]
    paired = _paired(parts)
    if paired is not None and not roles & _LIMITING:
        return Reply(paired, "answers with their codes" if len(paired) > 1 else "an answer with its code")
    codes = [part.code for part in parts if part.code is not None]
    if len(codes) > 1:
        return Reply((_UNKNOWN,), "answers and codes do not pair")
    code = codes[0] if codes else None
    soft = [part for part in parts if part.role is Role.YES and part.words not in ACKNOWLEDGING]
    if refusals and Role.COMMIT not in roles and not soft and parts.index(refusals[0]) > 0:
        accepts = set()  # "ok no thank you"
    if refusals and accepts and not _overridden(parts):
        return Reply((_UNKNOWN,), "yes and no in one text")
    if refusals:
        return _refusal(parts, refusals[0], code)
    return _consent(parts, roles, code)


def _overridden(parts: list[Part]) -> bool:
    """Whether a consent is only wished for, and then refused: "id say yes but im working"."""
    wish = next(
        (at for at, part in enumerate(parts) if part.role in (Role.WISH, Role.NO) or part.words in _SEEN),
        None,
    )
    but = next((at for at, part in enumerate(parts) if part.role is Role.BUT), None)
    if wish is None or but is None or wish > but:
        return False
    after = {part.role for part in parts[but:]}
    return bool(after & {Role.NO, Role.REASON}) and not after & {Role.YES, Role.COMMIT}


# "yes i saw it but i cant": the yes is to having seen it.
_SEEN = frozenset(
    ["i saw", "saw", "vi", "ya vi", "lo vi", "si lo vi", "i got it", "got it", "received", "recibi"]
)


def _refusal(parts: list[Part], refusal: Part, code: str | None) -> Reply:
    roles = {part.role for part in parts}
    at = parts.index(refusal)
    said_no = max(part.clause for part in parts if part.role in (Role.NO, Role.REASON))
    if Role.MATTER in roles or any(part.role is Role.IF and part.clause >= said_no for part in parts):
        return Reply((_UNKNOWN,), "a refusal with a condition, or of another matter")
    if any(part.role is Role.HEDGE and part.clause == refusal.clause for part in parts[:at]):
        return Reply((_UNKNOWN,), "a doubt before a refusal")
    if Role.NO not in roles and Role.HEDGE in roles and refusal.words in _VAGUE:
        return Reply((_UNKNOWN,), "a doubt")
    if any(part.role is Role.ASK and part.first for part in parts):
        return Reply((_UNKNOWN,), "a question")
    if refusal.role is Role.NO and any(
        part.role is Role.OTHER and part.clause == refusal.clause for part in parts[:at]
    ):
        return Reply((_UNKNOWN,), "somebody else's refusal")
    return Reply((Answer("decline", code),), "a refusal")


# Reasons that what follows can make something else: "i have to ask my husband".
_VAGUE = frozenset(
    ["i have", "ive got", "have a", "have to", "i got", "gotta", "tengo", "tengo que", "mwen gen", "m gen"]
)


def _consent(parts: list[Part], roles: set[Role | None], code: str | None) -> Reply:
    conclusion = _conclusion(parts)
    if conclusion and not roles & {Role.ASK, Role.IF, Role.BUT}:
        return Reply((Answer("accept", code),), "a consent in the end")
    for role, why in (
        (Role.OTHER, "somebody else"), (Role.ASK, "a question"), (Role.IF, "a condition"),
        (Role.HEDGE, "a doubt"), (Role.MATTER, "another matter"), (Role.BUT, "a reservation"),
        (Role.NOT, "a negation"),
    ):  # fmt: skip
        if role in roles:
            return Reply((_UNKNOWN,), why)
    yes, commit = Role.YES in roles, Role.COMMIT in roles
    wished = any(part.role is Role.WISH and _WISHED.search(part.words) for part in parts)
    if not (yes or commit or wished or Role.WEAK in roles):
        return Reply((_UNKNOWN,), "no answer in it")
    if Role.DAY in roles and not _on_that_day(parts, yes):
        return Reply((_UNKNOWN,), "perhaps another day")
    strange = [part for part in parts if part.role is None]
    if strange and not _signature(parts, strange) and not (yes and commit and len(strange) <= _MOST_STRANGE):
        return Reply((_UNKNOWN,), "more than answers and codes")
    if not (yes or commit) and len(parts) > _MOST_WEAK:
        return Reply((_UNKNOWN,), "hardly a consent")
    weak = code is None and all(
        part.words in AGREEING for part in parts if part.role in (Role.YES, Role.COMMIT, Role.WEAK)
    )
    return Reply((Answer("accept", code),), "a consent", weak)


def _on_that_day(parts: list[Part], yes: bool) -> bool:
    """Whether a day that is named is the shift's: "ill take monday", "yes i can come monday"."""
    commits = [at for at, part in enumerate(parts) if part.role is Role.COMMIT]
    days = [at for at, part in enumerate(parts) if part.role is Role.DAY]
    return any(parts[at].words.endswith(("take", "take it")) for at in commits) or (
        yes and bool(commits) and min(days) > min(commits)
    )


# Wishes that are meant: not "id take it".
_WISHED = re.compile("love|like|encanta|gusta|renmen|want|quisiera")

# Words that are not known and may stand beside a consent in full ("yes" and "ill take it").
_MOST_STRANGE = 2
_MOST_WEAK = 4


def _conclusion(parts: list[Part]) -> bool:
    """Whether the text ends in consent after a reason for it: "i found a sitter so yes"."""
    ends = [at for at, part in enumerate(parts) if part.words in ("so", "asi que", "kaya", "donk")]
    if not ends:
        return False
    rest = parts[ends[-1] + 1 :]
    return any(part.role in (Role.YES, Role.COMMIT) for part in rest) and all(
        part.role in (Role.YES, Role.COMMIT, Role.PLAIN) for part in rest
    )


def _signature(parts: list[Part], strange: list[Part]) -> bool:
    """Whether what is not known is a name: "this is Maria", "soy Ana", "Joy here"."""
    if len(strange) > 2:
        return False
    if not all(part.words.isalpha() for part in strange):
        return False
    return all(
        (before.role is Role.PLAIN and before.words in _NAMING)
        or (before in strange and len(strange) == 2)
        or after.words == "here"
        or before.words in _PLACING
        or before.words.endswith((" cover", " take"))
        for before, part, after in zip([_EDGE, *parts], parts, [*parts[1:], _EDGE], strict=False)
        if part in strange
    )


_NAMING = frozenset(
    ["this is", "its", "its me", "soy", "im", "i am", "aqui", "mwen se", "signed", "name",
     "name is", "thanks", "gracias"]
)  # fmt: skip
_PLACING = frozenset(["gracias por", "thanks for", "thank you for", "thank u for", "at", "on"])
_EDGE = Part(Role.PLAIN, "", -1, False)


def _shared(parts: list[Part]) -> tuple[Answer, ...] | None:
    """One answer to several codes that "and" joins: "yes to B and D"."""
    signs = {part.role for part in parts if part.role in (Role.YES, Role.COMMIT, Role.NO)}
    codes = [at for at, part in enumerate(parts) if part.code is not None]
    if len(codes) < 2 or not (signs == {Role.NO} or (signs and signs <= {Role.YES, Role.COMMIT})):
        return None
    between = [parts[at].words for at in range(codes[0], codes[-1]) if parts[at].code is None]
    names = [parts[at].code for at in codes]
    if not between or not set(between) <= _JOINING or len(set(names)) != len(names):
        return None
    return tuple(Answer("decline" if signs == {Role.NO} else "accept", name) for name in names)


_JOINING = JOINS | {"e", "also", "plus"}


def _paired(parts: list[Part]) -> tuple[Answer, ...] | None:
    """Answers that each have their code, before it ("yes B") or after it ("B yes"), all in the same order."""
    shared = _shared(parts)
    if shared is not None:
        return shared
    tokens: list[str] = []
    for part in parts:
        token = part.code or {Role.YES: "+", Role.COMMIT: "+", Role.NO: "-"}.get(part.role or Role.PLAIN, "")
        if token and not (token in "+-" and tokens and tokens[-1] == token):
            tokens.append(token)
    codes = [token for token in tokens if token not in "+-"]
    if not codes or len(set(codes)) != len(codes) or len(tokens) != 2 * len(codes):
        return None
    pairs = list(zip(tokens[::2], tokens[1::2], strict=True))
    if all(code in "+-" for code, _ in pairs):
        pairs = [(code, sign) for sign, code in pairs]
    if any(sign not in "+-" or code in "+-" for code, sign in pairs):
        return None
    return tuple(Answer("accept" if sign == "+" else "decline", code) for code, sign in pairs)
