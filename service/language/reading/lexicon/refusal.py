"""Phrases that refuse, and reasons for it."""

NO = """
    no, n, nope, nop, nah, naw, nay, noo, nooo, no way, no sir, no maam, no thanks, no thank you, no thx,
    no ty, nty, no tks, hell no, heck no, decline, declined, i decline, declining, pass, i pass, ill pass,
    imma pass, ima pass, i will pass, gotta pass, have to pass, hard pass, passing, ill have to pass,
    going to pass, gonna pass, ill sit this one out, sitting this one out, count me out, 2, two, cant,
    cnt, cannot, can not, i cant, i cnt, i cannot, i can not, icant, canot, cantt, i cant make it, cant
    make it, cant do it, i cant do it, cant do that, cant take it, i cant come, cant come, cant work, cant
    today, cant tonight, cant go, wont, wont be able, i wont be able to, wont be able to make it, will
    not, i will not, ill not, not able, not able to, im not able to, unable, unable to, im unable, not
    available, not avail, im not available, im not avail, i am not available, aint available, not free, im
    not free, unavailable, un available, unavail, not avaliable, not availble, not today, not tonight, not
    tomorrow, not this time, not this one, not this week, not this weekend, not that day, not me, not
    working, im not working, not interested, im not interested, not for me, not going to, not going to
    make it, not gonna, not gonna make it, not gonna happen, aint gonna make it, not possible, impossible,
    not happening, not really, not feeling it, dont want it, i dont want it, dont want to, i dont want to,
    dont want that shift, dont think so, i dont think so, dont think i can, i dont think i can, dont have
    time, i dont work, dont work, cant this time, maybe next time, next time, another time, some other
    time, find someone else, get someone else, ask someone else, give it to someone else, someone else can
    have it, someone else can take it, offer it to someone else, no can do, negative, nada, never, never
    mind, nevermind, skip, skip me, ill skip, i must decline, must decline, regretfully, i regret, cant
    make it anymore, cant anymore, can no longer, no longer available, i can no longer, no longer able,
    wish i could, i wish i could, id rather not, rather not, i refuse, refuse, couldnt, i couldnt, couldnt
    make it, i have to cancel, have to cancel, need to cancel, i need to cancel, gotta cancel, drop me,
    backing out, i have to back out, have to call out, calling out, im calling out, no puedo, no pued, nop
    puedo, yo no puedo, no podre, no voy a poder, no podria, no pudo, ya no puedo, no puedo ir, no
    gracias, no grasias, no disponible, no estoy disponible, no estoy, no voy, no ire, no me es posible,
    no es posible, no me va a ser posible, imposible, no me toca, hoy no puedo, no por ahora, no quiero,
    no lo quiero, no me interesa, no interesado, no interesada, paso, yo paso, esta la paso, tampoco, nel,
    nel pastel, negativo, rechazo, lo rechazo, declino, no acepto, no lo tomo, no la tomo, no trabajo, no
    lo puedo, no lo puedo tomar, no la puedo, no cuenten conmigo, no cuentes conmigo, para la proxima, la
    proxima, sera la proxima, otro dia sera, busquen a otra persona, busca a otra persona, busquen a otro,
    busquen otra persona, denselo a otra persona, ni modo, jamas, nunca, no tengo tiempo, no alcanzo, no
    llego, no me siento bien, no podre ir, no hay manera, de ninguna manera, ni loca, ni loco, no hay
    forma, hindi, hindi ako pwede, hindi pwede, di pwede, di ako pwede, d ako pwede, d pwede, dko kaya, di
    ko kaya, hindi ko kaya, di kaya, hindi kaya, hindi ako makakapunta, hindi ako makakapasok, di ako
    makakapasok, di ako makapasok, hindi makakapasok, di makakapasok, di ako makakapunta, hindi ako
    available, di ako available, di ako free, hindi ako free, ayaw, ayaw ko, ayoko, ayoko muna, pass muna,
    pass muna ako, pass ako, next time na lang, next time nalang, sa susunod na lang, sa susunod nalang,
    huwag na, wag na, wag na lang, hindi muna, di muna, hindi na, di na, hinde, indi, dili, iba na lang,
    iba nalang, sa iba na lang, wala ako, ayaw ko na, hindi ako libre, di ako libre, hindi ako papasok, di
    ako papasok, hindi ko kukunin, di ko kukunin, hindi ko matatanggap, di ko matanggap, non, non mesi, no
    mesi, nonm, mwen pa kapab, m pa kapab, mpa kapab, mwen pa ka, m pa ka, mpa ka, mwen paka, m paka,
    mpaka, pa kapab, pa ka, paka, mwen pap kapab, m pap kapab, map pa kapab, mwen pap ka, m pap ka, mpap
    ka, mwen pap vini, m pap vini, mwen pa disponib, m pa disponib, pa disponib, mwen pa dispo, m pa
    dispo, pa dispo, mwen pa lib, m pa lib, pa lib, mwen pa vle, m pa vle, mwen pa vle l, m pa vle l, pa
    vle, pa jodi a, pa jodia, pa aswe a, pa fwa sa a, pa fwa sa, pa posib, enposib, mwen refize, m refize,
    mwen pa ap kapab, mwen pa enterese, m pa enterese, pa enterese, yon lot fwa, yon lot le, pwochen fwa,
    jwenn yon lot moun, bay yon lot moun, chache yon lot moun, pa pou mwen, pap kapab, pap ka, mwen pase,
    m ap pase, map pase, janme, mwen pa la, m pa la, mwen pap la, m pap la, mwen pap travay, m pap travay,
    mwen pa ka anko, m pa ka anko, pa ka anko, dont do, i dont do, im good, i am good, im all set, all
    set, im ok, im okay, no im good, gonna have to pass, have to say no, going to have to pass, i have to
    pass, i have to decline, i have to say no, have to decline, say no, id have to say no, not gonna be
    able, not going to be able, not gonna be able to, can not do, cant swing it, cant do, m pa ka vini,
    mwen pa ka vini, yeah no, yea no, ya no gracias, let somebody else, let someone else, let somebody
    else have it, let someone else have it, find somebody else, get somebody else, give it to somebody
    else, give it to another, give it to another girl, give it to another person, offer it to somebody
    else, ask somebody else, somebody else can have it, somebody else can take it, back out, need to back
    out, need to back out of, have to back out, gotta back out, busquen a otra, busque a otra, busque otra
    persona, busque a otra persona, siempre no, sera en otra ocasion, en otra ocasion, otra ocasion, otra
    vez sera, que va, dont drive, i dont drive, dont drive that far, wont b able, wont b able 2, wont b
    able to, wont be able 2, i wont b able, chachen yon lot, pran yon lot, not gonna work, wont work, wont
    work for me, doesnt work, doesnt work for me, that doesnt work, that wont work, no me queda, no me
    conviene, no me funciona, ayoko na, cant now, cant rn, oh no i cant, oh no sorry, aw no, aww no, ah
    no, rain check, raincheck, regretfully decline, unfortunately no, unfortunately not, afraid not, im
    afraid not, im afraid i cant, sitting out, not my day, sit this one out, sit it out, sit this out, sit
    out, im straight, im str8, str8, hard no, its a no, its a no from me, it is a no, thats a no, a no
    from me, no from me, gonna be a no, going to be a no, have to be a no, no dice, no go, its a no go,
    not a chance, no chance, aint no way, fat chance, pass on, ill pass on, passing on, pass on it, pass
    on this, pass on this one, pass on that, pass it on, leave me out, take me off that shift, take me off
    that, take me off the shift, take me off the schedule, take me off schedule, take me off it, remove me
    from that shift, remove me from the shift, remove me from the schedule, remove me from it, drop it,
    drop the shift, drop that shift, drop this shift, drop my shift, dropping it, gotta drop, need to
    drop, have to drop, give it back, give it up, giving it back, giving it up, give back, give my shift
    back, give the shift back, give that shift back, give that back, giving back, giving the shift back,
    hand it back, hand back, return it, return the shift, return my shift, unassign me, turn it down,
    turning it down, turn this down, turn that down, turn down, turn this one down, let it go, let this
    one go, let that one go, bail, gotta bail, have to bail, bailing, bail on, im out on this, im out on
    that, changed my mind, change my mind, change of plans, plans changed, aint coming, aint gonna, aint
    able, aint going, aint doing it, aint doing that, not coming, im not coming, not coming in, cant come
    in, wont be in, wont be there, wont make it, not making it, cant be there, wont be coming, not be
    able, not be able to, not doing it, im not doing it, not doing that one, no longer can, no longer
    want, no longer need, dont need it, i dont need it, dont need the hours, say no to this one, give it
    to whoever, let whoever, neither, neither one, neither of them, neither of those, none of them, none
    of those, not either, find another, find another aide, get another, send somebody else, send someone
    else, cant take nothing, cant do nothing, cant take anything, cant do anything, cant accept, cant
    cover, cant commit, hate to say no, gotta say no, got to say no, no voy a llegar, no podre asistir, no
    voy a ir, no cuente conmigo, no me apunte, no me anote, no me anoten, busquen a alguien, busque a
    alguien, busque a alguien mas, busquen a alguien mas, busquen otra, busque otra, deselo a otra, deselo
    a otro, deselo a alguien, denselo a otra, denselo a otro, dale el turno a otra, dele el turno a otra,
    den el turno a otra, que lo tome otra, que lo agarre otra, que lo haga otra, paselo a otra, pasenlo a
    otra, pasaselo a otra, ofrezcanselo a otra, mejor no, mejor paso, ya no, ya no voy, ya no podre, ya no
    voy a poder, ya no lo quiero, ya no la quiero, devuelvo el turno, lo devuelvo, la devuelvo, devolver,
    devolver el turno, devolverlo, regreso el turno, regresar el turno, regresarlo, dejo el turno, dejar
    el turno, soltar el turno, suelto el turno, cancelar el turno, cancelar mi turno, cancelarlo, cancelo
    el turno, cancelo mi turno, cancelar el, tengo que cancelar, toca cancelar, me toca cancelar, decir
    que no, digo que no, diria que no, es un no, no hay chance, no hay como, ninguna, ninguno, ninguna me
    sirve, ninguno me sirve, ninguna de las dos, ninguno de los dos, no me sirve, no me acomoda, no me da
    tiempo, no me da chance, no tengo chance, no tengo manera, no tengo como, cambie de opinion, cambie de
    planes, me arrepenti, no se va a poder, no va a poder ser, no se puede, no se pudo, no creo, no creo
    que pueda, no creo poder, no creo que, hoy no, esta vez no, ese dia no, mejor otro dia, me retiro,
    hindi makakarating, di makakarating, hindi ako makakarating, di ako makakarating, hindi makakapunta,
    di makakapunta, hindi na ako, di na ako, hindi na pwede, di na pwede, hindi makapasok, di makapasok,
    hindi ako makapasok, ibigay sa iba, ibigay na lang sa iba, ibigay nyo na lang sa iba, ibigay nyo sa
    iba, ibigay mo sa iba, ibigay mo na lang sa iba, bigay sa iba, bigay na lang sa iba, bigay nyo na lang
    sa iba, bigay nyo sa iba, bigay mo sa iba, sa iba na, sa iba na muna, isoli, isauli, isasauli,
    isasauli ko, isosoli, isosoli ko, ibalik, ibabalik, ibabalik ko, ibalik ko, bibitawan ko, bitawan ko,
    bitawan, i give up ko, ipasa sa iba, ipapasa ko, pasa ko na, wag na ako, huwag na ako, wag ako, huwag
    ako, hanap na lang kayo ng iba, hanap kayo ng iba, maghanap na lang kayo ng iba, maghanap na kayo ng
    iba, nagbago isip ko, nagbago ang isip ko, nagbago plano, wala akong time, wala akong oras, walang
    time, walang oras, remet, remet li, remet l, remet shift la, m oblije remet li, m ap remet li, map
    remet li, mwen ap remet li, m oblije remet, kite l pou yon lot, bay lot moun, bay li a yon lot, bay
    yon lot li, chache lot moun, jwenn lot moun, pran lot moun, pa konte sou mwen, pa konte sou m, m
    chanje lide, mwen chanje lide, mwen pap pran l, m pap pran l, m pap pran li, mwen pap pran li, mwen p
    ap kapab, m p ap kapab, m pa p kapab, mwen pa p kapab, p ap kapab, pa p kapab, m p ap ka, mwen p ap
    ka, m pa p ka, m pap fe l, mwen pap fe l, m pap fe li, mwen pap fe li, okenn, okenn nan yo, pa ka fe
    l, pa ka pran l, m pa ka fe l, m pa ka pran l, ni hablar, is not possible, it is not possible, its not
    possible, gotta give it back, gotta give back, cant say yes, cant say yes to this one, mi cyaan,
    cyaan, cyah, not taking, not doing, not covering, not accepting, not picking up, not going, im not
    taking, im not covering, im not going, aint taking, aint covering, aint working, wont take, wont do,
    wont cover, a otra persona, a otra companera, a otra muchacha, a otra chica, a otra, a otro, que
    alguien mas lo tome, que lo tome alguien mas, busquese a otra, busquese otra, buscate otra, buscate a
    otra, consigan a otra, consiga a otra, consigase a otra, manden a otra, mande a otra, llamen a otra,
    llame a otra, cheche lot moun, cheche yon lot moun, cheche yon lot, chache yon lot, dont want that,
    dont want this, dont want that one, dont want this one, dont want to work, i dont want that one, i
    dont want that, need to give back, have to give back, claro que no, por supuesto que no, obvio que no,
    que no, para nada, en absoluto, como crees, ay no, no fijate, fijate que no, fijese que no, dont put
    me, dont put me down, dont put me on, dont sign me up, dont count on me, dont book me, dont schedule
    me, please dont put me, je ne peux pas, non merci, je ne suis pas disponible, debo rechazar, debo
    rechazarlo, rechazar, rechazarlo, tengo que rechazar, give it to somebody, give it to someone, sa iba
    nyo na lang ibigay, sa iba nyo na ibigay, sa iba nyo na lang, sa iba mo na lang ibigay, hindi muna
    ako, not gona, not gona be able, remove me, quitenme, quiteme, quitame, saquenme, saqueme, sacame,
    wete m, wete mwen, wete non m, retire m, retire mwen, alisin nyo ako, alisin mo ako, alisin nyo na
    ako, borrenme, borreme, take me off, take back my yes, take back, ni puedo, take the day off, take
    tomorrow off, take off, taking off, i take back my yes, i take back, i take it back, take it back,
    taking it back, absolutely not, of course not, definitely not, certainly not, surely not, def not, for
    sure not, no thanks not
"""
REASON = """
    busy, im busy, i am busy, too busy, sick, im sick, i am sick, feeling sick, not feeling well, dont
    feel good, dont feel well, i dont feel good, im not feeling well, under the weather, have the flu,
    covid, have covid, got covid, tested positive, fever, have a fever, throwing up, migraine, in the
    hospital, in pain, hurt my back, injured, surgery, im working, i am working, im working that day,
    already working, im already working, i work then, i work that day, i work that night, i work tonight,
    i work today, i have work, have work, i got work, already scheduled, im scheduled, already booked, im
    booked, already have a shift, already have a client, have another shift, have another job, have a
    shift, got another job, on another case, working another case, at my other job, my other job, double
    booked, working a double, out of town, im out of town, outta town, on vacation, on vacay, im
    traveling, traveling, away, im away, have plans, i have plans, got plans, other plans, have class, i
    have class, in class, have school, i have school, at school, have church, have a funeral, funeral,
    have an appointment, have an appt, appointment, have appt, have a doctors appointment, doctors
    appointment, doctor appt, drs appt, dr appt, have court, too tired, im tired, im exhausted, exhausted,
    just got off, just got off work, worked all night, too far, its too far, thats too far, no car, no
    ride, no babysitter, no childcare, no sitter, no transportation, dont have a ride, dont have a car,
    car broke down, car trouble, car is in the shop, flat tire, dont have a sitter, dont have a
    babysitter, off that day, my day off, its my day off, taking the day off, im off, need the day off,
    need a break, need to rest, family emergency, have an emergency, emergency came up, something came up,
    kids are sick, kid is sick, baby is sick, son is sick, daughter is sick, mom is sick, child is sick,
    birthday, wedding, graduation, ocupado, ocupada, estoy ocupado, estoy ocupada, enfermo, enferma, estoy
    enfermo, estoy enferma, me siento mal, estoy mala, estoy malo, tengo fiebre, tengo gripe, tengo cita,
    tengo una cita, cita medica, cita con el doctor, tengo cita medica, tengo doctor, tengo planes, tengo
    compromiso, tengo un compromiso, tengo otro compromiso, tengo otro trabajo, tengo otro turno, tengo
    trabajo, ya tengo turno, ya tengo trabajo, trabajo ese dia, trabajo hoy, estoy trabajando, ya trabajo,
    trabajo manana, tengo clase, tengo clases, tengo escuela, tengo iglesia, estoy de viaje, fuera de la
    ciudad, estoy fuera, estoy fuera de la ciudad, de vacaciones, estoy de vacaciones, estoy cansada,
    estoy cansado, muy cansada, muy cansado, muy lejos, queda lejos, queda muy lejos, esta muy lejos, no
    tengo carro, no tengo coche, no tengo transporte, no tengo ride, no tengo quien, no tengo con quien,
    no tengo ninera, mi carro no sirve, se me descompuso, es mi dia libre, es mi descanso, descanso ese
    dia, hijo enfermo, hija enferma, nino enfermo, nina enferma, tengo emergencia, emergencia familiar,
    surgio algo, me salio algo, tengo que cuidar, tengo una emergencia, cumpleanos, may sakit, may sakit
    ako, masama pakiramdam ko, masama ang pakiramdam ko, may lagnat, may lagnat ako, may pasok ako, may
    pasok, may trabaho ako, may trabaho, may duty ako, may duty, may shift na ako, may shift ako, may
    lakad, may lakad ako, may appointment, may appointment ako, may klase, may klase ako, busy ako, pagod
    ako, pagod na ako, masyadong malayo, malayo, ang layo, nasa probinsya ako, nasa bakasyon, bakasyon,
    bakasyon ako, day off ko, off ko, rest day ko, walang masakyan, walang sasakyan, wala akong sasakyan,
    walang mag aalaga, walang magbabantay, wala akong bantay, wala magbabantay, may emergency, may
    emergency ako, may gagawin ako, may gagawin, may iba akong trabaho, kasal, may simba, nasa ospital,
    mwen malad, m malad, malad, mwen okipe, m okipe, okipe, mwen two okipe, m ap travay, map travay, mwen
    ap travay, mwen travay, m travay deja, mwen gen travay, m gen travay, mwen gen yon lot travay, m gen
    yon lot travay, gen yon lot travay, mwen gen randevou, m gen randevou, gen randevou, gen randevou
    dokte, mwen gen lekol, m gen lekol, m gen legliz, mwen gen legliz, mwen gen klas, m gen klas, mwen
    fatige, m fatige, twop fatige, fatige, two lwen, twop lwen, li two lwen, mwen vwayaje, m vwayaje, m
    deyo, mwen deyo, mwen pa gen machin, m pa gen machin, pa gen machin, mwen pa gen transpo, m pa gen
    transpo, pa gen transpo, pa gen transpoteson, mwen pa santi m byen, m pa santi m byen, pitit mwen
    malad, pitit m malad, gen yon ijans, mwen gen yon ijans, m gen ijans, mwen nan vakans, m nan vakans,
    vakans, m nan lopital, mwen nan lopital, mwen gen pwogram, m gen pwogram, se jou konje m, jou konje m,
    mwen gen yon anteman, anteman, i have, ive got, have a, have an, have my, have to, i got, gotta, got
    a, got an, got my, got class, got work, got church, got school, got court, already, booked, scheduled,
    tied up, swamped, slammed, flu, the flu, got the flu, fiebre, gripa, gripe, con gripa, con fiebre,
    tengo, tengo que, no tengo, ando, ando ocupada, ando ocupado, ando enferma, ando enfermo, may, meron
    akong, may work, may work ako, wala akong, mwen gen, m gen, mwen pa gen, m pa gen, mpa gen, dont have,
    i dont have, dont have anyone, no one to watch, nobody to watch, burned out, burnt out, worn out,
    hospital, er, pto, on pto, on leave, maternity leave, off, quarantine, pregnant, hungover, moving that
    day, moving, my only day off, only day off, day off, resting, im resting, fly out, flying, flight,
    flying out, en mi otro trabajo, estoy en mi otro trabajo, mi otro trabajo, otro trabajo, machin mwen
    an pan, an pan, machin mwen, machin m, machin m an pan, watching my kids, watching the kids, watching
    my grandkids, babysitting, no gas, cramps, pulled my back, back is out, back hurts, my back, food
    poisoning, stomach bug, stomach, vomiting, headache, the er, dialysis, not well, unwell, out of the
    state, out of state, out of the country, has a game, has a game that day, my son has, my daughter has,
    my kid has, my kids have, has an appointment, has surgery, has practice, recital, game that day, en
    mexico, con mi familia, con la familia, familia, family, family event, visiting family, reunion,
    party, baby shower, shower, quinceanera, bautizo, boda, pilgrimage, im in class, im in school, im in
    church, im in the hospital, im in bed, pero trabajo, im out, i am out, will be out, ill be out, ya
    tengo, ya tengo otro, fell through, ride fell through, babysitter fell through, sitter fell through,
    cant get there, got no way, no way to get there, no way there, car wont start, car died, car is down,
    car in the shop, in the shop, my car, chemo, doctors orders, on bed rest, bed rest, put me on bed
    rest, doctor put me on bed rest, dentist, labor, in labor, jury duty, court date, court, wake,
    viewing, practice, another agency, other agency, mandatory ot, mandated, double shift, pulling a
    double, worked a double, worked last night, graveyard, overnight, wore out, drained, need sleep, need
    to sleep, need rest, have to sleep, gotta sleep, icy, snow, snowed in, storm, flooded, flooding,
    strep, pink eye, sinus, allergic, allergic to cats, bad back, my knee, sprained, broke my, in the er,
    at the er, positive for covid, license expired, license is expired, on a cruise, at the beach, at the
    airport, i work another, i work my other, working my other job, mamas sick, mom sick, kids sick, kid
    sick, baby sick, son sick, daughter sick, got sick, the bus dont run, bus dont run, no bus, bible
    study, night school, night class, church, chuch, exam, exams, finals, a test, doctors appt, in
    florida, in georgia, in texas, in new york, in jersey, in atlanta, in miami, in haiti, in mexico, in
    the philippines, in jamaica, se me enfermo, se enfermo, esta enfermo, esta enferma, enfermito,
    enfermita, malito, malita, se me varo, se me varo el carro, se me dano el carro, se dano el carro, se
    me dano, se me poncho, se poncho, se me rompio, sin carro, sin transporte, sin ride, no hay quien
    cuide, tengo misa, tengo culto, voy a misa, voy a la iglesia, estudio, estoy en clase, estoy en la
    iglesia, estoy en mexico, estoy en guatemala, estoy en honduras, estoy en el salvador, dialisis,
    quimio, operacion, me operaron, embarazada, incapacitada, cita del doctor, cita del medico, cita con,
    dentista, corte, velorio, quince, graduacion, doble turno, turno doble, trabajo doble, doblando, no
    trabajo los domingos, no trabajo los sabados, no trabajo los fines de semana, no trabajo de noche, no
    trabajo noches, nasiraan, nasiraan ako, nasira kotse, nasira ang kotse, sira kotse, sira ang kotse,
    nilagnat, nilalagnat, nagkasakit, may sakit anak ko, may sakit ang anak ko, may exam, binyag, lamay,
    libing, puyat, walang tulog, wala pang tulog, galing duty, galing pa ako ng duty, may misa, may
    trabaho na ako, may iba na akong trabaho, may iba na akong duty, may iba akong duty, may ibang
    trabaho, may ibang duty, oto m pann, oto m an pann, machin mwen an pann, machin mwen kase, machin mwen
    gate, machin m gate, an pann, pann, timoun yo malad, timoun m malad, lanmo, vwayaj, mwen gen vwayaj,
    dwe travay, mwen dwe travay, m dwe travay, m gen ekzamen, egzamen, ekzamen, klas, lekol, legliz,
    dokte, randevou, se me presento, se presento, put me on mandatory, put me on mandatory ot, has me on,
    have me on, put me on nights, trabajo hasta, trabajo de, trabajo desde, at the dentist, at the doctor,
    at work, at the hospital, said yes to another, i already said yes to another, already said yes to
    another, said yes to someone else, already said yes to someone else
"""
# Words of somebody who cannot come or gives a shift back. Without one, a refusal may concern only an offer.
CANNOT = """
    cant, cannot, can not, unable, not able, wont be able, wont b able, wont make it, not gonna make it,
    not gonna be able, not going to make it, not going to be able, wont be there, wont be in, wont be
    coming, no longer, back out, backing out, bail, drop, dropping, give back, giving back, give it back,
    giving it back, give my shift back, give the shift back, give that back, hand it back, hand back,
    return it, take back, take it back, taking it back, calling out, call out, calling in, call in, have
    to cancel, need to cancel, gotta cancel, not coming, aint coming, remove me, take me off, no puedo, no
    podre, no voy a poder, no alcanzo, no llego, no voy, devolver, devolverlo, devuelvo, regreso el turno,
    regresar el turno, dejo el turno, dejar el turno, suelto el turno, soltar el turno, cancelar el turno,
    cancelar mi turno, cancelarlo, cancelo, tengo que cancelar, quitenme, quiteme, quitame, saquenme,
    saqueme, sacame, hindi, di ako, di ko, di na, di pwede, di makakapunta, di makakapasok, di
    makakarating, isoli, isauli, isasauli, ibalik, ibabalik, bitawan, bibitawan, ayoko na, pa ka, pa
    kapab, paka, pap ka, pap kapab, pap vini, p ap kapab, remet, wete m, wete mwen, retire m, sick, fever,
    covid, enfermo, enferma, may sakit, may lagnat, malad, je ne peux pas, cyaan
"""
