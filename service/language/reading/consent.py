"""Whether a text without any refusal consents, for certain.

A consent may have other talk beside it ("ill take it. love miss ruth"), but only in separate clauses. Nothing
may limit it: no question, condition, doubt or reservation, nobody else, no other time.
"""

import re
from itertools import pairwise
from typing import Literal, NamedTuple

from service.language.reading.clauses import ACKNOWLEDGING, Part, but_at, has_digit
from service.language.reading.lexicon.consent import AGREEING_TOO
from service.language.reading.lexicon.table import Meaning, phrases
from service.language.reading.phrases import DASHES


class Verdict(NamedTuple):
    """The intent of a text, and why in a few words; `acknowledgement` as in `core.reply.Reply`."""

    intent: Literal["accept", "decline", "unknown"]
    why: str
    acknowledgement: bool = False


def unknown(why: str) -> Verdict:
    return Verdict("unknown", why)


WHEN = {Meaning.DAY, Meaning.TIME}
_CONSENTING = {Meaning.YES, Meaning.COMMIT, Meaning.WEAK, Meaning.WISH, Meaning.PLAIN} | WHEN
_SPEAKING = {Meaning.YES, Meaning.COMMIT, Meaning.WEAK, Meaning.WISH}
# What rules out a consent wherever it stands, and what does so in the clauses of the consent.
_LIMITS = {
    Meaning.ASK: "a question",
    Meaning.IF: "a condition",
    Meaning.HEDGE: "a doubt",
    Meaning.BUT: "a reservation",
}
_TROUBLES = {Meaning.OTHER: "somebody else", Meaning.MATTER: "another matter", Meaning.NOT: "a negation"}


def consent(parts: list[Part]) -> Verdict:
    """The verdict on a text without any refusal."""
    parts = _after_concession(parts)
    whole_in = {
        part.clause for part in parts if part.meaning is Meaning.COMMIT and part.words not in _AGREEING
    }
    limits = {part.meaning for part in parts if not _harmless(part, whole_in)}
    for meaning, why in _LIMITS.items():
        if meaning in limits:
            return unknown(why)
    if any(_quoted(speaker, first) for speaker, first in pairwise(parts)):
        return unknown("somebody else")
    mixed = {part.clause for part in parts if part.meaning not in _CONSENTING}
    said = [part for part in parts if part.clause not in mixed]
    beside = [part for part in parts if part.clause in mixed]
    whole = next(
        (part for part in said if part.meaning is Meaning.COMMIT and part.words not in _AGREEING), None
    )
    if whole is None:
        yes = next(
            (part for part in said if part.meaning is Meaning.YES and part.words not in _AGREEING), None
        )
        whole = yes if yes is not None and _signed(beside, yes) else None
    if whole is None:
        return _consent_in(parts)
    trouble = _trouble(beside, whole)
    return unknown(trouble) if trouble else _consent_in(said)


def _quoted(speaker: Part, first: Part) -> bool:
    """Whether a clause is somebody's words: "Mary: yes"."""
    begins = first.after == ":" and first.clause == speaker.clause + 1
    return begins and speaker.meaning is None and speaker.first


def _signed(beside: list[Part], yes: Part) -> bool:
    """Whether a bare yes has only talk before it and a name after it: "at a red light. YES. Harold"."""
    after = [part for part in beside if part.clause > yes.clause]
    names = [part for part in after if part.meaning is None]
    return (
        all(part.after in _STOPS or part.clause == 0 for part in beside)
        and len(names) <= _MOST_STRANGE
        and all(part.meaning is None or part.words in _TITLES for part in after)
    )


_TITLES = frozenset(["cna", "lpn", "rn", "hha", "aide", "nurse", "caregiver"])


def _harmless(part: Part, whole_in: set[int]) -> bool:
    """Whether a commitment makes a limit harmless: "ill take it. send me the address"."""
    if part.words in _KNOWING:
        return bool(whole_in - {part.clause})
    return part.words in _REQUESTS and any(clause < part.clause for clause in whole_in)


_REQUESTS = frozenset(
    ["send me", "please send", "pls send", "plz send", "address", "details", "detail", "info", "text me",
     "direccion", "adres"]
)  # fmt: skip
_KNOWING = frozenset(["i know", "i knew", "i see", "i saw", "saw", "i saw it"])
_STOPS = DASHES | frozenset(".!;…")


def _after_concession(parts: list[Part]) -> list[Part]:
    """The part after a "but" that only concedes something: the end of "in church now but yes i got it"."""
    but = but_at(parts)
    if but is None:
        return parts
    before = {part.meaning for part in parts[:but]}
    conceded, rest = before <= {Meaning.REASON, Meaning.PLAIN, Meaning.MATTER, None}, parts[but + 1 :]
    strong = any(
        part.meaning in (Meaning.YES, Meaning.COMMIT) and part.words not in _AGREEING for part in rest
    )
    return rest if conceded and strong else parts


def _trouble(beside: list[Part], whole: Part) -> str | None:
    """Why other clauses are more than small talk beside a clear consent; None if they are not."""
    speaking = {part.clause for part in beside if part.meaning in _SPEAKING}
    for part in beside:
        if part.meaning in (Meaning.OTHER, Meaning.MATTER) and part.clause in speaking:
            return _TROUBLES[part.meaning]
        if part.meaning is Meaning.NOT and part.clause > whole.clause:
            return _TROUBLES[part.meaning]
        if part.meaning in WHEN and part.clause > whole.clause:
            return "perhaps another time"
        if part.meaning is None and has_digit(part):
            return "a number"
        if part.words in _AUXILIARIES:
            return _TROUBLES[Meaning.OTHER]
    return None


def _consent_in(parts: list[Part]) -> Verdict:
    """Whether these parts together consent."""
    meanings = {part.meaning for part in parts}
    for meaning, why in _TROUBLES.items():
        if meaning in meanings:
            return unknown(why)
    yes, commit = Meaning.YES in meanings, Meaning.COMMIT in meanings
    wished = any(part.meaning is Meaning.WISH and _WISHED.search(part.words) for part in parts)
    if not (yes or commit or wished or Meaning.WEAK in meanings):
        polite = meanings == {Meaning.PLAIN} and any(_THANKS.search(part.words) for part in parts)
        return Verdict("unknown", "thanks", acknowledgement=True) if polite else unknown("no answer in it")
    if meanings & WHEN and not _at_that_time(parts):
        return unknown("perhaps another time")
    strange = [part for part in parts if part.meaning is None]
    full = (yes and commit) or _all_before_a_commitment(parts)
    if strange and not _is_name(parts, strange) and not (full and len(strange) <= _MOST_STRANGE):
        return unknown("more than answers and codes")
    if not (yes or commit or wished) and len(parts) > _MOST_WEAK:
        return unknown("hardly a consent")
    weak = all(part.words in _AGREEING for part in parts if part.meaning in _SPEAKING)
    weak = weak and all(part.code is None for part in parts)
    if weak and any(part.words.endswith(_NEWS) for part in parts):
        return unknown("thanks for the news")
    return Verdict("accept", "a consent", weak)


def _all_before_a_commitment(parts: list[Part]) -> bool:
    """Whether all unknown words stand before "ill take it", as greetings do."""
    commit = next((at for at, part in enumerate(parts) if part.meaning is Meaning.COMMIT), 0)
    return bool(_FULL.match(parts[commit].words)) and all(part.meaning is not None for part in parts[commit:])


_FULL = re.compile(r"(i|ill|i will|i can|yo|me) \w")

_THANKS = re.compile(r"\b(thank\w*|thx|ty|tysm|gracias|salamat|mesi|appreciate)\b")

# Wishes that count as consent; "id take it" does not.
_WISHED = re.compile("love|like|encanta|gusta|renmen|want|quisiera")
# How many unknown words may stand beside a full consent ("yes" and "ill take it").
_MOST_STRANGE = 2
_MOST_WEAK = 4
_NEWS = (
    "letting me know", "por avisar", "por avisarme", "for the info", "for the update", "for the heads up",
)  # fmt: skip
# What people also say to other news: that the shift is theirs, or gone, or called off.
_AGREEING = ACKNOWLEDGING | set(phrases(AGREEING_TOO)) | set("👍👌✅✔☑🆗💯💪💚")


# --- times ---------------------------------------------------------------------------------------


def _at_that_time(parts: list[Part]) -> bool:
    """Whether the times and days that are named may be the shift's own: "ill take monday", "yes, 2 to 8"."""
    consents = [at for at, part in enumerate(parts) if part.meaning in (Meaning.YES, Meaning.COMMIT)]
    commits = [parts[at].words for at in consents if parts[at].meaning is Meaning.COMMIT]
    yes = any(words.startswith("si ") for words in commits) or any(
        parts[at].meaning is Meaning.YES and (commits or parts[at].words not in ACKNOWLEDGING)
        for at in consents
    )
    when = [at for at, part in enumerate(parts) if part.meaning in WHEN]
    fully = any(part.words.startswith("span") for part in parts)
    timed = any(parts[at].meaning is Meaning.TIME for at in when)
    if any(part.words.startswith(_UNTIL_THEN) for part in parts):
        return True
    if any(one.words == "the" and other.meaning is Meaning.TIME for one, other in pairwise(parts)):
        return True  # "the 2-8"
    for words in commits:
        if words.endswith(_OF_THIS_SHIFT):
            return True
        if words.endswith("take") and not timed:
            return True
    if fully and any(_ORDER.search(words) for words in commits):
        return True
    approved = any(part.meaning in (Meaning.YES, Meaning.WEAK) for part in parts[max(when) :])
    if any(
        parts[at].clause > parts[max(when)].clause for at in consents if parts[at].meaning is Meaning.COMMIT
    ):
        return True  # "im free monday, ill take it"
    return yes and min(when) > min(consents) and (fully or approved or bool(commits))


# Said of the shift that was offered, and of no other: not "i can do".
_UNTIL_THEN = ("see you", "see u", "c u", "nos vemos", "ahi nos vemos", "kita kits", "n a we")
_ORDER = re.compile(r"\bme\b|[ae]n?me$")  # "put me down", "apunteme"
_OF_THIS_SHIFT = (
    "count on me", "confirmed", "confirm", "confirmed for", "confirming", "confirmo", "be there", "b there",
    "ahi estare", "alla estare", "estare ahi",
)  # fmt: skip


# --- names ---------------------------------------------------------------------------------------


def _is_name(parts: list[Part], strange: list[Part]) -> bool:
    """Whether the unknown words are a name: "this is Maria", "soy Ana", "Joy here", "yes - Tanya"."""
    if len(strange) > 2 or not all(part.words.isalpha() for part in strange):
        return False
    if any(part.words in _AUXILIARIES for part in strange):
        return False
    if strange[0].clause == parts[-1].clause and strange[0].after in DASHES and strange[0].first:
        return True
    return all(
        (before.meaning is Meaning.PLAIN and before.words in _NAMING | _GREETINGS)
        or (before in strange and len(strange) == 2)
        or after.words == "here"
        or before.words in _PLACING
        or (before.words.endswith((" cover", " take")) and after.words not in _SHIFTS)
        for before, part, after in zip([_EDGE, *parts], parts, [*parts[1:], _EDGE], strict=False)
        if part in strange
    )


_SHIFTS = ("shift", "the shift", "turno")  # somebody's: "ill take marys shift"
_GREETINGS = frozenset(
    ["hi", "hello", "hey", "hola", "good morning", "good afternoon", "good evening", "bonjou"]
)
# "yes - mary can"
_AUXILIARIES = frozenset(["can", "could", "will", "would", "is", "has", "does", "wants", "puede", "pwede"])
_NAMING = frozenset(
    ["this is", "its", "its me", "soy", "im", "i am", "aqui", "mwen se", "signed", "name",
     "name is", "thanks", "gracias"]
)  # fmt: skip
_PLACING = frozenset(["gracias por", "thanks for", "thank you for", "thank u for", "at", "on"])
_EDGE = Part(Meaning.PLAIN, "", -1, False)
