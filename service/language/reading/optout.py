"""Whether a text opts out of all texts, opts in again or asks for help.

An opt-out must not be missed, so plain requests count as well as the carriers' words.
"""

import re
from collections.abc import Sequence
from typing import Literal

from core.offers import CODE_LETTERS
from service.language.reading.lexicon.days import WEEKDAYS
from service.language.reading.lexicon.optout import START_REQUESTS, STOP_REQUESTS
from service.language.reading.lexicon.table import phrases

Wish = Literal["stop", "start", "help", "decline"]

# Whole messages that carriers treat as opt-out, opt-in and help (Twilio, "Advanced Opt-Out"). YES opts
# in at the carrier too, but here it is an answer.
STOP = frozenset(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"])
START = frozenset(["start", "unstop"])
HELP = frozenset(["help", "info"])
# The same in other languages.
_STOP_TOO = STOP | {"remove", "baja", "alto", "parar", "detener", "tigil", "sispann"}
_START_TOO = START | {"iniciar", "comenzar", "empezar", "reanudar", "simulan", "komanse", "rekomanse"}
_HELP_TOO = HELP | {"ayuda", "ayudame", "ayudenme", "tulong", "tulungan", "ed", "ede"}
KEYWORDS = _STOP_TOO | _START_TOO | _HELP_TOO
_ALONE: tuple[tuple[Wish, frozenset[str]], ...] = (
    ("stop", _STOP_TOO),
    ("start", _START_TOO),
    ("help", _HELP_TOO),
)
# With a please or a thank-you beside them. Not "cancel", which may be about a shift.
_POLITE: tuple[tuple[Wish, frozenset[str]], ...] = (
    ("stop", frozenset(["stop", "stopall", "unsubscribe", "optout"])), ("start", _START_TOO),
    ("help", _HELP_TOO | {"me"}),
)  # fmt: skip
_MOST_POLITE = 4
_POLITELY = frozenset(
    """please pls plz thanks thank you thx it this now just and hi hello ok okay por favor porfa gracias
    tanpri souple mesi salamat again texting texts messages msgs sending offers shifts""".split()  # noqa: SIM905
)

_REQUESTS = frozenset(tuple(phrase.split()) for phrase in phrases(STOP_REQUESTS))
_ASKED_AGAIN = re.compile(rf"\b({'|'.join(phrases(START_REQUESTS))})\b")
_FIRST_WORDS = {phrase[0] for phrase in _REQUESTS}
_SIZES = sorted({len(phrase) for phrase in _REQUESTS})
# How many words apart a verb and its object may stand.
_NEAR = 6
_ENDING = frozenset(
    """stop stops stopping quit cease end dejen deje dejar dejame dejenme paren pare parar basta tigil tigilan
    itigil sispann sispan ase nomas ayoko ayaw huwag wag""".split()  # noqa: SIM905
)
_MESSAGES = (
    "text", "txt", "messag", "msg", "sms", "notif", "alert", "mensaj", "mesaj", "teks", "spam", "mandar",
    "enviar", "escrib", "molest", "contact", "voye", "ekri", "blow", "magtext",
    "itext", "pagtext", "nagtext", "magmessage", "padal", "magpadal", "magsend",
)  # fmt: skip
_REMOVING = (
    "remov", "delet", "eras", "borr", "elimin", "quite", "saqu", "sac", "alis", "paki", "tanggal", "burah",
    "retir", "efas", "wete", "unsub",
)  # fmt: skip
_LISTS = frozenset(["list", "lists", "lista", "listahan", "lis", "number", "numero", "nimewo", "roster"])
# Requests in the subjunctive: "no me manden", not "no me mando"; "no me vuelvan a escribir".
_ASKED_NOT_TO = re.compile(
    r"\b(mand|escrib|envi|texte|contact|molest|llam)(e|a|en|an|es|as)\b"
    r"|\b(vuelv|sig)\w+ \w* ?(escrib|mand|env|text)"
)
# How many words may stand before a "stop" at the end that still means the texts.
_MOST_BEFORE_STOP = 3
_NOT_BEFORE = frozenset(
    """dont not never wont cant cannot couldnt didnt doesnt will ill id would must should shall lets bus gas
    pit rest truck train metro full next last first quick short pharmacy the a to one my until til at
    non""".split()  # noqa: SIM905
)
_NOTHING = frozenset(["no text", "no texts", "no message", "no messages", "no mensajes", "no mas", "no sms"])
# What somebody can be taken off besides the list of who gets texts.
_WORK = frozenset(
    ["shift", "shifts", "turno", "turnos", "schedule", "sched", "horario", "assignment", "chif", "travay"]
)
_SENT = frozenset(["these", "this", "anything", "nothing", "more", "offers", "shifts", "stuff", "any"])
_AGAIN = {"again", "anko", "ulit", "vuelta", "nuevamente"}
_WANTING = {"want", "get", "getting", "receive", "receiving", "send", "sending", "vle", "quiero", "gusto"}
_STARTING = frozenset(["start", "restart", "resume"])


def spelt(words: Sequence[str]) -> list[str]:
    """The words of a text with every way to write "stop" and "unsubscribe" as one."""
    return [_MISSPELT.sub("unsubscribe", "stop" if _STRETCHED.fullmatch(word) else word) for word in words]


def wish(said: Sequence[str]) -> Wish | None:
    """Which of these the words of a text ask for; None if it is none of them."""
    for asked, listed in _ALONE:
        if len(said) == 1 and said[0] in listed:
            return asked
    for asked, listed in _POLITE:
        rest = [word for word in said if word not in listed]
        if len(rest) < len(said) <= _MOST_POLITE and all(word in _POLITELY for word in rest):
            return asked
    asking = [at for at, word in enumerate(said) if word in _ASKING or word.startswith(_REMOVING)]
    if _stops_at_the_end(said) or any(_stops(said, at, said[at]) for at in asking):
        return "decline" if _OF_ONE_SHIFT.search(" ".join(said)) else "stop"
    return "start" if _starts(said) else None


# "I do not want these messages", "I no longer wish to receive texts".
_WISHING = frozenset(["want", "wish", "receive", "receiving", "getting"])
_NEGATIONS = frozenset(["dont", "not", "never", "longer", "wont"])
_OF_TEXTS = frozenset(
    ["these", "those", "your", "any", "more", "receive", "texts", "text", "messages", "msgs", "sms", "the"]
)
_ASKING = _FIRST_WORDS | _ENDING | _WISHING | {"no", "ya", "send", "sending", "take"}
_MISSPELT = re.compile(r"^uns\w{0,4}cri\w*$")
_STRETCHED = re.compile("s+t+o+p+(2end)?")
# "Stop texting me about this shift" passes on one shift and leaves the others.
_SHIFT = "(shift|job|case|client|visit|turno|trabajo|chif|travay)"
_OF_ONE_SHIFT = re.compile(
    rf"\b((about|for|regarding|on) (this|that|the) (one|{_SHIFT})|(sobre|de|por) (este|ese|esta|esa) {_SHIFT}"
    rf"|sa {_SHIFT} na (to|ito|yan|yun)|(sou|pou) {_SHIFT} sa( a)?"
    rf"|(about|regarding|sobre|sou) [{CODE_LETTERS.lower()}]{{1,2}})"
    r"( please| pls| po| anymore| por favor| tanpri)*$"
)


def _stops_at_the_end(said: Sequence[str]) -> bool:
    """Whether "stop" is the last that is said, and about the texts."""
    if " ".join(said) in _NOTHING:
        return True
    before = said[:-1]
    if said[-1:] != ["stop"] or not 0 < len(before) <= _MOST_BEFORE_STOP:
        return False
    return before[-1] not in _NOT_BEFORE and len(before[-1]) > 1


def _stops(said: Sequence[str], at: int, word: str) -> bool:
    """Whether a request begins here, or a verb of ending is close to what is to end."""
    near = said[at + 1 : at + 1 + _NEAR]
    denied = at > 0 and said[at - 1] in ("dont", "not", "never", "wont")
    if word in ("send", "sending"):
        return denied and (_about_messages(near[:3]) or bool(_SENT & set(near[:3])))
    if word in _WISHING and _NEGATIONS & set(said[max(0, at - 4) : at]) and near and near[0] in _OF_TEXTS:
        return _about_messages(near[:4])
    if denied or near[:1] in (["of"], ["by"]):
        return False
    if word in _FIRST_WORDS and any(tuple(said[at : at + size]) in _REQUESTS for size in _SIZES):
        off = word in ("off", "take") or word.startswith(_REMOVING)
        kept = _NEGATIONS & set(said[max(0, at - 3) : at])
        return not off or not (kept or _WORK & set(near) or "for" in near)
    ends = word in _ENDING or (word in ("no", "ya") and list(near[:1]) in (["mas"], ["more"], ["no"]))
    if ends and _about_messages(near) and (not word.startswith("dej") or "de" in near[:2]):
        return True
    us = list(near[:1]) in (["me"], ["nos"])
    if word == "no" and _ASKED_NOT_TO.search(" ".join(near)) and (us or _about_messages(near)):
        return True
    if word == "take" and "off" in near[:4]:
        taken, after = near[: near.index("off")], near[near.index("off") + 1 :]
        listed = _about_messages(after) or any(other in _LISTS for other in after)
        return listed or (list(taken) == ["me"] and list(after) in ([], ["this"], ["these"]))
    return word.startswith(_REMOVING) and any(other in _LISTS for other in near)


def _starts(said: Sequence[str]) -> bool:
    """Whether the sender wants texts again. Wanting a shift again does not count."""
    about = any(word.startswith(_MESSAGES) for word in said)
    if _ASKED_AGAIN.search(" ".join(said)):
        return about or not (_WORK & set(said) or WEEKDAYS.keys() & set(said))
    if about and _AGAIN & set(said) and _WANTING & set(said):
        return True
    return any(
        word in _STARTING and (_about_messages(said[at + 1 :]) or "sending" in said[at + 1 : at + 2])
        for at, word in enumerate(said)
    )


def _about_messages(near: Sequence[str]) -> bool:
    return any(other.startswith(_MESSAGES) for other in near[:_NEAR])
