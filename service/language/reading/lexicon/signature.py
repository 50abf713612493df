"""What stands below an answer: names, credentials, closings, and what phones and mail programs add."""

CREDENTIALS = frozenset(
    """rn rns lpn lvn cna hha pca stna cma ccma gna chha dsp bsn msn adn aprn rma qma qmap crma hca psw
    pct aide caregiver nurse cuidadora cuidador enfermera enfermero enfemye""".split()  # noqa: SIM905
)
# Only behind a name, since "OT" is also overtime and "PT" a patient.
AFTER_NAMES = CREDENTIALS | frozenset("ot pt np dnp ota pta st rt jr sr ii iii".split())  # noqa: SIM905
TITLES = frozenset("ms mrs mr miss sra srta sister ma".split())  # noqa: SIM905
# First names that are also words of the lexicon. Those of `BESIDE` need another name beside them.
NAMES = frozenset(
    """linda mark ann grace lee corazon kay jesus salvador dona nina roger abel amor pena kimberly
    beverly alfred mildred mohamed blessing""".split()  # noqa: SIM905
)
BESIDE = NAMES | frozenset(
    "april may june julio abril love will bill don jan jun mar dale domingo chance dawn summer autumn".split()  # noqa: SIM905
)
# Words that no phrase contains, and that are no names on a line of their own.
UNLIKE_NAMES = frozenset(
    """three four five six seven eight nine ten eleven twelve tres cuatro cinco seis siete ocho
    nueve diez doce isa dalawa tatlo apat lima anim pito walo siyam sampu twa kat senk nef onz
    douz midday noonish breakfast brunch dinner dawn dusk weeknights spring summer autumn fall
    winter holiday holidays sometimes mostly mainly limited shortened conditional permitting
    otherwise oops whoops sike psych psyche typo error errors fake false lies lying sarcasm undo
    void withdraw withdrawn retract retracted rescind disregard cancelled canceled stopped
    removed scratch nvm mentira cancelado cancelada mali manti anile fewer ever someday easter
    thanksgiving unpaid triple driver transport traffic tardy behind stuck replace replacement
    substitute alternative minus unclear reject abroad autocorrect incorrect dificil condicional
    parcial tanghali midi jame remote online demo sample spam duplicate forward draft unsent
    taken full quarter conditions terms restrictions limits exceptions subject contingent
    negotiable flexible fifteen twenty thirty forty fifty thrice same similar each least travel
    unfit seldom halfway midafternoon moved fired""".split()  # noqa: SIM905
)
CLOSINGS = frozenset(
    ["best", "regards", "best regards", "kind regards", "warm regards", "sincerely", "respectfully", "cheers",
     "yours", "yours truly", "love", "saludos", "saludos cordiales", "atentamente", "cordialmente"]
)  # fmt: skip
# "Sent from my iPhone", "Get Outlook for iOS": the first word, whose phone or program, and what links them.
SENDING = frozenset(
    """sent get download enviado mandado obtener obten obtenga descargar ipinadala kumuha kunin voye
    jwenn envoye obtenir telecharger""".split()  # noqa: SIM905
)
DEVICES = frozenset(
    """iphone ipad ipod ios android phone cell cellphone mobile smartphone tablet device samsung galaxy
    google motorola moto lg nokia blackberry verizon lte tmobile sprint metropcs cricket xfinity
    tracfone mail email outlook yahoo aol gmail hotmail icloud proton protonmail windows mac apple
    microsoft bluemail spark textnow telefono celular movil dispositivo tableta telepono selpon
    telefon""".split()  # noqa: SIM905
)
LINKING = frozenset(
    """from via using with on the go my a an for and please excuse pardon any typos errors brevity
    mistakes app at t att note ultra plus pro max mini pixel desde de mi un el por con la para
    mula sa aking ko gamit ang ng soti nan depi sou ak mwen m pou mon depuis partir pour
    inteligente""".split()  # noqa: SIM905
)
