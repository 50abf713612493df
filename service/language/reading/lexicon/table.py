"""What each phrase does to the meaning of a text."""

from enum import IntEnum, auto

from service.language.reading.lexicon import consent, others, refusal


class Meaning(IntEnum):
    """What a phrase says.

    YES: consent itself. COMMIT: consent in so many words, complete without a yes. WEAK: consent if nothing
    else is said. NO: refusal. REASON: why somebody refuses. WISH: would like to, which a refusal overrides.
    IF: a condition or a counter-offer. MATTER: something other than the offer. HEDGE: a doubt. BUT: what
    follows limits what came before. ASK: a question. OTHER: somebody else. NOT: a negation of something
    that the phrase does not name. DAY, TIME: of the shift, or of another. PLAIN: says nothing of its own.
    """

    YES = auto()
    COMMIT = auto()
    WEAK = auto()
    NO = auto()
    REASON = auto()
    WISH = auto()
    IF = auto()
    MATTER = auto()
    HEDGE = auto()
    BUT = auto()
    ASK = auto()
    OTHER = auto()
    NOT = auto()
    DAY = auto()
    TIME = auto()
    PLAIN = auto()


def phrases(text: str) -> list[str]:
    """The phrases that a text lists, which stand between commas and may be broken into lines."""
    return [" ".join(phrase.split()) for phrase in text.split(",")]


TABLE = {
    Meaning.YES: consent.YES,
    Meaning.COMMIT: consent.COMMIT,
    Meaning.WEAK: consent.WEAK,
    Meaning.NO: refusal.NO,
    Meaning.REASON: refusal.REASON,
    Meaning.WISH: consent.WISH,
    Meaning.IF: others.IF,
    Meaning.MATTER: others.MATTER,
    Meaning.HEDGE: others.HEDGE,
    Meaning.BUT: others.BUT,
    Meaning.ASK: others.ASK,
    Meaning.OTHER: others.OTHER,
    Meaning.NOT: others.NOT,
    Meaning.DAY: others.DAY,
    Meaning.PLAIN: others.PLAIN,
}
