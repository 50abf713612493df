"""The words around a "stop" that stands for itself."""

import re

# Carriers' words that mean the texts whatever stands beside them, and those that may be about a shift.
STOP_WORDS = frozenset(["stop", "stopall", "optout", "unsubscribe"])
OTHER_WORDS = frozenset(
    """cancel cancelar end quit revoke remove baja alto parar paren pare detener basta tigil itigil tama
    kanpe ase arete""".split()  # noqa: SIM905
)
# What may share its clause, in any order: greetings, politeness, how the stop is asked for.
BESIDE_STOP = frozenset(
    """please pls plz thanks thank you thx hi hello hey good morning afternoon evening ok okay just
    now it this to 2 all txt text reply with i im said say saying already told u can could would
    asked guys sir maam mam mr mrs ms no por favor porfa ya gracias hola buenas buenos dias
    tardes noches na nga naman salamat lang kayo nyo niyo tanpri souple mesi bonjou bonswa
    kounye""".split()  # noqa: SIM905
)
# "I can stop", "this stop", "happy to stop": not "I told you to stop".
ABOUT_A_STOP = re.compile(
    r"\bi (can|could|would)\b|\b(can|could|would) i\b|\b(this|it|and|good|i|im) stop\b"
    r"|(?<!\btold you )(?<!\basked you )\bto stop\b"
)
# How what follows a "stop" begins if it is a sentence of its own: not "stop by", "stop at 8" or "stop B".
AFTER_STOP = frozenset(
    """ya im this dont no not now por me all already asking wrong i you u we ur youre he she they who
    whos she hes shes its thats that isnt aint ive my sorry please thanks thank never moved retired
    quit new numero soy yo este esta esto ese ella el no nadie estan se usted tienen hindi di maling
    mali wala ako ito hindi huwag wag mwen m move nimewo pa li yo ou""".split()  # noqa: SIM905
)
COMPOUND_BEFORE = frozenset("non one pit bus full truck rest whistle door back short f".split())  # noqa: SIM905
COMPOUND_AFTER = frozenset("and by gap in off over at go start loss watch light sign".split())  # noqa: SIM905
# "Yes" is here since it is no opt-out to say both, whatever the yes is about.
UNCLEAR = frozenset(
    """yes yep yup si+ oo opo wi lol lmao lmfao rofl haha hahaha hehe jaja jajaja jk kidding
    joking wait hold meant mistake accident oops whoops ignore sweet kind funny silly
    blushing""".split()  # noqa: SIM905
) | frozenset("😂🤣😅😆😹😜🥰😍😘")
# "Wrong number", "I no longer work there": beside these, other words than "stop" are opt-outs too.
NOT_THEM = re.compile(
    r"\b(wrong (number|person|phone|guy|lady)|not (my|his|her|their|\w+s) (number|phone|cell)"
    r"|(isnt|aint) (my|his|her|\w+s?) (number|phone|cell)|dont know (you|who)|who (is|are) (this|you)(?! for)"
    r"|(no longer|dont|never|not) (work|working|worked|employed)"
    r" (there|here|(for|with) (you|u|yall|them|this|that))"
    r"|numero (equivocado|incorrecto)|equivocad[oa]|no es (el|mi|su) (numero|telefono)"
    r"|ya no trabajo (ahi|alli|aqui|para|con)|maling (number|numero)|mali (ang |yung )?num\w+"
    r"|hindi (ako si \w+|ito (number|numero))|move nimewo|se pa (nimewo|telefon)|(mwen|m) pa rele)\b"
)
# "I am not Maria", "no soy Maria": only if the last word may be a name.
NOT_SOMEBODY = re.compile(
    r"\b(?:(?:im|i am|this is|its) not|this isnt|no soy|(?:mwen|m) pa)"
    r" (?!\w*(?:ed|ing|able|ible|ive|ful|al|ent|ant|ado|ada|ido|ida)\b)(\w+)"
)
