"""What a caregiver's text means: `read(text)`, in English, Spanish, Tagalog and Haitian Creole mixed at will.

A wrong "accept" sends someone to a shift they never agreed to, so an accept is never guessed: it needs
consent in so many words, and nothing else in the text that could limit it, not even a word that is not
known. A refusal may have its reasons beside it. Everything else is `unknown`, which costs one question back.

The text is folded and cut into the phrases of `core.lexicon`, and then asked in this order: Does it opt out?
Is it a question? Does it refuse, and is the refusal the sender's own and without condition? Does it consent,
and is there no condition, doubt, other person or matter beside it?
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from core import optout
from core.clauses import ACKNOWLEDGING, CONCLUDING, JOINS, Part, cut
from core.lexicon import AGREEING_TOO, Role
from core.phrases import BREAKS, words_of
from core.record import record
from core.times import marks

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
    `named`: times and days that it names (see `core.times`); an accept is one only of a shift at these.
    """

    answers: tuple[Answer, ...]
    why: str
    weak: bool = False
    named: tuple[str, ...] = ()


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
    parts = cut(words)
    reply = _meaning(parts)
    if reply.answers[0].intent != "accept" or len(reply.answers) > 1:
        return reply
    named = [mark for part in parts if part.role in (*_WHEN, Role.COMMIT) for mark in marks(part.words)]
    return replace(reply, named=tuple(named)) if named else reply


_WHEN = {Role.DAY, Role.TIME}

# What keeps an answer with its code from standing as it is.
_LIMITING = {Role.IF, Role.MATTER, Role.HEDGE, Role.ASK, Role.OTHER, Role.NOT}


def _meaning(parts: list[Part]) -> Reply:
    roles = {part.role for part in parts}
    accepts = roles & {Role.YES, Role.COMMIT}
    refusals = [part for part in parts if part.role in (Role.NO, Role.REASON)]
    paired = _paired(parts)
    limiting = _LIMITING if paired is None or len(paired) > 1 else _LIMITING | {Role.BUT}
    if paired is not None and not roles & limiting and not _mixed_with_strange(parts):
        return Reply(paired, "answers with their codes" if len(paired) > 1 else "an answer with its code")
    codes = [part.code for part in parts if part.code is not None]
    if len(codes) > 1:
        return Reply((_UNKNOWN,), "answers and codes do not pair")
    code = codes[0] if codes else None
    concluded = _conclusion(parts, roles)
    if concluded is not None:
        return Reply((Answer(concluded, code),), "so it ends")
    soft = [part for part in parts if part.role is Role.YES and part.words not in ACKNOWLEDGING]
    if refusals and Role.COMMIT not in roles and not soft and parts.index(refusals[0]) > 0:
        accepts = set()  # "ok no thank you"
    if refusals and accepts and not _overridden(parts):
        return Reply((_UNKNOWN,), "yes and no in one text")
    if refusals:
        return _refusal(parts, refusals[0], code)
    return _consent(parts, roles, code)


def _mixed_with_strange(parts: list[Part]) -> bool:
    """Whether a word that is not known stands in a clause with an answer or a code, or is a number."""
    speaking = {part.clause for part in parts if part.code or part.role in (Role.YES, Role.COMMIT, Role.NO)}
    return any(part.role is None and (part.clause in speaking or _has_digit(part)) for part in parts)


def _conclusion(parts: list[Part], roles: set[Role | None]) -> Intent | None:
    """The answer in which a text ends after its reasons: "i found a sitter so yes", "i have class so no"."""
    ends = [at for at, part in enumerate(parts) if part.words in CONCLUDING]
    said = {part.role for part in parts[ends[-1] + 1 :]} if ends else set()
    if said & {Role.YES, Role.COMMIT} and said <= {Role.YES, Role.COMMIT, Role.PLAIN}:
        return None if roles & {Role.ASK, Role.IF, Role.BUT} else "accept"
    if Role.NO in said and said <= {Role.NO, Role.REASON, Role.PLAIN, Role.DAY}:
        return "decline"
    return None


def _overridden(parts: list[Part]) -> bool:
    """Whether a consent is only wished for, or of before, and then refused: "id say yes but im working"."""
    wish = next(
        (at for at, part in enumerate(parts) if part.role in (Role.WISH, Role.NO) or part.words in _SEEN),
        None,
    )
    but = next((at for at, part in enumerate(parts) if part.role is Role.BUT), None)
    if wish is None or but is None or wish > but:
        return False
    after = {part.role for part in parts[but:]}
    return bool(after & {Role.NO, Role.REASON}) and not after & {Role.YES, Role.COMMIT}


# "yes i saw it but i cant": the yes is to having seen it. "i said yes but": it was.
_SEEN = frozenset(
    ["i saw", "saw", "vi", "ya vi", "lo vi", "si lo vi", "i got it", "got it", "received", "recibi",
     "i said yes", "said yes", "i told you yes", "dije que si", "te di wi", "le di wi", "sinabi ko oo"]
)  # fmt: skip


def _refusal(parts: list[Part], refusal: Part, code: str | None) -> Reply:
    roles = {part.role for part in parts}
    at = parts.index(refusal)
    noes = {part.clause for part in parts if part.role is Role.NO}
    said_no = max(part.clause for part in parts if part.role in (Role.NO, Role.REASON))
    for here, part in enumerate(parts):
        if part.role is Role.IF and (
            part.clause >= said_no
            if part.words not in _OF_TIME
            else (part.clause in noes or not noes) and any(map(_has_digit, parts[here + 1 : here + 3]))
        ):
            return Reply((_UNKNOWN,), "a refusal with a condition")
    matters = {part.clause for part in parts if part.role is Role.MATTER}
    if matters and noes <= matters:
        return Reply((_UNKNOWN,), "a refusal of another matter")
    if any(part.role is Role.HEDGE and part.clause == refusal.clause for part in parts[:at]):
        return Reply((_UNKNOWN,), "a doubt before a refusal")
    if not noes and roles & {Role.HEDGE, Role.ASK} and refusal.words in _VAGUE:
        return Reply((_UNKNOWN,), "a doubt")
    if any(part.role is Role.ASK and part.first for part in parts):
        return Reply((_UNKNOWN,), "a question")
    if refusal.role is Role.NO and any(
        part.role is Role.OTHER and part.clause == refusal.clause for part in parts[:at]
    ):
        return Reply((_UNKNOWN,), "somebody else's refusal")
    return Reply((Answer("decline", code),), "a refusal")


# "until" is a condition only with a time of the day.
_OF_TIME = frozenset(
    """until til till untill after before by late leave early earlier hours hour hrs hr start starting starts
    hasta despues antes desde tarde temprano horas hora mientras hanggang pagkatapos bago jis jiska jiskaske
    anvan apre""".split()  # noqa: SIM905
)


def _has_digit(part: Part) -> bool:
    return any(char.isdigit() for char in part.words)


# Reasons that what follows can make something else: "i have to ask my husband".
_VAGUE = frozenset(
    ["i have", "ive got", "have a", "have to", "i got", "gotta", "tengo", "tengo que", "mwen gen", "m gen"]
)


def _consent(parts: list[Part], roles: set[Role | None], code: str | None) -> Reply:
    """What a text without any refusal comes to."""
    for role, why in (
        (Role.ASK, "a question"), (Role.IF, "a condition"), (Role.HEDGE, "a doubt"),
        (Role.BUT, "a reservation"),
    ):  # fmt: skip
        if role in roles:
            return Reply((_UNKNOWN,), why)
    plain = _plain_clauses(parts)
    said = [part for part in parts if part.clause in plain]
    beside = [part for part in parts if part.clause not in plain]
    if not beside:
        return _plain_consent(said, code)
    whole = [part for part in said if part.role is Role.COMMIT and part.words not in _AGREEING]
    if not whole:
        return _plain_consent(parts, code)
    trouble = _trouble(beside, whole[0])
    if trouble is not None:
        return Reply((_UNKNOWN,), trouble)
    return _plain_consent(said, code)


def _plain_clauses(parts: list[Part]) -> set[int]:
    """The clauses that say nothing but consent and courtesies."""
    mixed = {part.clause for part in parts if part.role not in _CONSENTING}
    return {part.clause for part in parts} - mixed


_CONSENTING = {Role.YES, Role.COMMIT, Role.WEAK, Role.WISH, Role.DAY, Role.TIME, Role.PLAIN}


def _trouble(beside: list[Part], whole: Part) -> str | None:
    """What keeps other clauses from being mere talk beside a consent in so many words."""
    speaking = {part.clause for part in beside if part.role in (Role.YES, Role.COMMIT, Role.WEAK, Role.WISH)}
    for part in beside:
        if part.role is Role.OTHER and part.clause in speaking:
            return "somebody else"
        if part.role is Role.NOT and part.clause > whole.clause:
            return "a negation"
        if part.role is Role.MATTER and part.clause in speaking:
            return "another matter"
        if part.clause > whole.clause and part.role in _WHEN:
            return "perhaps another time"
        if part.role is None and _has_digit(part):
            return "a number"
    return None


def _plain_consent(parts: list[Part], code: str | None) -> Reply:
    roles = {part.role for part in parts}
    for role, why in (
        (Role.OTHER, "somebody else"),
        (Role.MATTER, "another matter"),
        (Role.NOT, "a negation"),
    ):
        if role in roles:
            return Reply((_UNKNOWN,), why)
    yes, commit = Role.YES in roles, Role.COMMIT in roles
    wished = any(part.role is Role.WISH and _WISHED.search(part.words) for part in parts)
    if not (yes or commit or wished or Role.WEAK in roles):
        return Reply((_UNKNOWN,), "no answer in it")
    if roles & _WHEN and not _at_that_time(parts):
        return Reply((_UNKNOWN,), "perhaps another time")
    strange = [part for part in parts if part.role is None]
    if strange and not _signature(parts, strange) and not (yes and commit and len(strange) <= _MOST_STRANGE):
        return Reply((_UNKNOWN,), "more than answers and codes")
    if not (yes or commit or wished) and len(parts) > _MOST_WEAK:
        return Reply((_UNKNOWN,), "hardly a consent")
    weak = code is None and all(
        part.words in _AGREEING for part in parts if part.role in (Role.YES, Role.COMMIT, Role.WEAK)
    )
    if weak and any(part.words.endswith(_NEWS) for part in parts):
        return Reply((_UNKNOWN,), "thanks for the news")
    return Reply((Answer("accept", code),), "a consent", weak)


_NEWS = (
    "letting me know",
    "por avisar",
    "por avisarme",
    "for the info",
    "for the update",
    "for the heads up",
)

# What is said to any news as well: that the shift is theirs, that it has gone, that they need not come.
_AGREEING = (
    ACKNOWLEDGING | {" ".join(phrase.split()) for phrase in AGREEING_TOO.split(",")} | set("👍👌✅✔☑🆗💯💪💚")
)


def _at_that_time(parts: list[Part]) -> bool:
    """Whether the times and days that are named may be the shift's own: "ill take monday", "yes, 2 to 8"."""
    consents = [at for at, part in enumerate(parts) if part.role in (Role.YES, Role.COMMIT)]
    commits = [parts[at].words for at in consents if parts[at].role is Role.COMMIT]
    yes = any(words.startswith("si ") for words in commits) or any(
        parts[at].role is Role.YES and (commits or parts[at].words not in ACKNOWLEDGING) for at in consents
    )
    when = [at for at, part in enumerate(parts) if part.role in _WHEN]
    fully = any(part.words.startswith("span") for part in parts)
    timed = any(parts[at].role is Role.TIME for at in when)
    for words in commits:
        if words.startswith(_UNTIL_THEN) or words.endswith(_OF_THIS_SHIFT):
            return True
        if words.endswith("take") and not timed:
            return True
    if fully and any(_ORDER.search(words) for words in commits):
        return True
    approved = any(part.role in (Role.YES, Role.WEAK) for part in parts[max(when) :])
    return yes and min(when) > min(consents) and (fully or approved or bool(commits))


# Said of the shift that was offered, and of no other: not "i can do".
_UNTIL_THEN = ("see you", "see u")
_ORDER = re.compile(r"\bme\b|[ae]n?me$")  # "put me down", "apunteme"
_OF_THIS_SHIFT = (
    "count on me",
    "confirmed",
    "confirm",
    "confirmed for",
    "confirming",
    "confirmo",
    "be there",
    "b there",
    "ahi estare",
    "alla estare",
    "estare ahi",
)


# Wishes that are meant: not "id take it".
_WISHED = re.compile("love|like|encanta|gusta|renmen|want|quisiera")

# Words that are not known and may stand beside a consent in full ("yes" and "ill take it").
_MOST_STRANGE = 2
_MOST_WEAK = 4


def _signature(parts: list[Part], strange: list[Part]) -> bool:
    """Whether what is not known is a name: "this is Maria", "soy Ana", "Joy here", "yes - Tanya"."""
    if len(strange) > 2 or not all(part.words.isalpha() for part in strange):
        return False
    if strange[0].clause == parts[-1].clause and strange[0].dashed and strange[0].first:
        return True
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
    """Answers that each have their code: "yes B", "B yes but not C"."""
    shared = _shared(parts)
    if shared is not None:
        return shared
    but = next((at for at, part in enumerate(parts) if part.role is Role.BUT), None)
    if but is not None:
        first, second = _in_pairs(parts[:but]), _in_pairs(parts[but:])
        if first and second and not {a.code for a in first} & {a.code for a in second}:
            return first + second
    return _in_pairs(parts)


def _in_pairs(parts: list[Part]) -> tuple[Answer, ...] | None:
    """Answers with their codes, each before its code or each after it."""
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
