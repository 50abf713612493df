"""Words after which a sentence must go on, in four languages."""

# Conjunctions, prepositions, articles and possessives.
LINKS = frozenset(
    """and or nor plus because bc bcs bcz bcuz cuz coz cause since while whereas unless than whether
    which who whose where when whenever so if but though although except a an the my your ur their our
    every some at from for of with into onto about around through during within without between toward
    towards via per until till til before by on in to as like & very y e o u ni que pero porque pq xq
    aunque cuando donde mientras del de al en con por para el los las un una unos unas su sus tu tus
    mis sobre desde hasta entre sin segun solo muy tan mi lo at pero kasi kase dahil kung ang ng sa
    mga kay nang yung tapos habang kahit hanggang mula simula ay para ak epi oswa men paske pask
    poutet pou nan sou avek depi jiska jis ke yon kom le""".split()  # noqa: SIM905
)
# Helping verbs, verbs without their object, and adverbs before a verb.
LEADS = frozenset(
    """i im ive id ill ima imma we were was been would could should might must may shall is are have has had
    need needs needed let lets see get gets getting be being want wants wanted wanna gonna gotta finna bouta
    tryna hafta just only also even usually normally generally typically mostly wondering prefer rather
    necesito necesitaria ocupo debo deberia estoy estaria tendria tengo solamente nomas es kailangan dapat
    bezwen map ap pral ta dwe fek""".split()  # noqa: SIM905
)
# Phrases of the lexicon that end so; others that end in one of these words are whole ("im in", "happy to").
OPEN_PHRASES = frozenset(
    ["give me", "let me", "i would", "i want", "m ta", "mwen ta", "this is", "its", "name is",
     "thanks for", "thank you for", "thank u for", "gracias por", "asi que", "por eso", "thats why",
     "donk", "as in", "kailangan ko", "me hace falta", "go ahead and", "been hoping", "was just hoping",
     "i was hoping", "hoping", "im good for", "i am good for", "confirmed for", "lemme", "just that",
     "quisiera", "fe m", "would like", "i would like"]
)  # fmt: skip
# Whole in spite of its last word: "come in", "able to", "a mi", "think so".
WHOLE_PAIRS = {
    "is": frozenset(["it"]),
    "in": frozenset("come go coming going fill step pop jump be".split()),  # noqa: SIM905
    "on": frozenset(["come", "go", "hop", "jump", "be"]),
    "to": frozenset("able willing ready glad happy love like down want wanted".split()),  # noqa: SIM905
    "so": frozenset(["think", "hope", "believe", "guess", "do"]),
    "mi": frozenset(["a", "para", "por", "en", "con"]),
}
