"""Whether a text opts out of all texts, opts in again or asks for help, whatever else it says.

An opt-out must not be missed, so plain requests count as well as the carriers' words.
"""

import re
from collections.abc import Sequence
from typing import Literal

from core.lexicon_optout import START_REQUESTS, STOP_REQUESTS

Wish = Literal["stop", "start", "help"]

# Whole messages that carriers treat as opt-out, opt-in and help (Twilio, "Advanced Opt-Out"). YES opts
# in at the carrier too, but here it is an answer.
STOP = frozenset(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"])
START = frozenset(["start", "unstop"])
HELP = frozenset(["help", "info"])
# The same in other languages.
_STOP_TOO = STOP | {"baja", "alto", "parar", "detener", "tigil", "sispann"}
_START_TOO = START | {"iniciar", "comenzar", "empezar", "reanudar", "simulan", "komanse", "rekomanse"}
_HELP_TOO = HELP | {"ayuda", "ayudame", "ayudenme", "tulong", "tulungan", "ed", "ede"}
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

_REQUESTS = frozenset(tuple(phrase.split()) for phrase in STOP_REQUESTS.split(","))
_ASKED_AGAIN = re.compile(rf"\b({'|'.join(' '.join(p.split()) for p in START_REQUESTS.split(','))})\b")
_FIRST_WORDS = {phrase[0] for phrase in _REQUESTS}
_SIZES = sorted({len(phrase) for phrase in _REQUESTS})
# How far apart a verb and what it is about may stand, in words.
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
    "retir", "efas", "wete", "unsub", "take",
)  # fmt: skip
_LISTS = frozenset(["list", "lists", "lista", "listahan", "lis", "number", "numero", "nimewo", "roster"])
# Requests in the subjunctive: "no me manden", not "no me mando"; "no me vuelvan a escribir".
_ASKED_NOT_TO = re.compile(
    r"\b(mand|escrib|envi|texte|contact|molest|llam)(e|a|en|an|es|as)\b"
    r"|\b(vuelv|sig)\w+ \w* ?(escrib|mand|env|text)"
)
# "Stop, I do not work there": not "stop B".
_AFTER_STOP = {"ya", "i", "im", "this", "dont", "no", "now", "por", "me"}
_AGAIN = {"again", "anko", "ulit", "vuelta", "nuevamente"}
_WANTING = {"want", "get", "getting", "receive", "receiving", "send", "sending", "vle", "quiero", "gusto"}
_STARTING = frozenset(["start", "restart", "resume"])


def wish(said: Sequence[str]) -> Wish | None:
    """What the words of a text ask for, if it is any of these."""
    for asked, listed in _ALONE:
        if len(said) == 1 and said[0] in listed:
            return asked
    for asked, listed in _POLITE:
        rest = [word for word in said if word not in listed]
        if len(rest) < len(said) <= _MOST_POLITE and all(word in _POLITELY for word in rest):
            return asked
    if said[:1] == ["stop"] and said[1:2] and said[1] in _AFTER_STOP:
        return "stop"
    for at, word in enumerate(said):
        if _stops(said, at, word):
            return "stop"
    again = _AGAIN & set(said) and _WANTING & set(said) and any(w.startswith(_MESSAGES) for w in said)
    if again or _ASKED_AGAIN.search(" ".join(said)):
        return "start"
    starts = any(
        word in _STARTING and (_about_messages(said[at + 1 :]) or "sending" in said[at + 1 : at + 2])
        for at, word in enumerate(said)
    )
    return "start" if starts else None


def _stops(said: Sequence[str], at: int, word: str) -> bool:
    """Whether a request begins here, or a verb of ending is close to what is to end."""
    if at and said[at - 1] in ("dont", "not", "never", "wont"):
        return False
    if word in _FIRST_WORDS and any(tuple(said[at : at + size]) in _REQUESTS for size in _SIZES):
        return True
    near = said[at + 1 : at + 1 + _NEAR]
    ends = word in _ENDING or (word in ("no", "ya") and list(near[:1]) in (["mas"], ["more"], ["no"]))
    if ends and _about_messages(near):
        return True
    us = list(near[:1]) in (["me"], ["nos"])
    if word == "no" and _ASKED_NOT_TO.search(" ".join(near)) and (us or _about_messages(near)):
        return True
    if word == "take" and "off" in near[:4]:
        after = list(near[near.index("off") + 1 :])
        return _about_messages(near) or after in ([], ["this"], ["these"])
    return word.startswith(_REMOVING) and any(other in _LISTS for other in near)


def _about_messages(near: Sequence[str]) -> bool:
    return any(other.startswith(_MESSAGES) for other in near[:_NEAR])
