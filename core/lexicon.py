"""The words of replies: what each phrase does to the meaning of a text, in four languages.

English, Spanish, Tagalog and Haitian Creole stand together, because people mix them. Phrases are written as
`core.phrases` folds texts: lower case, without accents and apostrophes. A longer phrase hides the shorter
ones inside it, so "no problem" is no refusal and "i can not" no consent. No native speaker has reviewed the
Tagalog and the Haitian Creole.
"""

from enum import IntEnum, auto


class Role(IntEnum):
    """What a phrase says.

    YES: consent itself. COMMIT: consent in so many words, complete without a yes. WEAK: consent if nothing
    else is said. NO: refusal. REASON: why somebody refuses. WISH: would like to, which a refusal overrides.
    IF: a condition or a counter-offer. MATTER: something else than the offer. HEDGE: a doubt. BUT: what
    follows limits what came before. ASK: a question. OTHER: somebody else. NOT: a negation of who knows
    what. DAY, TIME: of the shift, or of another. PLAIN: says nothing of its own.
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


# What promises a deed, and the deeds that an offer asks for: together a commitment. A promise of anything
# else says nothing ("ill see").
PROMISES = """
    i can, i will, ill, i am able to, im able to, i am willing to, im willing to, i am going to, im going
    to, im gonna, i am gonna, finna, im finna, i am finna, fixing to, im fixing to, fixin to, im fixin to,
    bouta, im bouta, im about to, imma, ima, imma go ahead and, will, i shall, i could definitely, i def
    can, i can definitely, i can totally, i can for sure, i can surely, i can certainly, i would be able
    to, id be able to, i would be happy to, id be happy to, i would be glad to, id be glad to, i would be
    willing to, ill be able to, i will be able to, i should be able to definitely, happy to, glad to,
    ready to, willing to, down to, able to, im ready to, im down to, im happy to, im glad to, i am happy
    to, i am ready to, i am glad to, more than happy to, would be happy to, would be glad to, i dont mind,
    wouldnt mind, i wouldnt mind, i agree to, i promise to, i plan to, i intend to, i am here to, puedo,
    yo puedo, si puedo, voy a, yo voy a, quiero, yo quiero, con gusto, con mucho gusto, yo si puedo, m ap,
    map, mwen ap, m pral, mwen pral, m prale, mwen prale, m ka, mwen ka, m kapab, mwen kapab, mka, m vle,
    mwen vle, m pare pou, mwen pare pou, lemme, let me, i cna, ill gladly, im willing, am willing to, i am
    able
"""
DEEDS = """
    do, take, tk, work, cover, come, go, help, fill, pick it up, pick up, pick that up, pick this up,
    grab, handle, have it, accept, get it, be their, be ther, be thr, be there, b there, be over, be by,
    make it, show up, step in, be in, b in, be on it, head over, slide through, pull up, assist, attend,
    take care of it, take care of that, be available, be free, be present, doing, taking, working,
    covering, coming, ir, trabajar, trabajarlo, cubrir, cubrirlo, cubrirla, tomar, tomarlo, tomarla,
    hacer, hacerlo, hacerla, venir, ayudar, ayudarles, ayudarle, estar, aceptar, aceptarlo, agarrar,
    agarrarlo, agarrarla, llegar, asistir, quedarme con, encargarme, pran, fe, vini, vin, ale, okipe,
    kouvri, la, pranl, fel, ede, get that, get that one, have that, have that one, have this one, snag it,
    snag that, run it, fe l, pran l, fe li, pran li, okipe l, okipe li, kouvri l, kouvri li, vini travay
"""
TABLE: dict[Role, str] = {
    Role.YES: """
        yes, y, yep, yeah, yea, yeh, yup, yas, ya, yah, yess, yees, yes sir, yes maam, yes indeed, ys, yse,
        eys, yesd, yess i do, yessir, yessirr, ok, okay, okie, okey, oki, okk, oka, okey dokey, okie dokie,
        k, kk, sure, sure thing, shure, sur, for sure, fosho, fo sho, of course, ofcourse, ofc, absolutely,
        absolutly, absolutley, definitely, definately, definitly, def, certainly, alright, alrighty, aight,
        ight, affirmative, affirm, hell yes, hell yeah, heck yes, heck yeah, bet, you bet, u bet, you know
        it, sounds good, sounds great, sounds good to me, sounds perfect, works for me, that works, that
        works for me, it works for me, this works, will do, wil do, gladly, happy to, glad to, id be happy
        to, i would be happy to, be happy to, 1, por supuesto, claro, claro que si, claro q si, clarito,
        simon, si+, sip, sep, vale, dale, de acuerdo, listo, lista, okis, con gusto, con mucho gusto,
        seguro, afirmativo, esta bien, ta bien, correcto, desde luego, cuente con ello, orale, sale, va,
        sobres, oo, opo, oho, oo nga, sige, cge, sge, ge, sigi, oks, payag, payag ako, game, g na, tanggap
        ko, syempre, siyempre, areglado, wi, wi wi, wii, oke, okey wi, dako, mwen dako, m dako, byen si,
        dakor, san pwoblem, se bon, ok wi, men wi, como no, yeppers, yepper, yuppers, yuh, yerr, oky, okies,
        uu, you got it, u got it, indeed, why not sure, encantada, encantado, yes i do, yed, yez, yws, yrs,
        ues, yss, yesh, most def, most definitely, 💚, absolutely yes, por supuesto que si, claro que yes, no
        se diga mas, seguro que si, oh yes, oh sure, delighted, would be delighted, i would be delighted, id
        be delighted, would be glad to, i would be glad to, would be happy to, would be my pleasure, my
        pleasure, pleasure, honored, yeps, ya sure, okey doke, oke doke, okie doke, righto, right on, aye,
        yass, yaas, hell ya, heck ya, fasho, sholl, sho nuff, sho will, sure will, sure can, sure do, sure
        would, most certainly, certainly can, definitely can, def can, totally can, absolutely can, of
        course i can, i can definitely, yes indeedy, you betcha, u betcha, betcha, say no more, works,
        thatll work, that will work, itll work, it works, sounds like a plan, its a yes, its a yes from me,
        it is a yes, thats a yes, thats a yes from me, a yes from me, yes from me, definite yes, hard yes,
        big yes, easy yes, im a yes, i am a yes, put me as a yes, mark me as a yes, mark me yes, why not
        yes, dont see why not, i dont see why not, wouldnt say no, i wouldnt say no, never say no, i never
        say no, yes of course, of course yes, i consent, agreed, i agree, agree, im with it, im wit it,
        absolument, i said yes, already said yes, i already said yes, once again yes, again yes, yes again,
        ya estas, ya esta, hecho, trato hecho, sin pensarlo, con todo gusto, con placer, de mil amores, a
        huevo, obvio, obvio que si, claro claro, desde ya, cuenta con eso, de una, de una vez, dele, dalee,
        juega, va que va, jalo, le entro, estoy de acuerdo, conforme, positivo, walang problema, wala
        problema, walang prob, areglado na, sige go, g lang, go lang, g ako, oo ba, uo, opo opo, oo oo,
        deal, noted and confirmed, avek plezi, ak plezi, ak tout plezi, se sa, se sa menm, wi wi wi, wi se
        bon, ok se bon, dako wi, sen, san mank, poukisa non, pouki non, byensi, wi byensi, absoliman, no
        doubt, yh, yuh huh, uh huh, oui, oui oui, daccord, bien sur, bien sur que oui, ci, zi
    """,
    Role.COMMIT: """
        i can, ill do it, i do, i got it, i got u, i got you, i gotchu, got you covered, gotchu, i got this,
        i got dis, i got that, i want it, i want the shift, i want this shift, i want that shift, ill be
        there, i will be there, ill b there, see you there, see u there, see you then, see u then, c u
        there, be there, b there, i shall be there, im in, i am in, im down, i am down, im game, im on it,
        on it, im good to go, im good for it, good to go, count me in, put me in, put me down, put me down
        for it, sign me up, book me, schedule me, add me, pencil me in, mark me down, assign me, assign it
        to me, give it to me, give me the shift, give me that shift, give me it, ill be happy to, im
        available, i am available, im avail, im free, i am free, available, avail, im availble, i am avail,
        im avalable, i have availability, i can i can, im your girl, im your guy, im your person, mine, its
        mine, ill take it please, im taking it, i am taking it, taking it, take it, ill tk it, i take it, i
        take, ill take, i tk it, ima take it, lemme get it, let me get it, let me have it, let me take it, i
        volunteer, im coming, i am coming, coming, on my way, omw, you can count on me, u can count on me,
        count on me, id love to work it, lets do it, lets go, i choose it, i pick it, its good with me, fine
        with me, thats fine with me, that is fine with me, good with me, i can be there, i dont mind taking
        it, i dont mind working it, ready to work, im ready, i am ready, ill work, i work it, puedo, yo
        puedo, si puedo, yo si puedo, ya puedo, puedo ir, puedo trabajar, puedo cubrir, puedo cubrirlo,
        puedo tomarlo, puedo hacerlo, puedo tomarla, puedo cubrirla, puedo hacerla, puedo venir, puedo
        ayudar, puedo tomar el turno, puedo cubrir el turno, puedo trabajar ese turno, si lo tomo, lo tomo,
        la tomo, yo lo tomo, yo la tomo, me lo quedo, lo agarro, yo lo agarro, la agarro, lo acepto, la
        acepto, lo quiero, yo lo quiero, si lo quiero, quiero el turno, quiero ese turno, lo cubro, yo lo
        cubro, lo hago, yo lo hago, la hago, lo trabajo, tomo el turno, acepto el turno, agarro el turno,
        cubro el turno, cuenta conmigo, cuenten conmigo, cuente conmigo, yo voy, si voy, voy yo, voy, ahi
        voy, ahi estare, alli estare, ahi estoy, ahi nos vemos, estoy disponible, estoy libre, disponible,
        si estoy disponible, tengo disponibilidad, me apunto, apuntame, apunteme, apuntenme, anotame,
        anoteme, anotenme, ponme, pongame, ponganme, yo me encargo, me encargo, estoy listo, estoy lista, ya
        voy, voy para alla, voy a ir, voy a tomarlo, voy a trabajar, voy a estar ahi, ire, yo ire, damelo,
        demelo, denmelo, me lo das, es mio, mio, dejamelo, lo puedo hacer, lo puedo tomar, lo puedo cubrir,
        la puedo tomar, yo lo puedo hacer, yo lo puedo cubrir, yo lo puedo tomar, me quedo con el turno,
        kaya ko, kaya ko yan, kaya, kunin ko, kukunin ko, kuhanin ko, kukuhanin ko, kinukuha ko, kuha ko,
        ako na, ako na bahala, ako na lang, ako nalang, ako nlng, akin na, akin na yan, akin yan, pwede ako,
        puwede ako, pede ako, pwd ako, pwede, puwede, pede, pwd, papasok ako, pasok ako, available ako,
        libre ako, go ako, game ako, sama ako, punta ako, pupunta ako, tatanggapin ko, tatrabahuhin ko,
        gagawin ko, andyan ako, dadating ako, darating ako, gusto ko, gusto ko yan, gusto ko ang shift,
        lista mo ako, ilista mo ako, ilista nyo ako, ilagay mo ako, sa akin na, sakin na, papasukan ko, free
        ako, mwen ka, m ka, mka, mwen kapab, m kapab, mwen ka fe l, m ka fe l, mwen ka pran l, m ka pran l,
        mwen ka vini, m ka vini, m ka travay, mwen ka travay, mwen pran l, m pran l, map pran l, m ap pran
        l, mwen ap pran l, mwen pral pran l, map fe l, m ap fe l, mwen ap fe l, map vini, m ap vini, mwen ap
        vini, mwen pral vini, m pral vini, map la, m ap la, mwen ap la, mwen disponib, m disponib, mwen
        dispo, m dispo, disponib, dispo, mwen lib, m lib, konte sou mwen, konte sou m, ou met konte sou
        mwen, mete m, mete non m, mete m ladan l, ban mwen l, ban m li, banm li, ban mwen li, mwen vle l, m
        vle l, mwen vle li, m vle li, mwen vle, m vle, se pou mwen, se pa m, map travay li, m ap travay li,
        mwen ap travay li, mwen la, m la, mwen pare, m pare, map fel, map pranl, m ap fel, m ap pranl, mwen
        ka fel, m ka fel, m ka pranl, mwen pranl, m pranl, m vlel, mwen ale, m ap ale, map ale, m prale,
        mwen prale, i will, can do, i have time, i have the time, say less, dibs, put my name on it, put my
        name down, put my name, i would take it, i can i will, tengo tiempo, si tengo tiempo, m ap pran li,
        map pran li, mwen ap pran li, m ap fe li, map fe li, m pran li, mwen pran li, m ka fe li, mwen ka fe
        li, m ka pran li, mwen ka pran li, m gen tan, mwen gen tan, m ap okipe l, map okipe l, encantada de
        ir, encantado de ir, kiero ese turno, yo quiero ese turno, yo quiero el turno, quiero tomarlo,
        quiero tomar el turno, quiero trabajar, yo quiero, quiero cubrirlo, ill show up, i will show up,
        wouldnt miss it, see you monday, see you tuesday, see you wednesday, see you thursday, see you
        friday, see you saturday, see you sunday, see you tomorrow, see u tomorrow, confirmed for, cuente
        con migo, cuenten con migo, cuenta con migo, deme ese turno, deme el turno, denme ese turno, denme
        el turno, dame el turno, dame ese turno, ando libre, ando disponible, alla nos vemos, alla estare,
        ahi voy a estar, alla voy, libre, m lib jou sa, voy a estar, tomo, agarro, yo tomo, yo agarro, me
        quedo con ese, pasok na ako, dadalo ako, pupuntahan ko, kukunin ko yan, kukunin ko na, kunin ko na,
        kunin ko yan, kukunin ko yung shift, i got that one, i got the shift, i got that shift, consider it
        done, put me on the schedule, put me on the schedule for it, put me on it, put me on, put me on
        that, you can put me on the schedule for it, you can put me down, you can put me on, you can count
        me in, si quiero, yo si quiero, boy a ir, yo boy, im all yours, sign me up for it, you have me, you
        got me, got me, i accept this shift, i accept the shift, accept the shift, accept this shift, i want
        in, want in, want it, will take it, will take, will cover, will cover it, will work it, will work,
        will be there, will b there, will do it, will come, happy to take it, happy to cover, happy to help,
        happy to work it, glad to take it, glad to help, delighted to take it, im open, i am open, im ok
        with it, im okay with it, im ok with that, im fine with it, im good with that, im good with it, ok
        with me, its ok with me, lock me in, lock me down, slot me in, ink me in, pen me in, pencil me down,
        write me in, write me down, put my name in, put me in for it, put me in for that, put me as
        available, count me, your girl, your man, your guy, im your man, im your woman, im ur girl, im ur
        man, im ur person, got your back, i got your back, i gotcha covered, gotcha covered, ive got it, ive
        got this, ive got that, i have it covered, i got it covered, on the way, heading over, right there,
        be right there, ill be right there, claim it, i claim it, claiming it, consider it covered, consider
        it filled, consider me in, consider me there, its covered, you got it covered, youre covered, im all
        over it, all over it, shift covered, give it here, hand it over, send it my way, i am free that day,
        im free that day, free that day, i have that day open, my day is open, my schedule is open, assign
        that to me, go ahead and assign it to me, go ahead and put my name, hit me up for it, the shift is
        mine, its mine then, mine please, i shall cover it, i shall take it, i shall, i should be there,
        confirm, confirmed, confirming, accepted, accepting, i accept, accept, confirmo, confirmado,
        confirmada, yo confirmo, acepto, aceptado, yo acepto, si acepto, mwen konfime, m konfime, mwen
        aksepte, m aksepte, aksepte, tinatanggap ko, confirm ako, yo hago el turno, hago el turno, hago ese
        turno, yo hago ese, yo trabajo ese turno, yo trabajo el turno, es mia, la mia, es para mi, yo llego,
        ahi llego, alla llego, yo ahi estoy, yo estoy ahi, agendeme, agendame, agendenme, incluyame,
        incluyanme, agregueme, agregame, programeme, programenme, asigneme, asignenme, asignemelo,
        asignamelo, asignenmelo, delo a mi, yo me anoto, yo me apunto, me anoto, yo puedo cubrir, yo si voy,
        yo voy pa alla, voy pa alla, pa alla voy, pa alla, lo agarramos, me lo llevo, me la llevo, me la
        quedo, me quedo con la, me quedo con el, me quedo con las dos, me quedo con los dos, quedo con,
        estare ahi, estare alla, alli voy, estare presente, yo estare, ahi me presento, tomare el turno, lo
        tomare, la tomare, yo lo tomare, lo cubrire, yo lo cubrire, lo hare, yo lo hare, aceptare, lo
        aceptare, cubrire, cubro, yo cubro, trabajare, asistire, me sirve, si me sirve, me queda bien, me
        conviene, makakapunta ako, makakarating ako, makakapasok ako, kaya kong pumunta, kaya kong pumasok,
        kaya ko pumasok, kukunin, kinukuha ko na, ako na kukuha, ako na ang kukuha, ako kukuha, ako ang
        papasok, ako ang pupunta, ako papasok, isulat nyo na pangalan ko, isulat nyo pangalan ko, isulat nyo
        ako, ilista nyo na ako, ilista nyo na pangalan ko, lagay nyo na ako, lagay mo na ako, lagay mo ko,
        lagay nyo ko, isama nyo ako, sama nyo ako, sali ako, kasali ako, confirm ko, confirmed ako, go na
        ako, g na ako, dun na ako, andun ako, nandun ako, andon ako, nandiyan ako, pupunta, papasok na ako,
        akin na yung shift, akin na yung, akin nalang, akin na lang, saakin na, sa akin na lang, sakin
        nalang, bigay nyo na sakin, bigay nyo sakin, bigay mo sakin, bigay mo na sakin, ako na sa, ako na
        dyan, ako na jan, ako sa shift, reserve nyo ako, bay mwen, bay mwen l, bay mwen li, bam li, banm,
        ban mwen, banm l, ban m, mete non mwen, mete non pam, ekri non m, ekri non mwen, m ap pran sa, m
        pran sa, mwen pran sa, m ap kouvri, m pral la, mwen pral la, m ap prezan, map prezan, m ap la san
        mank, konte m, se mwen k ap fe l, se mwen kap fe l, m ap ede w, m vle travay, mwen vle travay, mwen
        disponib pou li, m ap pran shift la, i confirm, i go, ill be right over, be their, be ther, be thr,
        gimme that one, gimme it, gimme that, gimme the shift, gimme this one, give me that one, give me
        this one, give me this shift, dont mind if i do, i dont mind if i do, lo cojo, yo lo cojo, la cojo,
        me lo aviento, yo me lo aviento, lo saco, yo lo saco, lo resuelvo, lo atiendo, yo lo atiendo, yo lo
        trabajo, lo chambeo, lo jalo, me lo echo, ilista nyo na ko, ilista nyo ko, lista nyo ko, lista nyo
        na ko, isama nyo na ko, isama nyo ko, lagay nyo na ko, mapfel, mapfe, mapranl, mapran, mapvini,
        mapla, mkapfel, mapfe l, mapfe li, mpranl, yo voy pa ese turno, voy pa ese turno, yo voy pa ese, voy
        pa ese, im so down, so down, im sooo down, im really down, je prends, je peux, je le prends, je suis
        disponible, je serai la, jy serai, la cuido, yo la cuido, lo cuido, yo lo cuido, la atiendo, yo la
        atiendo, no me la pierdo, no me lo pierdo, boy a estar, me la aviento, yo me la aviento
    """,
    Role.WEAK: """
        fine, thats fine, thats ok, thats okay, great, perfect, cool, good, all good, i dont mind, perfecto,
        bueno, excelente, bien, muy bien, me parece bien, me parece, ayos, okay lang, ok lang, ok lng, trip
        ko, anfom, bon, trebyen, tre byen, pafe, no problem, no problems, no prob, no probs, no probz, np,
        no problemo, no problema, not a problem, not a prob, its not a problem, no biggie, no big deal, not
        a big deal, no issue, no issues, not an issue, cant wait, i cant wait, cannot wait, can not wait, i
        can not wait, i cannot wait, why not, y not, no hay problema, no hay ningun problema, sin problema,
        sin problemas, ningun problema, no es problema, no hay inconveniente, sin inconveniente, no tengo
        problema, no tengo ningun problema, por que no, claro por que no, no hay bronca, no hay lio, pa gen
        pwoblem, pagen pwoblem, pa gen okenn pwoblem, m pa gen pwoblem, mwen pa gen pwoblem, mpa gen
        pwoblem, poukisa pa, wala akong problema, wala akong problem, cant say no to that, cant say no, how
        could i say no, wouldnt miss it for the world, bakit hindi, bat hindi, no sweat, no wahala, no yawa,
        no ay problema, is good for me, good for me, is good, is fine, is perfect, is great
    """,
    Role.NO: """
        no, n, nope, nop, nah, naw, nay, noo, nooo, no way, no sir, no maam, no thanks, no thank you, no
        thx, no ty, nty, no tks, hell no, heck no, decline, declined, i decline, declining, pass, i pass,
        ill pass, imma pass, ima pass, i will pass, gotta pass, have to pass, hard pass, passing, ill have
        to pass, going to pass, gonna pass, ill sit this one out, sitting this one out, count me out, 2,
        two, cant, cnt, cannot, can not, i cant, i cnt, i cannot, i can not, icant, canot, cantt, i cant
        make it, cant make it, cant do it, i cant do it, cant do that, cant take it, i cant come, cant come,
        cant work, cant today, cant tonight, cant go, wont, wont be able, i wont be able to, wont be able to
        make it, will not, i will not, ill not, not able, not able to, im not able to, unable, unable to, im
        unable, not available, not avail, im not available, im not avail, i am not available, aint
        available, not free, im not free, unavailable, un available, unavail, not avaliable, not availble,
        not today, not tonight, not tomorrow, not this time, not this one, not this week, not this weekend,
        not that day, not me, not working, im not working, not interested, im not interested, not for me,
        not going to, not going to make it, not gonna, not gonna make it, not gonna happen, aint gonna make
        it, not possible, impossible, not happening, not really, not feeling it, dont want it, i dont want
        it, dont want to, i dont want to, dont want that shift, dont think so, i dont think so, dont think i
        can, i dont think i can, dont have time, i dont work, dont work, cant this time, maybe next time,
        next time, another time, some other time, find someone else, get someone else, ask someone else,
        give it to someone else, someone else can have it, someone else can take it, offer it to someone
        else, no can do, negative, nada, never, never mind, nevermind, skip, skip me, ill skip, i must
        decline, must decline, regretfully, i regret, cant make it anymore, cant anymore, can no longer, no
        longer available, i can no longer, no longer able, wish i could, i wish i could, id rather not,
        rather not, i refuse, refuse, couldnt, i couldnt, couldnt make it, i have to cancel, have to cancel,
        need to cancel, i need to cancel, gotta cancel, drop me, backing out, i have to back out, have to
        call out, calling out, im calling out, no puedo, no pued, nop puedo, yo no puedo, no podre, no voy a
        poder, no podria, no pudo, ya no puedo, no puedo ir, no gracias, no grasias, no disponible, no estoy
        disponible, no estoy, no voy, no ire, no me es posible, no es posible, no me va a ser posible,
        imposible, no me toca, hoy no puedo, no por ahora, no quiero, no lo quiero, no me interesa, no
        interesado, no interesada, paso, yo paso, esta la paso, tampoco, nel, nel pastel, negativo, rechazo,
        lo rechazo, declino, no acepto, no lo tomo, no la tomo, no trabajo, no lo puedo, no lo puedo tomar,
        no la puedo, no cuenten conmigo, no cuentes conmigo, para la proxima, la proxima, sera la proxima,
        otro dia sera, busquen a otra persona, busca a otra persona, busquen a otro, busquen otra persona,
        denselo a otra persona, ni modo, jamas, nunca, no tengo tiempo, no alcanzo, no llego, no me siento
        bien, no podre ir, no hay manera, de ninguna manera, ni loca, ni loco, no hay forma, hindi, hindi
        ako pwede, hindi pwede, di pwede, di ako pwede, d ako pwede, d pwede, dko kaya, di ko kaya, hindi ko
        kaya, di kaya, hindi kaya, hindi ako makakapunta, hindi ako makakapasok, di ako makakapasok, di ako
        makapasok, hindi makakapasok, di makakapasok, di ako makakapunta, hindi ako available, di ako
        available, di ako free, hindi ako free, ayaw, ayaw ko, ayoko, ayoko muna, pass muna, pass muna ako,
        pass ako, next time na lang, next time nalang, sa susunod na lang, sa susunod nalang, huwag na, wag
        na, wag na lang, hindi muna, di muna, hindi na, di na, hinde, indi, dili, iba na lang, iba nalang,
        sa iba na lang, wala ako, ayaw ko na, hindi ako libre, di ako libre, hindi ako papasok, di ako
        papasok, hindi ko kukunin, di ko kukunin, hindi ko matatanggap, di ko matanggap, non, non mesi, no
        mesi, nonm, mwen pa kapab, m pa kapab, mpa kapab, mwen pa ka, m pa ka, mpa ka, mwen paka, m paka,
        mpaka, pa kapab, pa ka, paka, mwen pap kapab, m pap kapab, map pa kapab, mwen pap ka, m pap ka, mpap
        ka, mwen pap vini, m pap vini, mwen pa disponib, m pa disponib, pa disponib, mwen pa dispo, m pa
        dispo, pa dispo, mwen pa lib, m pa lib, pa lib, mwen pa vle, m pa vle, mwen pa vle l, m pa vle l, pa
        vle, pa jodi a, pa jodia, pa aswe a, pa fwa sa a, pa fwa sa, pa posib, enposib, mwen refize, m
        refize, mwen pa ap kapab, mwen pa enterese, m pa enterese, pa enterese, yon lot fwa, yon lot le,
        pwochen fwa, jwenn yon lot moun, bay yon lot moun, chache yon lot moun, pa pou mwen, pap kapab, pap
        ka, mwen pase, m ap pase, map pase, janme, mwen pa la, m pa la, mwen pap la, m pap la, mwen pap
        travay, m pap travay, mwen pa ka anko, m pa ka anko, pa ka anko, dont do, i dont do, im good, i am
        good, im all set, all set, im ok, im okay, no im good, gonna have to pass, have to say no, going to
        have to pass, i have to pass, i have to decline, i have to say no, have to decline, say no, id have
        to say no, not gonna be able, not going to be able, not gonna be able to, can not do, cant swing it,
        cant do, m pa ka vini, mwen pa ka vini, yeah no, yea no, ya no gracias, let somebody else, let
        someone else, let somebody else have it, let someone else have it, find somebody else, get somebody
        else, give it to somebody else, give it to another, give it to another girl, give it to another
        person, offer it to somebody else, ask somebody else, somebody else can have it, somebody else can
        take it, back out, need to back out, need to back out of, have to back out, gotta back out, busquen
        a otra, busque a otra, busque otra persona, busque a otra persona, siempre no, sera en otra ocasion,
        en otra ocasion, otra ocasion, otra vez sera, que va, dont drive, i dont drive, dont drive that far,
        wont b able, wont b able 2, wont b able to, wont be able 2, i wont b able, chachen yon lot, pran yon
        lot, not gonna work, wont work, wont work for me, doesnt work, doesnt work for me, that doesnt work,
        that wont work, no me queda, no me conviene, no me funciona, ayoko na, cant now, cant rn, oh no i
        cant, oh no sorry, aw no, aww no, ah no, rain check, raincheck, regretfully decline, unfortunately
        no, unfortunately not, afraid not, im afraid not, im afraid i cant, sitting out, not my day, sit
        this one out, sit it out, sit this out, sit out, im straight, im str8, str8, hard no, its a no, its
        a no from me, it is a no, thats a no, a no from me, no from me, gonna be a no, going to be a no,
        have to be a no, no dice, no go, its a no go, not a chance, no chance, aint no way, fat chance, pass
        on, ill pass on, passing on, pass on it, pass on this, pass on this one, pass on that, pass it on,
        leave me out, take me off that shift, take me off that, take me off the shift, take me off the
        schedule, take me off schedule, take me off it, remove me from that shift, remove me from the shift,
        remove me from the schedule, remove me from it, drop it, drop the shift, drop that shift, drop this
        shift, drop my shift, dropping it, gotta drop, need to drop, have to drop, give it back, give it up,
        giving it back, giving it up, give back, give my shift back, give the shift back, give that shift
        back, give that back, giving back, giving the shift back, hand it back, hand back, return it, return
        the shift, return my shift, unassign me, turn it down, turning it down, turn this down, turn that
        down, turn down, turn this one down, let it go, let this one go, let that one go, bail, gotta bail,
        have to bail, bailing, bail on, im out on this, im out on that, changed my mind, change my mind,
        change of plans, plans changed, aint coming, aint gonna, aint able, aint going, aint doing it, aint
        doing that, not coming, im not coming, not coming in, cant come in, wont be in, wont be there, wont
        make it, not making it, cant be there, wont be coming, not be able, not be able to, not doing it, im
        not doing it, not doing that one, no longer can, no longer want, no longer need, dont need it, i
        dont need it, dont need the hours, say no to this one, give it to whoever, let whoever, neither,
        neither one, neither of them, neither of those, none of them, none of those, not either, find
        another, find another aide, get another, send somebody else, send someone else, cant take nothing,
        cant do nothing, cant take anything, cant do anything, cant accept, cant cover, cant commit, hate to
        say no, gotta say no, got to say no, no voy a llegar, no podre asistir, no voy a ir, no cuente
        conmigo, no me apunte, no me anote, no me anoten, busquen a alguien, busque a alguien, busque a
        alguien mas, busquen a alguien mas, busquen otra, busque otra, deselo a otra, deselo a otro, deselo
        a alguien, denselo a otra, denselo a otro, dale el turno a otra, dele el turno a otra, den el turno
        a otra, que lo tome otra, que lo agarre otra, que lo haga otra, paselo a otra, pasenlo a otra,
        pasaselo a otra, ofrezcanselo a otra, mejor no, mejor paso, ya no, ya no voy, ya no podre, ya no voy
        a poder, ya no lo quiero, ya no la quiero, devuelvo el turno, lo devuelvo, la devuelvo, devolver,
        devolver el turno, devolverlo, regreso el turno, regresar el turno, regresarlo, dejo el turno, dejar
        el turno, soltar el turno, suelto el turno, cancelar el turno, cancelar mi turno, cancelarlo,
        cancelo el turno, cancelo mi turno, cancelar el, tengo que cancelar, toca cancelar, me toca
        cancelar, decir que no, digo que no, diria que no, es un no, no hay chance, no hay como, ninguna,
        ninguno, ninguna me sirve, ninguno me sirve, ninguna de las dos, ninguno de los dos, no me sirve, no
        me acomoda, no me da tiempo, no me da chance, no tengo chance, no tengo manera, no tengo como,
        cambie de opinion, cambie de planes, me arrepenti, no se va a poder, no va a poder ser, no se puede,
        no se pudo, no creo, no creo que pueda, no creo poder, no creo que, hoy no, esta vez no, ese dia no,
        mejor otro dia, me retiro, hindi makakarating, di makakarating, hindi ako makakarating, di ako
        makakarating, hindi makakapunta, di makakapunta, hindi na ako, di na ako, hindi na pwede, di na
        pwede, hindi makapasok, di makapasok, hindi ako makapasok, ibigay sa iba, ibigay na lang sa iba,
        ibigay nyo na lang sa iba, ibigay nyo sa iba, ibigay mo sa iba, ibigay mo na lang sa iba, bigay sa
        iba, bigay na lang sa iba, bigay nyo na lang sa iba, bigay nyo sa iba, bigay mo sa iba, sa iba na,
        sa iba na muna, isoli, isauli, isasauli, isasauli ko, isosoli, isosoli ko, ibalik, ibabalik,
        ibabalik ko, ibalik ko, bibitawan ko, bitawan ko, bitawan, i give up ko, ipasa sa iba, ipapasa ko,
        pasa ko na, wag na ako, huwag na ako, wag ako, huwag ako, hanap na lang kayo ng iba, hanap kayo ng
        iba, maghanap na lang kayo ng iba, maghanap na kayo ng iba, nagbago isip ko, nagbago ang isip ko,
        nagbago plano, wala akong time, wala akong oras, walang time, walang oras, remet, remet li, remet l,
        remet shift la, m oblije remet li, m ap remet li, map remet li, mwen ap remet li, m oblije remet,
        kite l pou yon lot, bay lot moun, bay li a yon lot, bay yon lot li, chache lot moun, jwenn lot moun,
        pran lot moun, pa konte sou mwen, pa konte sou m, m chanje lide, mwen chanje lide, mwen pap pran l,
        m pap pran l, m pap pran li, mwen pap pran li, mwen p ap kapab, m p ap kapab, m pa p kapab, mwen pa
        p kapab, p ap kapab, pa p kapab, m p ap ka, mwen p ap ka, m pa p ka, m pap fe l, mwen pap fe l, m
        pap fe li, mwen pap fe li, okenn, okenn nan yo, pa ka fe l, pa ka pran l, m pa ka fe l, m pa ka pran
        l, ni hablar, is not possible, it is not possible, its not possible, gotta give it back, gotta give
        back, cant say yes, cant say yes to this one, mi cyaan, cyaan, cyah, not taking, not doing, not
        covering, not accepting, not picking up, not going, im not taking, im not covering, im not going,
        aint taking, aint covering, aint working, wont take, wont do, wont cover, a otra persona, a otra
        companera, a otra muchacha, a otra chica, a otra, a otro, que alguien mas lo tome, que lo tome
        alguien mas, busquese a otra, busquese otra, buscate otra, buscate a otra, consigan a otra, consiga
        a otra, consigase a otra, manden a otra, mande a otra, llamen a otra, llame a otra, cheche lot moun,
        cheche yon lot moun, cheche yon lot, chache yon lot, dont want that, dont want this, dont want that
        one, dont want this one, dont want to work, i dont want that one, i dont want that, need to give
        back, have to give back, claro que no, por supuesto que no, obvio que no, que no, para nada, en
        absoluto, como crees, ay no, no fijate, fijate que no, fijese que no, dont put me, dont put me down,
        dont put me on, dont sign me up, dont count on me, dont book me, dont schedule me, please dont put
        me, je ne peux pas, non merci, je ne suis pas disponible, debo rechazar, debo rechazarlo, rechazar,
        rechazarlo, tengo que rechazar, give it to somebody, give it to someone, sa iba nyo na lang ibigay,
        sa iba nyo na ibigay, sa iba nyo na lang, sa iba mo na lang ibigay, hindi muna ako, not gona, not
        gona be able
    """,
    Role.REASON: """
        busy, im busy, i am busy, too busy, sick, im sick, i am sick, feeling sick, not feeling well, dont
        feel good, dont feel well, i dont feel good, im not feeling well, under the weather, have the flu,
        covid, have covid, got covid, tested positive, fever, have a fever, throwing up, migraine, in the
        hospital, in pain, hurt my back, injured, surgery, im working, i am working, im working that day,
        already working, im already working, i work then, i work that day, i work that night, i work
        tonight, i work today, i have work, have work, i got work, already scheduled, im scheduled, already
        booked, im booked, already have a shift, already have a client, have another shift, have another
        job, have a shift, got another job, on another case, working another case, at my other job, my other
        job, double booked, working a double, out of town, im out of town, outta town, on vacation, on
        vacay, im traveling, traveling, away, im away, have plans, i have plans, got plans, other plans,
        have class, i have class, in class, have school, i have school, at school, have church, have a
        funeral, funeral, have an appointment, have an appt, appointment, have appt, have a doctors
        appointment, doctors appointment, doctor appt, drs appt, dr appt, have court, too tired, im tired,
        im exhausted, exhausted, just got off, just got off work, worked all night, too far, its too far,
        thats too far, no car, no ride, no babysitter, no childcare, no sitter, no transportation, dont have
        a ride, dont have a car, car broke down, car trouble, car is in the shop, flat tire, dont have a
        sitter, dont have a babysitter, off that day, my day off, its my day off, taking the day off, im
        off, need the day off, need a break, need to rest, family emergency, have an emergency, emergency
        came up, something came up, kids are sick, kid is sick, baby is sick, son is sick, daughter is sick,
        mom is sick, child is sick, birthday, wedding, graduation, ocupado, ocupada, estoy ocupado, estoy
        ocupada, enfermo, enferma, estoy enfermo, estoy enferma, me siento mal, estoy mala, estoy malo,
        tengo fiebre, tengo gripe, tengo cita, tengo una cita, cita medica, cita con el doctor, tengo cita
        medica, tengo doctor, tengo planes, tengo compromiso, tengo un compromiso, tengo otro compromiso,
        tengo otro trabajo, tengo otro turno, tengo trabajo, ya tengo turno, ya tengo trabajo, trabajo ese
        dia, trabajo hoy, estoy trabajando, ya trabajo, trabajo manana, tengo clase, tengo clases, tengo
        escuela, tengo iglesia, estoy de viaje, fuera de la ciudad, estoy fuera, estoy fuera de la ciudad,
        de vacaciones, estoy de vacaciones, estoy cansada, estoy cansado, muy cansada, muy cansado, muy
        lejos, queda lejos, queda muy lejos, esta muy lejos, no tengo carro, no tengo coche, no tengo
        transporte, no tengo ride, no tengo quien, no tengo con quien, no tengo ninera, mi carro no sirve,
        se me descompuso, es mi dia libre, es mi descanso, descanso ese dia, hijo enfermo, hija enferma,
        nino enfermo, nina enferma, tengo emergencia, emergencia familiar, surgio algo, me salio algo, tengo
        que cuidar, tengo una emergencia, cumpleanos, may sakit, may sakit ako, masama pakiramdam ko, masama
        ang pakiramdam ko, may lagnat, may lagnat ako, may pasok ako, may pasok, may trabaho ako, may
        trabaho, may duty ako, may duty, may shift na ako, may shift ako, may lakad, may lakad ako, may
        appointment, may appointment ako, may klase, may klase ako, busy ako, pagod ako, pagod na ako,
        masyadong malayo, malayo, ang layo, nasa probinsya ako, nasa bakasyon, bakasyon, bakasyon ako, day
        off ko, off ko, rest day ko, walang masakyan, walang sasakyan, wala akong sasakyan, walang mag
        aalaga, walang magbabantay, wala akong bantay, wala magbabantay, may emergency, may emergency ako,
        may gagawin ako, may gagawin, may iba akong trabaho, kasal, may simba, nasa ospital, mwen malad, m
        malad, malad, mwen okipe, m okipe, okipe, mwen two okipe, m ap travay, map travay, mwen ap travay,
        mwen travay, m travay deja, mwen gen travay, m gen travay, mwen gen yon lot travay, m gen yon lot
        travay, gen yon lot travay, mwen gen randevou, m gen randevou, gen randevou, gen randevou dokte,
        mwen gen lekol, m gen lekol, m gen legliz, mwen gen legliz, mwen gen klas, m gen klas, mwen fatige,
        m fatige, twop fatige, fatige, two lwen, twop lwen, li two lwen, mwen vwayaje, m vwayaje, m deyo,
        mwen deyo, mwen pa gen machin, m pa gen machin, pa gen machin, mwen pa gen transpo, m pa gen
        transpo, pa gen transpo, pa gen transpoteson, mwen pa santi m byen, m pa santi m byen, pitit mwen
        malad, pitit m malad, gen yon ijans, mwen gen yon ijans, m gen ijans, mwen nan vakans, m nan vakans,
        vakans, m nan lopital, mwen nan lopital, mwen gen pwogram, m gen pwogram, se jou konje m, jou konje
        m, mwen gen yon anteman, anteman, i have, ive got, have a, have an, have my, have to, i got, gotta,
        got a, got an, got my, got class, got work, got church, got school, got court, already, booked,
        scheduled, tied up, swamped, slammed, flu, the flu, got the flu, fiebre, gripa, gripe, con gripa,
        con fiebre, tengo, tengo que, no tengo, ando, ando ocupada, ando ocupado, ando enferma, ando
        enfermo, may, meron akong, may work, may work ako, wala akong, mwen gen, m gen, mwen pa gen, m pa
        gen, mpa gen, dont have, i dont have, dont have anyone, no one to watch, nobody to watch, burned
        out, burnt out, worn out, hospital, er, pto, on pto, on leave, maternity leave, off, quarantine,
        pregnant, hungover, moving that day, moving, my only day off, only day off, day off, resting, im
        resting, fly out, flying, flight, flying out, en mi otro trabajo, estoy en mi otro trabajo, mi otro
        trabajo, otro trabajo, machin mwen an pan, an pan, machin mwen, machin m, machin m an pan, watching
        my kids, watching the kids, watching my grandkids, babysitting, no gas, cramps, pulled my back, back
        is out, back hurts, my back, food poisoning, stomach bug, stomach, vomiting, headache, the er,
        dialysis, not well, unwell, out of the state, out of state, out of the country, has a game, has a
        game that day, my son has, my daughter has, my kid has, my kids have, has an appointment, has
        surgery, has practice, recital, game that day, en mexico, con mi familia, con la familia, familia,
        family, family event, visiting family, reunion, party, baby shower, shower, quinceanera, bautizo,
        boda, pilgrimage, im in class, im in school, im in church, im in the hospital, im in bed, pero
        trabajo, im out, i am out, will be out, ill be out, ya tengo, ya tengo otro, fell through, ride fell
        through, babysitter fell through, sitter fell through, cant get there, got no way, no way to get
        there, no way there, car wont start, car died, car is down, car in the shop, in the shop, my car,
        chemo, doctors orders, on bed rest, bed rest, put me on bed rest, doctor put me on bed rest,
        dentist, labor, in labor, jury duty, court date, court, wake, viewing, practice, another agency,
        other agency, mandatory ot, mandated, double shift, pulling a double, worked a double, worked last
        night, graveyard, overnight, wore out, drained, need sleep, need to sleep, need rest, have to sleep,
        gotta sleep, icy, snow, snowed in, storm, flooded, flooding, strep, pink eye, sinus, allergic,
        allergic to cats, bad back, my knee, sprained, broke my, in the er, at the er, positive for covid,
        license expired, license is expired, on a cruise, at the beach, at the airport, i work another, i
        work my other, working my other job, mamas sick, mom sick, kids sick, kid sick, baby sick, son sick,
        daughter sick, got sick, the bus dont run, bus dont run, no bus, bible study, night school, night
        class, church, chuch, exam, exams, finals, a test, doctors appt, in florida, in georgia, in texas,
        in new york, in jersey, in atlanta, in miami, in haiti, in mexico, in the philippines, in jamaica,
        se me enfermo, se enfermo, esta enfermo, esta enferma, enfermito, enfermita, malito, malita, se me
        varo, se me varo el carro, se me dano el carro, se dano el carro, se me dano, se me poncho, se
        poncho, se me rompio, sin carro, sin transporte, sin ride, no hay quien cuide, tengo misa, tengo
        culto, voy a misa, voy a la iglesia, estudio, estoy en clase, estoy en la iglesia, estoy en mexico,
        estoy en guatemala, estoy en honduras, estoy en el salvador, dialisis, quimio, operacion, me
        operaron, embarazada, incapacitada, cita del doctor, cita del medico, cita con, dentista, corte,
        velorio, quince, graduacion, doble turno, turno doble, trabajo doble, doblando, no trabajo los
        domingos, no trabajo los sabados, no trabajo los fines de semana, no trabajo de noche, no trabajo
        noches, nasiraan, nasiraan ako, nasira kotse, nasira ang kotse, sira kotse, sira ang kotse,
        nilagnat, nilalagnat, nagkasakit, may sakit anak ko, may sakit ang anak ko, may exam, binyag, lamay,
        libing, puyat, walang tulog, wala pang tulog, galing duty, galing pa ako ng duty, may misa, may
        trabaho na ako, may iba na akong trabaho, may iba na akong duty, may iba akong duty, may ibang
        trabaho, may ibang duty, oto m pann, oto m an pann, machin mwen an pann, machin mwen kase, machin
        mwen gate, machin m gate, an pann, pann, timoun yo malad, timoun m malad, lanmo, vwayaj, mwen gen
        vwayaj, dwe travay, mwen dwe travay, m dwe travay, m gen ekzamen, egzamen, ekzamen, klas, lekol,
        legliz, dokte, randevou, se me presento, se presento, put me on mandatory, put me on mandatory ot,
        has me on, have me on, put me on nights, trabajo hasta, trabajo de, trabajo desde, at the dentist,
        at the doctor, at work, at the hospital
    """,
    Role.WISH: """
        id love to, i would love to, would love to, id like to, i would like to, wish, i wanted to, wanted
        to, i want to, want to, me encantaria, me gustaria, quisiera, ojala pudiera, gusto ko sana, gustuhin
        ko man, mwen ta renmen, m ta renmen, id take, id take it, id do it, id work it, id say yes, would
        say yes, would take it, would like, would love, would love it, i would love it, id love it, id love
        that, would like it, would like that, would like that shift, i would like that shift, oo sana, sana,
        m ta, mwen ta, me hubiera gustado, quisiera poder, gusto ko man, i wish, te di wi, m te di wi, mwen
        te di wi, dije que si, le dije que si, les dije que si, i told you yes, i told u yes, said yes, i
        want, quiero, quisiera decirle que si, quisiera decir que si, me gustaria decir que si, me gustaria
        decirle que si
    """,
    Role.IF: """
        if, unless, only, until, til, till, untill, except, exept, depends, depending, as long as, so long
        as, provided, providing, half, part, partial, a few hours, hours, hour, couple hours, hrs, hr, first
        part, second part, shorter, split, early, earlier, late, leave, after, before, between, by, instead,
        rather, earliest, latest, no later, start, starting, starts, as soon as, once, swap, switch, trade,
        exchange, extra, bonus, overtime, ot, double pay, doub, time and a half, double time, more money,
        raise, dollars, $, gas money, mileage, days only, nights only, weekend only, weekends only, backup,
        back up, as backup, last resort, nobody else, no one else, noone else, standby, stand by, solo,
        solamente, nada mas, nomas, hasta, depende, dependiendo, excepto, menos, siempre que, con tal,
        siempre y cuando, mientras, despues, antes, temprano, tarde si, llegar tarde, mas tarde, mas
        temprano, media, medio, mitad, la mitad, parte, unas horas, horas, hora, cambio, cambiar, cambiamos,
        en vez, en lugar, doble, bono, si acaso, por si acaso, en caso, al menos que, a menos que, salvo,
        segun, desde, entre, a partir, kung, pag, kapag, kapg, kpag, hanggang, half day, kalahati, lang
        hanggang, late ako, male late, malelate, mahuhuli, maaga, aalis, pagkatapos, bago, matapos, palit,
        makipagpalit, dagdag, sakali, in case, pwede siguro, pwede kung, depann, sa depann, selman, sof,
        sofsi, jis, jiska, jiskaske, anvan, apre, mwatye, demi, yon pati, kek edtan, edtan, edtan selman,
        bone, rive an reta, an reta, reta, plis kob, plis lajan, chanje, sizoka, an ka, kondisyon, around 1,
        around noon, around lunch, first, kids first, whichever, whatever, whichever one, either or, swap
        you, swap with, trade you, trade with, switch with, cover for me, in exchange, deal if, long as,
        only for, just for, just the, just until, solo si, nomas que, con la condicion, me urge, primero,
        una parte, con tal que, depende de, mientras que, basta, basta may, basta bayad, kung may, kung
        pwede, kung hindi, kung wala, depende kung, si gen, sof si, toutotan, depi, yon ti, ak kondisyon,
        piti
    """,
    Role.MATTER: """
        wrong number, wrong person, numero equivocado, equivocado, isnt, is not, not my number, log in,
        login, log into, app, the app, portal, paycheck, paid, pay stub, paystub, check stub, timesheet,
        time sheet, clock in, clock out, clocked, website, password, direct deposit, invoice, yet, not yet,
        todavia, todavia no, aun no, aun, new phone, who dis, who this, lost my phone, my phone, badge,
        uniform, training, certificate, license, cpr, refund, bill, delivered, package, unread, voicemail,
        vm, cheque, mi cheque, no me ha llegado, no me han pagado, no me pagaron, ha llegado, sahod, sweldo,
        chek, chek mwen, payday, my check, w2, w 2, tax, taxes, orientation, lo tomo en cuenta, en cuenta,
        tomar en cuenta, hear you, hear u, happy birthday, happy mothers day, merry christmas, happy new
        year, bp, cant find, i cant find, cant open, cant get in, cant get into, cant log, cant log in, cant
        clock in, cant clock, cant access, cant see, cant hear, cant remember, cant reach, cant get ahold,
        cant get hold, cant understand, cant read, cant tell, cant believe, i cant believe, passed my, i
        passed my, no encuentro, no puedo entrar, no puedo abrir, no puedo ver, no puedo encontrar, hindi ko
        makita, di ko makita, m pa jwenn, mwen pa jwenn, m pa ka jwenn, mwen pa ka jwenn, no service, no
        signal, didnt get, i didnt get, didnt get the, didnt receive, i didnt receive, the link, link, hindi
        ko na receive
    """,
    Role.HEDGE: """
        maybe, mayb, might, probably, prob, prolly, possibly, perhaps, hopefully, tentative, tentatively, i
        think, i think so, think so, i guess, i suppose, i believe, should be able, let me check, let me
        see, let me ask, lemme check, lemme see, lemme ask, let me think, let me know, lmk, ill let you
        know, ill let u know, let you know, let u know, ill see, we will see, well see, ill try, i will try,
        try, trying, will try, can try, ill check, i will check, check, checking, need to check, have to
        check, gotta check, gotta see, need to see, need to ask, have to ask, gotta ask, have to see, ask,
        call me, call u, call you, text me, text you, calling, get back to you, get back to u, get back,
        hold on, hold it for me, hold, wait, waiting, one sec, one second, give me a minute, give me a sec,
        give me a few, min, mins, minutes, later, not sure, unsure, idk, dont know, i dont know, no idea, no
        clue, undecided, thinking, on the fence, nothing, later on, when my, when i, when you, while, would,
        could, should, pay, pays, rate, uber, lyft, ride, pick me up, picked up, drop off, someone else,
        anybody else, anyone else, different, also, got your, got ur, get your, got it, gotit, received, i
        see, i saw, saw, seen, noted, understood, understand, i know, i knew, previous, yesterday, last,
        wrong, mistake, accident, misunderstood, confused, confusing, joke, jk, kidding, lol jk, address,
        info, details, detail, send me, send, more info, explain, remind, meant, mean, ignore, sorry wrong,
        thought, almost, near, close to, far, on call, finish, finished, done, off at, get off, gets off,
        off work, quizas, quiza, tal vez, talvez, a lo mejor, puede ser, puede que, posiblemente,
        probablemente, creo, creo que si, creo que, supongo, espero, cuando, otro, otra, otros, pago, pagan,
        pagar, paguen, pagas, dinero, gasolina, transporte, raite, aventon, no se, nose, no estoy seguro, no
        estoy segura, no entiendo, no entendi, no sabia, dejame, dejeme, dejenme, deja, deje, permitame,
        dame un momento, deme un momento, dame un minuto, un momento, momentito, ahorita, ahorita le digo,
        luego, le aviso, te aviso, les aviso, aviso, le confirmo, te confirmo, te digo, le digo, voy a ver,
        a ver, veo, ver, reviso, revisar, checar, checo, preguntar, pregunto, pensar, lo pienso, pensarlo,
        tratar, trato, tratare, intento, intentare, podria, pudiera, quiza si, llamame, llameme, llamenme,
        me llaman, recibi, recibido, entendido, ya vi, vi, ya se, ayer, broma, direccion, informacion, baka,
        siguro, cguro, parang, malamang, tingnan ko, titingnan ko, tignan ko, titignan ko, check ko, check
        muna, chcheck, tanong, tanungin ko, itatanong, tanong ko, paalam, magpapaalam, magpaalam, isip,
        iisipin, pag isipan, pagisipan, balitaan, balitaan kita, sabihan kita, sabihan ko kayo, teka,
        saglit, sandali, mamaya na lang, subukan, susubukan, try ko, hindi ko alam, di ko alam, di ko sure,
        di sure, di ako sure, hindi sigurado, di pa, hindi pa, ewan, bayad, sundo, sunduin, ihatid, sakay,
        pamasahe, natanggap ko, nakita ko, na receive, kahapon, tawagan, tawag, text ko, text kita, iba,
        ibang, kailangan muna, muna, petet, pet-et, le m, kite m, kite mwen, kite m we, kite m gade, kite m
        mande, kite m panse, m ap gade, map gade, gade, m ap we, map we, m ap mande, map mande, mande,
        panse, reflechi, eseye, m ap eseye, map eseye, tann, ret tann, yon ti moman, yon minit, pita, tale,
        mwen pa konnen, m pa konnen, mpa konnen, m pa kone, mpa kone, pa konnen, mwen pa si, m pa si, mpa
        si, pa seten, m pa konprann, mwen pa konprann, pa konprann, mwaye, peye, kob, lajan, transpo,
        transpoteson, woulib, plas, yon lot, rele m, rele mwen, rele, fe m konnen, m ap fe w konnen, map fe
        w konnen, fe w konnen, m ap di w, map di w, di w, resevwa, mwen we, m we, ye, adres, enfomasyon, pou
        kob, i may, it may, may be, maybe so, we may, got the text, got the message, got the msg, got your
        text, got your message, tengo que ver, tengo que checar, tengo que preguntar, tengo que revisar,
        tengo que pensar, tengo que pensarlo, tengo que confirmar, tengo que consultar, have to think, gotta
        think, have to talk, i have to check, i have to ask, i have to see, i have to think, i will let you
        know, i will let u know, will let you know, i will get back, i will call, i will text, i will ask, i
        will think, wala pa, di pa alam, no tengo idea, m gen pou m, mwen gen pou m, another, other, others,
        yeah right, oh ok, oh okay, oh yeah, i got the text, gets, ok cool, gotcha, k cool, ok i see, ah ok,
        ahh ok, ok so, ok wait, hindi ko gets, di ko gets, hindi ko maintindihan, di ko maintindihan,
        preguntarle, preguntarles, checarlo, revisarlo, consultarlo, consultarle, consultar, confirmarle,
        avisarle, bye, ok bye, in touch, be in touch, keep in touch, stay in touch, i will be in touch, ill
        be in touch, accept my apologies, accept my apology, work on it, ill work on it, i will work on it,
        working on it, im working on it, think on it, sleep on it, pray on it, pray about it, look, take a
        look, i will take a look, ill take a look, look into it, ill look into it, look at my schedule, ill
        look, pending, hindi ko pa alam, di ko pa alam, hindi pa sigurado, sisiguraduhin, sa tingin ko,
        feeling ko, might have to, may have to, might need to, waiting on, m poko konnen, m poko si, mwen
        poko konnen, poko, no se todavia, todavia no se, aun no se, puede que si, capaz, chance y, a ver si,
        si dios quiere y me, not a hundred percent, not 100, not 100% sure, not fully sure, not entirely
        sure, pretty sure, almost sure, fairly sure, most likely, likely, unlikely, doubt, doubtful,
        leaning, cant talk, cant talk right now, i cant talk, cant text, cant text right now, cant answer,
        driving, im driving, cant chat, second, third, second one, the second one, the first one, first one,
        le paso, te paso, les paso, tbd, give me an hour, give me a bit, give me a few minutes, give me 5,
        give me some time, yes i saw it, yes i saw, yes i got your text, yes i got your message, yes i
        received, yes i received it, yes i read it, si lo vi, si lo recibi, no le entendi, no les entendi,
        no te entendi, say again, come again
    """,
    Role.BUT: """
        but, bt, however, though, tho, although, except that, pero, aunque, sin embargo, kaso, kaso lang,
        kaya lang, ngunit, subalit, men, sepandan, malgre
    """,
    Role.ASK: """
        what, whats, what is, wat, wut, when, whens, where, wheres, who, whos, whose, which, how, hows,
        howmuch, why, whys, how much, is it, is this, is that, is there, is the, are you, are u, are there,
        can i, can we, can you, can u, could you, could u, could i, may i, do i, do you, do u, do they,
        does, did, did you, would you, will you, will u, will it, will they, should i, am i, any other,
        anything else, still open, still available, still need, still there, r u, wya, have you, has it, was
        it, which one, what time, que hora, a que hora, cual, cuales, cuando es, donde, adonde, cuanto,
        cuanta, cuantas, cuantos, quien, quienes, por que, como es, puedo llevar, puedo llegar, puedo salir,
        puedo ir mas, me puede, me pueden, me puedes, puede, pueden, puedes, todavia esta, aun esta, sigue
        disponible, hay otro, hay otra, tienen, tienes, tiene, necesitan, sera que, esta disponible todavia,
        de que, en donde, a donde, ano, anong, saan, kailan, kelan, magkano, sino, bakit, paano, pano, alin,
        ilan, ilang, ba, pwede ba, meron ba, may iba, anu, di ba, diba, kisa, ki sa, kile, ki le, ki kote,
        kikote, kibo, ki bo, konbyen, poukisa, ki moun, kimoun, kijan, ki jan, eske, eske w, eske ou, kiyes,
        ki, i have a question, i have questions, have a question, have questions, quick question, question,
        tengo una pregunta, tengo preguntas, tengo pregunta, tengo una duda, tengo duda, una pregunta,
        pregunta, may tanong, may tanong ako, m gen yon kesyon, mwen gen yon kesyon, m gen kesyon, kesyon
    """,
    Role.OTHER: """
        my sister, my brother, my friend, my friends, my cousin, my mom, my mother, my mum, my dad, my
        father, my husband, my wife, my daughter, my son, my aunt, my niece, my neighbor, my coworker, my co
        worker, my roommate, my boyfriend, my girlfriend, my sis, my bro, my hubby, my nephew, my partner,
        my boss, my supervisor, sister, brother, cousin, coworker, co worker, friend, husband, wife,
        roommate, daughter, son, she, shes, shell, he, hes, hell, they, theyre, theyll, them, her, his, him,
        somebody, someone, anybody, anyone, everybody, nobody, noone, no one, they can, says, said, told,
        wants, asked, tell, we, us, our, on behalf, on her behalf, mi hermana, mi hermano, mi amiga, mi
        amigo, mi prima, mi primo, mi mama, mi papa, mi esposo, mi esposa, mi hija, mi hijo, mi tia, mi
        vecina, mi companera, mi companero, mi novia, mi novio, mi marido, mi cunada, mi suegra, mi jefa, mi
        jefe, hermana, hermano, amiga, amigo, prima, companera, ella, ellos, ellas, el+, dice, dijo, dice
        que, quiere, quieren, otra persona, alguien, alguien mas, nadie, alguno, digale, dile, preguntele,
        nosotros, nosotras, podemos, vamos, kapatid ko, ate ko, kuya ko, kaibigan ko, asawa ko, anak ko,
        nanay ko, tatay ko, pinsan ko, kasama ko, kapatid, ate, kaibigan, kasamahan, siya, sya, sila, niya,
        nya, daw, raw, sabi, sabi nya, gusto niya, gusto nya, kaya nya, kaya niya, ibang tao, kaibigan kong,
        yung kapatid, yung kaibigan, tayo, kami, se mwen, fre m, fre mwen, zanmi m, zanmi mwen, kouzin mwen,
        kouzin m, kouzen m, manman m, manman mwen, papa m, mari m, mari mwen, madanm mwen, madanm m, matant
        mwen, matant m, kolegm, koleg mwen, koleg m, li ka, li di, li vle, yo di, yon moun, lot moun,
        pesonn, nou, di m, zanmi, kouzin, li ap, li disponib, li pral, se mwen ka, se m ka, se m di, yo ka,
        let her, let him, give her, give him, se m nan, fre m nan, zanmi m nan, kouzin m nan, manman m nan,
        bf, gf, bff, ppl, everyone
    """,
    Role.NOT: """
        not, dont, doesnt, didnt, arent, wasnt, werent, aint, havent, hasnt, hadnt, shouldnt, wouldnt,
        without, nor, none, d, wala, walang, huwag, wag, sin, pa, pap, san, di
    """,
    Role.DAY: """
        tomorrow, tmrw, tmr, tmw, tomorow, tommorow, monday, tuesday, wednesday, thursday, friday, saturday,
        sunday, mon, tues, tue, wed, thurs, thu, fri, sat, sun, weekend, weekends, weekday, weekdays, next
        week, mornings, nights, days, evenings, every day, all week, manana, lunes, martes, miercoles,
        jueves, viernes, sabado, domingo, fin de semana, la semana que viene, bukas, linggo, demen, lendi,
        madi, mekredi, jedi, vandredi, samdi, dimanch, del lunes, del martes, el lunes, el martes, el
        miercoles, el jueves, el viernes, el sabado, el domingo
    """,
    Role.PLAIN: """
        hi, hello, hey, heyy, hiya, hii, helo, yo yo, good morning, good afternoon, good evening, good
        night, gm, morning, goodmorning, goodevening, goodafternoon, greetings, please, pls, plz, plss,
        plse, thanks, thank you, thank u, thankyou, thanku, thx, tx, ty, tysm, thnx, tnx, tks, tyvm, thanks
        so much, thank you so much, thanks a lot, many thanks, sorry, sry, srry, so sorry, my bad,
        apologies, my apologies, sir, maam, mam, mrs, mr, ms, miss, hun, hon, honey, dear, boss, bossman,
        guys, girl, love, luv, sis, bro, fam, team, everyone there, all, god bless, god bless you, bless
        you, blessings, have a great day, have a good day, have a good one, have a blessed day, have a good
        night, take care, appreciate it, appreciate you, i appreciate it, i appreciate you, much
        appreciated, for asking, for thinking of me, for reaching out, for letting me know, for the offer,
        for the opportunity, for offering, for the text, and, actually, well, oh, omg, lol, haha, hehe,
        lmao, wow, yay, aww, ugh, um, umm, uh, hmm, hm, so, then, just, really, very, too much, much, again,
        right now, right, now, asap, today, tonight, this morning, this afternoon, this evening, tonite,
        2nite, 2day, that day, that night, that time, that one, this one, the one, it, that, this, dat, dis,
        the, da, a, an, one, for, for you, for u, for for yall, for yall, to, too, in, on, at, of, with, be,
        am, is, are, was, i, im, ive, id, me, my, mine too, myself, you, u, yall, ur, your, shift, shft, the
        shift, that shift, this shift, my shift, client, patient, pt, work, working, cover, covering, take,
        come, go, do, help, there, here, up, get, fill, pick, able, need me, needs, need, want, happy, glad,
        ready, good news, great news, no worries, no worry, cant complain, dont worry, no rush, no pressure,
        no need to thank me, no thanks needed, no doubt about it, without a doubt, without fail, nothing
        else, as always, anytime, any time, always, as usual, also yes, im sure, 100, 100%, 1000%, percent,
        totally, completely, certain, hours before, this is, its me, its, signed, name, schedule, cna, lpn,
        rn, hha, aide, caregiver, nurse, see you, see u, cya, later gator, ttyl, xo, xoxo, xx, asking,
        offering, offer, letter, code, option, number, choice, reply, answer, both, hola, ola, buenos dias,
        buenas tardes, buenas noches, buen dia, buenas, bnas, saludos, que tal, como esta, como estan, como
        estas, por favor, porfa, porfavor, x favor, xfa, pf, gracias, muchas gracias, mil gracias, grasias,
        grcias, muchisimas gracias, lo siento, lo siento mucho, disculpe, disculpa, disculpen, perdon,
        perdone, perdona, bendiciones, dios los bendiga, dios le bendiga, dios te bendiga, que dios los
        bendiga, dios bendiga, que tengan buen dia, que tenga buen dia, buen dia a todos, senora, senor,
        senorita, jefa, jefe, amor, mija, mijo, e, el, la, lo, los, las, un, una, de, del, en, con, al,
        para, por, mi, yo, se, le, les, te, muy, mucho, bien gracias, turno, el turno, ese turno, este
        turno, esa, ese, eso, esta, este, esto, hoy, hoy mismo, esta noche, esta tarde, ese dia, no hay de
        que, no te preocupes, no se preocupe, no se preocupen, no pasa nada, porque no, sin duda, sin falta,
        no faltaba mas, de nada, gracias por preguntar, gracias por avisar, gracias por la oferta, gracias
        por la oportunidad, gracias por pensar en mi, soy, aqui, ahi, alli, tambien, entonces, pues,
        trabajar, ir, cubrir, tomar, hacer, hacerlo, tomarlo, cubrirlo, estar, estare, nos vemos, hasta
        luego, hasta pronto, que bueno, que bien, favor, opcion, letra, na, nga, lang, lng, nalang, na lang,
        rin, din, ako, ko, yan, yun, yon, ito, iyan, iyon, sa, ang, ng, mga, nang, salamat, maraming
        salamat, slmt, magandang umaga, magandang araw, magandang hapon, magandang gabi, pasensya, pasensya
        na, paumanhin, sori, ngayon, ngayong araw, ngayong gabi, mamaya, mamayang gabi, wlang problema,
        walang anuman, oo na, ingat, kayo, mo, nyo, ninyo, inyo, kita, mag, shift na, shift na yan, shift na
        yun, shift na to, trabaho, duty, pumasok, papasok, bahala, gandang umaga, bonjou, bonswa, bonjou
        tout moun, mesi, mesi anpil, mesi bokou, mesi w, tanpri, souple, silvouple, sil vou ple, svp, padon,
        padonnen m, eskize m, eskize mwen, dezole, mwen dezole, m dezole, mwen regret, m regret, bondye beni
        w, bondye beni ou, bondye beni nou, beni, madanm, mesye, cheri, jodi a, jodia, aswe a, aswea, maten
        an, maten a, apremidi a, pou, nan, ak, sa a, travay, travay la, travay sa a, shift la, shift sa a,
        chif la, fe, fe l, pran, pran l, vini, ale, mwen, m, ou, w, pa gen dekwa, pouki pa, byen, toujou,
        tou, tout, non pwoblem, orevwa, n a we, na we, a pita, kontan, li, mi amor, mi vida, mi reina, mi
        cielo, mami, papi, mamita, linda, corazon, jefita, dona, don, dios la bendiga, dios lo bendiga, dios
        las bendiga, dios me los bendiga, amen, thanks again, for sure thing, whatever you need, that works
        great, i promise, promise, on time, no lie, forreal, fr, frfr, ready freddy, lol yes, dear lord,
        praise god, praise the lord, hallelujah, yall need me, i know i said yes, god willing, lord willing,
        inshallah, si dios quiere, si dios permite, primero dios, con el favor de dios, dios mediante, si
        bondye vle, ak led bondye, sa awa ng diyos, kung loloobin ng diyos, dont have to ask me twice, you
        dont have to ask me twice, no need to ask twice, dont need to ask twice, never turn down hours,
        never turn down work, never turn down a shift, i never turn down hours, need the hours, i need the
        hours, need hours, need the money, i need the money, could use the hours, could use the money, i was
        off anyway, was off anyway, im off anyway, i live close, i live close by, i live near, i live
        nearby, live around the corner, right around the corner, i live right around the corner, around the
        corner, close by, nearby, not far, not far from me, its not far, no need to worry, a esa hora, ese
        horario, jou sa, jou sa a, nun, noon yan, that works out, turns out, good timing, great timing,
        perfect timing, i was hoping, asap please, as soon as i can, so much, right away, alla, anyway,
        sorry for the late reply, late reply, late response, sorry for the late response, for the late
        reply, for the late response, for the delay, sorry for the delay, just saw this, just saw your text,
        just saw your message, just saw it, i just saw this, just got this, just seeing this, just now
        seeing this, was driving, i was driving, was asleep, i was asleep, was sleeping, just woke up, just
        got up, was in the shower, phone was dead, my phone was dead, phone died, perdon por contestar
        tarde, perdon por la tardanza, disculpe la tardanza, apenas vi el mensaje, apenas lo vi, acabo de
        ver el mensaje, acabo de ver, apenas veo, ngayon ko lang nabasa, ngayon ko lang nakita, kakabasa ko
        lang, m fek we mesaj la, m fek we mesaj ou, need that money, need the cash, need the extra money,
        need the work, i need the work, need money, why yes, dyan, jan, jezi, bondye, senye, mesi jezi, ay,
        oy, aw, ah, eh, ooh, ohh, yikes, dang, darn, shoot, esta vez, por ahora, ahora, por el momento, de
        momento, gracias por, thanks for, thank you for, thank u for, unfortunately, desafortunadamente,
        lamentablemente, sadly, honestly, to be honest, tbh, at all, this time, tell him hi, tell her hi,
        thanks for thinking of me, thank you for thinking of me, trabajo, que, no se apure, no se apuren, no
        te apures, no hay pena, usted, ustedes, gracias por avisarme, gracias por escribir, gracias por
        tomarme en cuenta, gracias por pensar, gracias por acordarse, para mi, necesito las horas, necesito
        horas, necesito el dinero, necesito trabajar, me hacen falta las horas, me hace falta, ya mero,
        mero, mismo, ok pues, ahi mismo, perdon que no conteste antes, perdon que no conteste, perdon por no
        contestar, perdon por no responder, no conteste antes, no vi el mensaje, no habia visto, apenas vi,
        recien veo, recien vi, my kids, my kid, my baby, my babies, the kids, the baby, their dad, pitit
        mwen, pitit m, timoun yo, been hoping, was just hoping, been praying, praying for, my phone died,
        sorry my phone died, phone was off, my phone was off, tell her i said hi, tell him i said hi, tell
        them i said hi, said hi, say hi, i love her, i love him, love her, love him, love that lady, i love
        that lady, love miss, i love miss, love mr, love working with her, love working with him, wala akong
        pasok, walang pasok, wala akong lakad, wala akong gagawin, walang lakad, hindi ako busy, di ako
        busy, not busy, im not busy, not doing anything, im not doing anything, nothing planned, nothing
        going on, no plans, got no plans, i have no plans, dont have plans, i dont have plans, dont have any
        plans, i dont have any plans, i dont have anything, dont have anything, dont have anything going on,
        i dont have anything going on, got nothing going on, got nothing planned, i got nothing, no tengo
        nada, no tengo nada que hacer, no tengo planes, no tengo nada ese dia, no estoy ocupada, no estoy
        ocupado, no ando ocupada, no trabajo ese dia, yung shift, yung shift na yan, yung, ni, kay, ang
        shift, ang shift na yan, yung shift na yun, dun, doon, diyan, as boy, go ahead, go ahead and,
        hoping, open up, something would open up, could use it, needed this, needed that, i needed this, i
        needed that, right on time, lifesaver, jesus, glory, yall the best, youre the best, ur the best, the
        best, shout out, lets gooo, woo, woohoo, woot, yippee, hooray, madan, madam, asi que, por eso, thats
        why, donk, no problemas, no stress, sin bronca, no hay falla, ningun inconveniente, no tengo
        inconveniente, no pwoblem, more hours, the hours, need more hours, extra hours, i know that client,
        i know her, i know him, i know the client, i know that house, i know the house, know her, know him,
        know the house, know the way, no need to keep looking, no need, no need to look, keep looking, dont
        give it to anybody else, dont give it to anyone else, dont give it away, dont give it to nobody,
        gracias a dios, thank god, wala akong ibang pasok, wala akong ibang lakad, walang ibang pasok,
        walang ibang lakad, cant say no to, by gods grace, by the grace of god, by his grace, by grace,
        roger, roger that, 10 4, copy, copy that, after all, my phone died earlier, phone died earlier, this
        week, as in, bc, bcs, bcz, bcuz, cuz, coz, cause, because, porque, pq, xq, kasi, kase, paske, btw,
        ptl, m pa gen anyen pou m fe, mwen pa gen anyen pou m fe, m pa gen anyen, mwen pa gen anyen, pa gen
        anyen, pa gen anyen pou m fe, assignment, availability, my availability, my assignment, before
        somebody else does, before someone else does, before someone else gets it, before somebody else gets
        it, before its gone, before anybody else, before anyone else, creek dont rise, the creek dont rise,
        and the creek dont rise, sweetheart, sweetie, sweety, baby, babe, darling, darlin, sugar, honeybun,
        mama, mamas, sista, sister girl, ladies, everybody there, at a red light, red light, c u, cu, kita
        kits, merci, merci beaucoup, bonjour, bonsoir, in church right now, in church, kailangan ko,
        kailangan ko ng oras, need the $, need it, need that, hi everyone, hey everyone, hello everyone
    """,
}

# Said to an offer these accept; but they may be said to any news, such as that the shift has gone.
AGREEING_TOO = """
    okie, okey, oki, okk, oka, okey dokey, okie dokie, sure, sure thing, alrighty, aight, ight, sounds
    good, sounds great, sounds good to me, works for me, that works, will do, bet, fine, thats fine, thats
    ok, thats okay, great, perfect, cool, good, all good, i got it, you got it, u got it, vale, dale, de
    acuerdo, listo, lista, okis, esta bien, ta bien, claro, perfecto, excelente, bien, muy bien, me parece
    bien, me parece, sale, va, orale, cge, ge, sigi, sige, oks, ok, okay, ayos, okay lang, ok lang, ok
    lng, okey wi, ok wi, dako, m dako, mwen dako, dakor, se bon, anfom, bon, trebyen, tre byen, pafe, san
    pwoblem, no problem, no problems, no prob, no probs, no probz, np, no problemo, no problema, not a
    problem, not a prob, its not a problem, no biggie, no big deal, not a big deal, no issue, no issues,
    not an issue, no sweat, why not, y not, no hay problema, no hay ningun problema, sin problema, sin
    problemas, ningun problema, no es problema, no hay inconveniente, sin inconveniente, no tengo
    problema, no tengo ningun problema, por que no, no hay bronca, no hay lio, pa gen pwoblem, pagen
    pwoblem, pa gen okenn pwoblem, m pa gen pwoblem, mwen pa gen pwoblem, mpa gen pwoblem, poukisa pa,
    walang problema, wala akong problema, bakit hindi, bat hindi, no wahala
"""

_WEEKDAYS = (
    "monday mon lunes lendi", "tuesday tues tue martes madi", "wednesday wed miercoles miyerkules mekredi",
    "thursday thurs thur thu jueves huwebes jedi", "friday fri viernes biyernes vandredi",
    "saturday sat sabado samdi", "sunday sun domingo linggo dimanch",
)  # fmt: skip
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
TOMORROW = frozenset(["tomorrow", "tmrw", "tmr", "tmw", "tomorow", "tommorow", "bukas", "demen"])
_MONTHS = (
    "jan january enero janvye", "feb february febrero fevriye", "mar march marzo", "apr april abril avril",
    "may mayo", "jun june junio jen", "jul july julio jiye", "aug august agosto",
    "sep sept september septiembre septanm", "oct october octubre oktob", "nov november noviembre novanm",
    "dec december diciembre desanm",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}

# A request to be texted again.
START_REQUESTS = """
    sign me back up, put me back on the list, put me back on your list, put me back on the text list, add me
    back, add me back to the list, resubscribe, resubscribe me, opt me back in, opt me in, opt in, turn the
    texts back on, turn texts back on, text me again, want texts again, want the texts again, get texts again,
    get the texts again, volver a recibir, vuelvan a mandarme, vuelva a mandarme, volver a mandarme, vuelvan a
    enviarme, volver a enviarme, vuelvan a textearme, manden otra vez, mandenme otra vez, quiero recibir
    mensajes otra vez, ibalik nyo ako sa listahan, ibalik mo ako sa listahan, isali nyo ulit ako, i text nyo
    ulit ako, itext nyo ulit ako, rekomanse voye, voye mesaj yo anko pou mwen, remete m sou lis la, mete m sou
    lis la anko
"""

# A request to be left alone, wherever it stands in a text.
STOP_REQUESTS = """
    stop texting, stop txting, stop texting me, stop messaging, stop messaging me, stop sending, stop
    contacting, stop calling, stop bothering, stop emailing, stop these texts, stop all texts, stop the
    texts, stop messages, stop all messages, stop the messages, stop with the texts, quit texting, quit
    messaging, quit sending, quit bothering, quit contacting, dont text me, do not text me, dont txt me,
    dont message me, do not message me, dont contact me, do not contact me, dont send me, do not send me,
    dont text this number, do not text this number, never text me, never contact me, please dont text, no
    more texts, no more text, no more messages, no more msgs, no more of these, remove me, take my number
    off, remove my number, delete my number, lose my number, unsubscribe me, unsubscribe, opt out, opt me
    out, optout, leave me alone, stop harassing, i want to unsubscribe, want off this list, off this list,
    off your list, off the list, dont want these texts, dont want texts, dont want any more texts, dont
    want to get these, dont want to receive, no longer want to receive, no longer want these, cancel my
    subscription, end these texts, end these messages, block me, cease, stop spamming, spam me, no me
    manden, no me mande, no me mandes, no me escriban, no me escriba, no me escribas, no me envien, no me
    envie, no me envies, no me texteen, no me textee, no me contacten, no me contacte, no me llamen mas,
    no quiero mensajes, no quiero mas mensajes, no quiero recibir, ya no quiero recibir, ya no quiero
    mensajes, ya no me manden, ya no me escriban, ya no me envien, no mas mensajes, no mas textos, ni un
    mensaje mas, dejen de mandar, dejen de mandarme, deje de mandarme, dejen de enviar, dejen de enviarme,
    deje de enviarme, dejen de escribir, dejen de escribirme, deje de escribirme, dejen de molestar, deje
    de molestar, dejen de textear, dejen de textearme, paren de mandar, paren de enviar, paren los
    mensajes, paren de escribirme, saquenme, saqueme, sacame de, saquenme de la lista, quitenme, quiteme,
    quitame de, borrenme, borreme, borrame, borren mi numero, borre mi numero, eliminenme, elimineme,
    eliminen mi numero, elimine mi numero, quiten mi numero, cancelar suscripcion, cancelar mi
    suscripcion, cancelen mi suscripcion, darme de baja, denme de baja, deme de baja, dame de baja, quiero
    darme de baja, no molesten, no me molesten, tigilan nyo, tigilan niyo, tigilan na, tigilan mo, tigil
    na, itigil na, itigil nyo, tama na po ang text, tama na ang text, tama na ang pag text, tama na pag
    text, huwag nyo na ako, huwag nyo na akong, huwag niyo na akong, huwag na kayong mag text, huwag na
    kayo mag text, huwag na po kayo mag text, huwag na po kayong mag text, huwag na magtext, huwag na mag
    text, huwag na po mag text, huwag mo na akong, wag nyo na ako, wag nyo na akong, wag niyo na akong,
    wag na kayo mag text, wag na kayong mag text, wag na po kayo mag text, wag na po kayong mag text, wag
    na mag text, wag na magtext, wag na po mag text, wag mo na akong, wag nyo ko itext, alisin nyo ako,
    alisin niyo ako, alisin mo ako, alisin nyo na ako, alisin nyo po ako, paki alis ako, paki alis na ako,
    pakialis ako, pakialis na ako, pakitanggal ako, paki tanggal ako, tanggalin nyo ako, tanggalin nyo na
    ako, tanggalin niyo ako, burahin nyo number ko, burahin ang number ko, ayoko na ng text, ayaw ko na ng
    text, ayoko na makatanggap, ayaw ko na makatanggap, ayoko nang makatanggap, hindi na ako gusto
    makatanggap, stop na, stop na po, tigilan, wag na po kayo magtext, wag na kayo magtext, huwag na po
    kayo magtext, huwag na kayo magtext, sispann, sispann voye, sispann ekri, sispann texte, sispann rele,
    sispan, sispan voye, pa voye mesaj, pa voye mesaj anko, pa voye m mesaj, pa voye anyen, pa voye teks,
    pa voye text, pa ekri m, pa ekri mwen, pa ekri m anko, pa texte m, pa teks mwen, pa tekste m, pa rele
    m anko, pa kontakte m, pa kontakte mwen, pa voye anko, mwen pa vle mesaj, m pa vle mesaj, mwen pa vle
    resevwa, m pa vle resevwa, mwen pa vle mesaj anko, m pa vle mesaj anko, retire m, retire mwen, retire
    non m, retire nimewo m, retire nimewo mwen, efase nimewo m, efase nimewo mwen, efase m, wete m, wete
    mwen, wete non m, wete nimewo m, wete nimewo mwen, kite m trankil, kite mwen trankil, kite m anpe, ase
    voye, ase ekri, fini ak mesaj, pa anmede m, pa deranje m, pa deranje mwen, not send me, no send me,
    dont send, no text me, not text me, no message me, not message me, no more send
"""
