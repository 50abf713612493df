"""Phrases that consent."""

YES = """
    yes, y, yep, yeah, yea, yeh, yup, yas, ya, yah, yess, yees, yes sir, yes maam, yes indeed, ys, yse,
    eys, yesd, yess i do, yessir, yessirr, ok, okay, okie, okey, oki, okk, oka, okey dokey, okie dokie, k,
    kk, sure, sure thing, shure, sur, for sure, fosho, fo sho, of course, ofcourse, ofc, absolutely,
    absolutly, absolutley, definitely, definately, definitly, def, certainly, alright, alrighty, aight,
    ight, affirmative, affirm, hell yes, hell yeah, heck yes, heck yeah, bet, you bet, u bet, you know it,
    sounds good, sounds great, sounds good to me, sounds perfect, works for me, that works, that works for
    me, it works for me, this works, will do, wil do, gladly, happy to, glad to, id be happy to, i would
    be happy to, be happy to, 1, por supuesto, claro, claro que si, claro q si, clarito, simon, si+, sip,
    sep, vale, dale, de acuerdo, listo, lista, okis, con gusto, con mucho gusto, seguro, afirmativo, esta
    bien, ta bien, correcto, desde luego, cuente con ello, orale, sale, va, sobres, oo, opo, oho, oo nga,
    sige, cge, sge, ge, sigi, oks, payag, payag ako, game, g na, tanggap ko, syempre, siyempre, areglado,
    wi, wi wi, wii, oke, okey wi, dako, mwen dako, m dako, byen si, dakor, san pwoblem, se bon, ok wi, men
    wi, como no, yeppers, yepper, yuppers, yuh, yerr, oky, okies, uu, you got it, u got it, indeed, why
    not sure, encantada, encantado, yes i do, yed, yez, yws, yrs, ues, yss, yesh, most def, most
    definitely, 💚, absolutely yes, por supuesto que si, claro que yes, no se diga mas, seguro que si, oh
    yes, oh sure, delighted, would be delighted, i would be delighted, id be delighted, would be glad to,
    i would be glad to, would be happy to, would be my pleasure, my pleasure, pleasure, honored, yeps, ya
    sure, okey doke, oke doke, okie doke, righto, right on, aye, yass, yaas, hell ya, heck ya, fasho,
    sholl, sho nuff, sho will, sure will, sure can, sure do, sure would, most certainly, certainly can,
    definitely can, def can, totally can, absolutely can, of course i can, i can definitely, yes indeedy,
    you betcha, u betcha, betcha, say no more, works, thatll work, that will work, itll work, it works,
    sounds like a plan, its a yes, its a yes from me, it is a yes, thats a yes, thats a yes from me, a yes
    from me, yes from me, definite yes, hard yes, big yes, easy yes, im a yes, i am a yes, put me as a
    yes, mark me as a yes, mark me yes, why not yes, dont see why not, i dont see why not, wouldnt say no,
    i wouldnt say no, never say no, i never say no, yes of course, of course yes, i consent, agreed, i
    agree, agree, im with it, im wit it, absolument, i said yes, already said yes, i already said yes,
    once again yes, again yes, yes again, ya estas, ya esta, hecho, trato hecho, sin pensarlo, con todo
    gusto, con placer, de mil amores, a huevo, obvio, obvio que si, claro claro, desde ya, cuenta con eso,
    de una, de una vez, dele, dalee, juega, va que va, jalo, le entro, estoy de acuerdo, conforme,
    positivo, walang problema, wala problema, walang prob, areglado na, sige go, g lang, go lang, g ako,
    oo ba, uo, opo opo, oo oo, deal, noted and confirmed, avek plezi, ak plezi, ak tout plezi, se sa, se
    sa menm, wi wi wi, wi se bon, ok se bon, dako wi, sen, san mank, poukisa non, pouki non, byensi, wi
    byensi, absoliman, no doubt, yh, yuh huh, uh huh, oui, oui oui, daccord, bien sur, bien sur que oui,
    ci, zi
"""
# Complete without a yes.
COMMIT = """
    i can, ill do it, i do, i got it, i got u, i got you, i gotchu, got you covered, gotchu, i got this, i
    got dis, i got that, i want it, i want the shift, i want this shift, i want that shift, ill be there,
    i will be there, ill b there, see you there, see u there, see you then, see u then, c u there, be
    there, b there, i shall be there, im in, i am in, im down, i am down, im game, im on it, on it, im
    good to go, im good for it, good to go, count me in, put me in, put me down, put me down for it, sign
    me up, book me, schedule me, add me, pencil me in, mark me down, assign me, assign it to me, give it
    to me, give me the shift, give me that shift, give me it, ill be happy to, im available, i am
    available, im avail, im free, i am free, available, avail, im availble, i am avail, im avalable, i
    have availability, i can i can, im your girl, im your guy, im your person, mine, its mine, ill take it
    please, im taking it, i am taking it, taking it, take it, ill tk it, i take it, i take, ill take, i tk
    it, ima take it, lemme get it, let me get it, let me have it, let me take it, i volunteer, im coming,
    i am coming, coming, on my way, omw, you can count on me, u can count on me, count on me, id love to
    work it, lets do it, lets go, i choose it, i pick it, its good with me, fine with me, thats fine with
    me, that is fine with me, good with me, i can be there, i dont mind taking it, i dont mind working it,
    ready to work, im ready, i am ready, ill work, i work it, puedo, yo puedo, si puedo, yo si puedo, ya
    puedo, puedo ir, puedo trabajar, puedo cubrir, puedo cubrirlo, puedo tomarlo, puedo hacerlo, puedo
    tomarla, puedo cubrirla, puedo hacerla, puedo venir, puedo ayudar, puedo tomar el turno, puedo cubrir
    el turno, puedo trabajar ese turno, si lo tomo, lo tomo, la tomo, yo lo tomo, yo la tomo, me lo quedo,
    lo agarro, yo lo agarro, la agarro, lo acepto, la acepto, lo quiero, yo lo quiero, si lo quiero,
    quiero el turno, quiero ese turno, lo cubro, yo lo cubro, lo hago, yo lo hago, la hago, lo trabajo,
    tomo el turno, acepto el turno, agarro el turno, cubro el turno, cuenta conmigo, cuenten conmigo,
    cuente conmigo, yo voy, si voy, voy yo, voy, ahi voy, ahi estare, alli estare, ahi estoy, ahi nos
    vemos, estoy disponible, estoy libre, disponible, si estoy disponible, tengo disponibilidad, me
    apunto, apuntame, apunteme, apuntenme, anotame, anoteme, anotenme, ponme, pongame, ponganme, yo me
    encargo, me encargo, estoy listo, estoy lista, ya voy, voy para alla, voy a ir, voy a tomarlo, voy a
    trabajar, voy a estar ahi, ire, yo ire, damelo, demelo, denmelo, me lo das, es mio, mio, dejamelo, lo
    puedo hacer, lo puedo tomar, lo puedo cubrir, la puedo tomar, yo lo puedo hacer, yo lo puedo cubrir,
    yo lo puedo tomar, me quedo con el turno, kaya ko, kaya ko yan, kunin ko, kukunin ko, kuhanin ko,
    kukuhanin ko, kinukuha ko, kuha ko, ako na, ako na bahala, ako na lang, ako nalang, ako nlng, akin na,
    akin na yan, akin yan, pwede ako, puwede ako, pede ako, pwd ako, pwede, puwede, pede, pwd, papasok
    ako, pasok ako, available ako, libre ako, go ako, game ako, sama ako, punta ako, pupunta ako,
    tatanggapin ko, tatrabahuhin ko, gagawin ko, andyan ako, dadating ako, darating ako, gusto ko, gusto
    ko yan, gusto ko ang shift, lista mo ako, ilista mo ako, ilista nyo ako, ilagay mo ako, sa akin na,
    sakin na, papasukan ko, free ako, mwen ka, m ka, mka, mwen kapab, m kapab, mwen ka fe l, m ka fe l,
    mwen ka pran l, m ka pran l, mwen ka vini, m ka vini, m ka travay, mwen ka travay, mwen pran l, m pran
    l, map pran l, m ap pran l, mwen ap pran l, mwen pral pran l, map fe l, m ap fe l, mwen ap fe l, map
    vini, m ap vini, mwen ap vini, mwen pral vini, m pral vini, map la, m ap la, mwen ap la, mwen
    disponib, m disponib, mwen dispo, m dispo, disponib, dispo, mwen lib, m lib, konte sou mwen, konte sou
    m, ou met konte sou mwen, mete m, mete non m, mete m ladan l, ban mwen l, ban m li, banm li, ban mwen
    li, mwen vle l, m vle l, mwen vle li, m vle li, mwen vle, m vle, se pou mwen, se pa m, map travay li,
    m ap travay li, mwen ap travay li, mwen la, m la, mwen pare, m pare, map fel, map pranl, m ap fel, m
    ap pranl, mwen ka fel, m ka fel, m ka pranl, mwen pranl, m pranl, m vlel, mwen ale, m ap ale, map ale,
    m prale, mwen prale, i will, can do, i have time, i have the time, say less, dibs, put my name on it,
    put my name down, put my name, i can i will, tengo tiempo, si tengo tiempo, m ap pran li, map pran li,
    mwen ap pran li, m ap fe li, map fe li, m pran li, mwen pran li, m ka fe li, mwen ka fe li, m ka pran
    li, mwen ka pran li, m gen tan, mwen gen tan, m ap okipe l, map okipe l, encantada de ir, encantado de
    ir, kiero ese turno, yo quiero ese turno, yo quiero el turno, quiero tomarlo, quiero tomar el turno,
    quiero trabajar, yo quiero, quiero cubrirlo, ill show up, i will show up, wouldnt miss it, see you
    monday, see you tuesday, see you wednesday, see you thursday, see you friday, see you saturday, see
    you sunday, see you tomorrow, see u tomorrow, confirmed for, cuente con migo, cuenten con migo, cuenta
    con migo, deme ese turno, deme el turno, denme ese turno, denme el turno, dame el turno, dame ese
    turno, ando libre, ando disponible, alla nos vemos, alla estare, ahi voy a estar, alla voy, libre, m
    lib jou sa, voy a estar, tomo, agarro, yo tomo, yo agarro, me quedo con ese, pasok na ako, dadalo ako,
    pupuntahan ko, kukunin ko yan, kukunin ko na, kunin ko na, kunin ko yan, kukunin ko yung shift, i got
    that one, i got the shift, i got that shift, consider it done, put me on the schedule, put me on the
    schedule for it, put me on it, put me on, put me on that, you can put me on the schedule for it, you
    can put me down, you can put me on, you can count me in, si quiero, yo si quiero, boy a ir, yo boy, im
    all yours, sign me up for it, you have me, you got me, got me, i accept this shift, i accept the
    shift, accept the shift, accept this shift, i want in, want in, want it, will take it, will take, will
    cover, will cover it, will work it, will work, will be there, will b there, will do it, will come,
    happy to take it, happy to cover, happy to help, happy to work it, glad to take it, glad to help,
    delighted to take it, im open, i am open, im ok with it, im okay with it, im ok with that, im fine
    with it, im good with that, im good with it, ok with me, its ok with me, lock me in, lock me down,
    slot me in, ink me in, pen me in, pencil me down, write me in, write me down, put my name in, put me
    in for it, put me in for that, put me as available, count me, your girl, your man, your guy, im your
    man, im your woman, im ur girl, im ur man, im ur person, got your back, i got your back, i gotcha
    covered, gotcha covered, ive got it, ive got this, ive got that, i have it covered, i got it covered,
    on the way, heading over, right there, be right there, ill be right there, claim it, i claim it,
    claiming it, consider it covered, consider it filled, consider me in, consider me there, its covered,
    you got it covered, youre covered, im all over it, all over it, shift covered, give it here, hand it
    over, send it my way, i am free that day, im free that day, free that day, i have that day open, my
    day is open, my schedule is open, assign that to me, go ahead and assign it to me, go ahead and put my
    name, hit me up for it, the shift is mine, its mine then, mine please, i shall cover it, i shall take
    it, i shall, i should be there, confirm, confirmed, confirming, accepted, accepting, i accept, accept,
    confirmo, confirmado, confirmada, yo confirmo, acepto, aceptado, yo acepto, si acepto, mwen konfime, m
    konfime, mwen aksepte, m aksepte, aksepte, tinatanggap ko, confirm ako, yo hago el turno, hago el
    turno, hago ese turno, yo hago ese, yo trabajo ese turno, yo trabajo el turno, es mia, la mia, es para
    mi, yo llego, ahi llego, alla llego, yo ahi estoy, yo estoy ahi, agendeme, agendame, agendenme,
    incluyame, incluyanme, agregueme, agregame, programeme, programenme, asigneme, asignenme, asignemelo,
    asignamelo, asignenmelo, delo a mi, yo me anoto, yo me apunto, me anoto, yo puedo cubrir, yo si voy,
    yo voy pa alla, voy pa alla, pa alla voy, pa alla, lo agarramos, me lo llevo, me la llevo, me la
    quedo, me quedo con la, me quedo con el, me quedo con las dos, me quedo con los dos, quedo con, estare
    ahi, estare alla, alli voy, estare presente, yo estare, ahi me presento, tomare el turno, lo tomare,
    la tomare, yo lo tomare, lo cubrire, yo lo cubrire, lo hare, yo lo hare, aceptare, lo aceptare,
    cubrire, cubro, yo cubro, trabajare, asistire, me sirve, si me sirve, me queda bien, me conviene,
    makakapunta ako, makakarating ako, makakapasok ako, kaya kong pumunta, kaya kong pumasok, kaya ko
    pumasok, kukunin, kinukuha ko na, ako na kukuha, ako na ang kukuha, ako kukuha, ako ang papasok, ako
    ang pupunta, ako papasok, isulat nyo na pangalan ko, isulat nyo pangalan ko, isulat nyo ako, ilista
    nyo na ako, ilista nyo na pangalan ko, lagay nyo na ako, lagay mo na ako, lagay mo ko, lagay nyo ko,
    isama nyo ako, sama nyo ako, sali ako, kasali ako, confirm ko, confirmed ako, go na ako, g na ako, dun
    na ako, andun ako, nandun ako, andon ako, nandiyan ako, pupunta, papasok na ako, akin na yung shift,
    akin na yung, akin nalang, akin na lang, saakin na, sa akin na lang, sakin nalang, bigay nyo na sakin,
    bigay nyo sakin, bigay mo sakin, bigay mo na sakin, ako na sa, ako na dyan, ako na jan, ako sa shift,
    reserve nyo ako, bay mwen, bay mwen l, bay mwen li, bam li, banm, ban mwen, banm l, ban m, mete non
    mwen, mete non pam, ekri non m, ekri non mwen, m ap pran sa, m pran sa, mwen pran sa, m ap kouvri, m
    pral la, mwen pral la, m ap prezan, map prezan, m ap la san mank, konte m, se mwen k ap fe l, se mwen
    kap fe l, m ap ede w, m vle travay, mwen vle travay, mwen disponib pou li, m ap pran shift la, i
    confirm, i go, ill be right over, be their, be ther, be thr, gimme that one, gimme it, gimme that,
    gimme the shift, gimme this one, give me that one, give me this one, give me this shift, dont mind if
    i do, i dont mind if i do, lo cojo, yo lo cojo, la cojo, me lo aviento, yo me lo aviento, lo saco, yo
    lo saco, lo resuelvo, lo atiendo, yo lo atiendo, yo lo trabajo, lo chambeo, lo jalo, me lo echo,
    ilista nyo na ko, ilista nyo ko, lista nyo ko, lista nyo na ko, isama nyo na ko, isama nyo ko, lagay
    nyo na ko, mapfel, mapfe, mapranl, mapran, mapvini, mapla, mkapfel, mapfe l, mapfe li, mpranl, yo voy
    pa ese turno, voy pa ese turno, yo voy pa ese, voy pa ese, im so down, so down, im sooo down, im
    really down, je prends, je peux, je le prends, je suis disponible, je serai la, jy serai, la cuido, yo
    la cuido, lo cuido, yo lo cuido, la atiendo, yo la atiendo, no me la pierdo, no me lo pierdo, boy a
    estar, me la aviento, yo me la aviento, kaya, ill take care of it, i will take care of it, im good
    for, i am good for, give me
"""
# Consent if nothing else is said.
WEAK = """
    fine, thats fine, great, perfect, cool, good, all good, i dont mind, perfecto, bueno, excelente, bien,
    muy bien, me parece bien, me parece, ayos, okay lang, ok lang, ok lng, trip ko, anfom, bon, trebyen,
    tre byen, pafe, no problem, no problems, no prob, no probs, no probz, np, no problemo, no problema,
    not a problem, not a prob, its not a problem, no biggie, no big deal, not a big deal, no issue, no
    issues, not an issue, cant wait, i cant wait, cannot wait, can not wait, i can not wait, i cannot
    wait, why not, y not, no hay problema, no hay ningun problema, sin problema, sin problemas, ningun
    problema, no es problema, no hay inconveniente, sin inconveniente, no tengo problema, no tengo ningun
    problema, por que no, claro por que no, no hay bronca, no hay lio, pa gen pwoblem, pagen pwoblem, pa
    gen okenn pwoblem, m pa gen pwoblem, mwen pa gen pwoblem, mpa gen pwoblem, poukisa pa, wala akong
    problema, wala akong problem, cant say no to that, cant say no, how could i say no, wouldnt miss it
    for the world, bakit hindi, bat hindi, no sweat, no wahala, no yawa, no ay problema, is good for me,
    good for me, is good, is fine, is perfect, is great
"""
WISH = """
    id love to, i would love to, would love to, id like to, i would like to, i wanted to, wanted to, i
    want to, want to, me encantaria, me gustaria, quisiera, ojala pudiera, gusto ko sana, gustuhin ko man,
    mwen ta renmen, m ta renmen, id take, id take it, id do it, id work it, id say yes, would say yes,
    would take it, would like, would love, would love it, i would love it, id love it, id love that, would
    like it, would like that, would like that shift, i would like that shift, oo sana, sana, m ta, mwen
    ta, me hubiera gustado, quisiera poder, gusto ko man, te di wi, m te di wi, mwen te di wi, dije que
    si, le dije que si, les dije que si, i told you yes, i told u yes, said yes, i want, quiero, quisiera
    decirle que si, quisiera decir que si, me gustaria decir que si, me gustaria decirle que si, wish, i
    wish, i would take it, i would, sure wish, sure wish i could, really wish, really wish i could
"""
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
    walang problema, wala akong problema, bakit hindi, bat hindi, no wahala, on my way, omw, coming, im
    coming, i am coming, heading over, on the way, im ready, i am ready
"""
