"""Phrases that limit an answer, or say nothing about it."""

IF = """
    if, unless, only, until, til, till, untill, except, exept, depends, depending, as long as, so long as,
    provided, providing, half, part, partial, a few hours, hours, hour, couple hours, hrs, hr, first part,
    second part, shorter, split, early, earlier, late, leave, after, before, between, by, instead, rather,
    earliest, latest, no later, start, starting, starts, as soon as, once, swap, switch, trade, exchange,
    extra, bonus, overtime, ot, double pay, doub, time and a half, double time, more money, raise,
    dollars, $, gas money, mileage, days only, nights only, weekend only, weekends only, backup, back up,
    as backup, last resort, nobody else, no one else, noone else, standby, stand by, solo, solamente, nada
    mas, nomas, hasta, depende, dependiendo, excepto, menos, siempre que, con tal, siempre y cuando,
    mientras, despues, antes, temprano, tarde si, llegar tarde, mas tarde, mas temprano, media, medio,
    mitad, la mitad, parte, unas horas, horas, hora, cambio, cambiar, cambiamos, en vez, en lugar, doble,
    bono, si acaso, por si acaso, en caso, al menos que, a menos que, salvo, segun, desde, entre, a
    partir, kung, pag, kapag, kapg, kpag, hanggang, half day, kalahati, lang hanggang, late ako, male
    late, malelate, mahuhuli, maaga, aalis, pagkatapos, bago, matapos, palit, makipagpalit, dagdag,
    sakali, in case, pwede siguro, pwede kung, depann, sa depann, selman, sof, sofsi, jis, jiska,
    jiskaske, anvan, apre, mwatye, demi, yon pati, kek edtan, edtan, edtan selman, bone, rive an reta, an
    reta, reta, plis kob, plis lajan, chanje, sizoka, an ka, kondisyon, around 1, around noon, around
    lunch, first, kids first, whichever, whatever, whichever one, either or, swap you, swap with, trade
    you, trade with, switch with, cover for me, in exchange, deal if, long as, only for, just for, just
    the, just until, solo si, nomas que, con la condicion, me urge, primero, una parte, con tal que,
    depende de, mientras que, basta, basta may, basta bayad, kung may, kung pwede, kung hindi, kung wala,
    depende kung, si gen, sof si, toutotan, depi, yon ti, ak kondisyon, piti, si mwen kapab, si mwen ka,
    si m ka, si m kapab, si mwen disponib, past, beyond
"""
MATTER = """
    wrong number, wrong person, numero equivocado, equivocado, isnt, is not, not my number, log in, login,
    log into, app, the app, portal, paycheck, paid, pay stub, paystub, check stub, timesheet, time sheet,
    clock in, clock out, clocked, website, password, direct deposit, invoice, yet, not yet, todavia,
    todavia no, aun no, aun, new phone, who dis, who this, lost my phone, my phone, badge, uniform,
    training, certificate, license, cpr, refund, bill, delivered, package, unread, voicemail, vm, cheque,
    mi cheque, no me ha llegado, no me han pagado, no me pagaron, ha llegado, sahod, sweldo, chek, chek
    mwen, payday, my check, w2, w 2, tax, taxes, orientation, lo tomo en cuenta, en cuenta, tomar en
    cuenta, hear you, hear u, happy birthday, happy mothers day, merry christmas, happy new year, bp, cant
    find, i cant find, cant open, cant get in, cant get into, cant log, cant log in, cant clock in, cant
    clock, cant access, cant see, cant hear, cant remember, cant reach, cant get ahold, cant get hold,
    cant understand, cant read, cant tell, cant believe, i cant believe, passed my, i passed my, no
    encuentro, no puedo entrar, no puedo abrir, no puedo ver, no puedo encontrar, hindi ko makita, di ko
    makita, m pa jwenn, mwen pa jwenn, m pa ka jwenn, mwen pa ka jwenn, no service, no signal, didnt get,
    i didnt get, didnt get the, didnt receive, i didnt receive, the link, link, hindi ko na receive, pass
    me, pass me the, driving, im driving, my client is, client is, patient is, the client is, client
    passed away, client passed, patient passed
"""
HEDGE = """
    maybe, mayb, might, probably, prob, prolly, possibly, perhaps, hopefully, tentative, tentatively, i
    think, i think so, think so, i guess, i suppose, i believe, should be able, let me check, let me see,
    let me ask, lemme check, lemme see, lemme ask, let me think, let me know, lmk, ill let you know, ill
    let u know, let you know, let u know, ill see, we will see, well see, ill try, i will try, try,
    trying, will try, can try, ill check, i will check, check, checking, need to check, have to check,
    gotta check, gotta see, need to see, need to ask, have to ask, gotta ask, have to see, ask, call me,
    call u, call you, text me, text you, calling, get back to you, get back to u, get back, hold on, hold
    it for me, hold, wait, waiting, one sec, one second, give me a minute, give me a sec, give me a few,
    min, mins, minutes, later, not sure, unsure, idk, dont know, i dont know, no idea, no clue, undecided,
    thinking, on the fence, nothing, later on, when my, when i, when you, while, would, could, should,
    pay, pays, rate, uber, lyft, ride, pick me up, picked up, drop off, someone else, anybody else, anyone
    else, different, also, got your, got ur, get your, got it, gotit, received, i see, i saw, saw, seen,
    noted, understood, understand, i know, i knew, previous, yesterday, last, wrong, mistake, accident,
    misunderstood, confused, confusing, joke, jk, kidding, lol jk, address, info, details, detail, send
    me, send, more info, explain, remind, meant, mean, ignore, sorry wrong, thought, almost, near, close
    to, far, on call, finish, finished, done, off at, get off, gets off, off work, quizas, quiza, tal vez,
    talvez, a lo mejor, puede ser, puede que, posiblemente, probablemente, creo, creo que si, creo que,
    supongo, espero, cuando, otro, otra, otros, pago, pagan, pagar, paguen, pagas, dinero, gasolina,
    transporte, raite, aventon, no se, nose, no estoy seguro, no estoy segura, no entiendo, no entendi, no
    sabia, dejame, dejeme, dejenme, deja, deje, permitame, dame un momento, deme un momento, dame un
    minuto, un momento, momentito, ahorita, ahorita le digo, luego, le aviso, te aviso, les aviso, aviso,
    le confirmo, te confirmo, te digo, le digo, voy a ver, a ver, veo, ver, reviso, revisar, checar,
    checo, preguntar, pregunto, pensar, lo pienso, pensarlo, tratar, trato, tratare, intento, intentare,
    podria, pudiera, quiza si, llamame, llameme, llamenme, me llaman, recibi, recibido, entendido, ya vi,
    vi, ya se, ayer, broma, direccion, informacion, baka, siguro, cguro, parang, malamang, tingnan ko,
    titingnan ko, tignan ko, titignan ko, check ko, check muna, chcheck, tanong, tanungin ko, itatanong,
    tanong ko, paalam, magpapaalam, magpaalam, isip, iisipin, pag isipan, pagisipan, balitaan, balitaan
    kita, sabihan kita, sabihan ko kayo, teka, saglit, sandali, mamaya na lang, subukan, susubukan, try
    ko, hindi ko alam, di ko alam, di ko sure, di sure, di ako sure, hindi sigurado, di pa, hindi pa,
    ewan, bayad, sundo, sunduin, ihatid, sakay, pamasahe, natanggap ko, nakita ko, na receive, kahapon,
    tawagan, tawag, text ko, text kita, iba, ibang, kailangan muna, muna, petet, pet-et, le m, kite m,
    kite mwen, kite m we, kite m gade, kite m mande, kite m panse, m ap gade, map gade, gade, m ap we, map
    we, m ap mande, map mande, mande, panse, reflechi, eseye, m ap eseye, map eseye, tann, ret tann, yon
    ti moman, yon minit, pita, tale, mwen pa konnen, m pa konnen, mpa konnen, m pa kone, mpa kone, pa
    konnen, mwen pa si, m pa si, mpa si, pa seten, m pa konprann, mwen pa konprann, pa konprann, mwaye,
    peye, kob, lajan, transpo, transpoteson, woulib, plas, yon lot, rele m, rele mwen, rele, fe m konnen,
    m ap fe w konnen, map fe w konnen, fe w konnen, m ap di w, map di w, di w, resevwa, mwen we, m we, ye,
    adres, enfomasyon, pou kob, i may, it may, may be, maybe so, we may, got the text, got the message,
    got the msg, got your text, got your message, tengo que ver, tengo que checar, tengo que preguntar,
    tengo que revisar, tengo que pensar, tengo que pensarlo, tengo que confirmar, tengo que consultar,
    have to think, gotta think, have to talk, i have to check, i have to ask, i have to see, i have to
    think, i will let you know, i will let u know, will let you know, i will get back, i will call, i will
    text, i will ask, i will think, wala pa, di pa alam, no tengo idea, m gen pou m, mwen gen pou m,
    another, other, others, yeah right, oh ok, oh okay, oh yeah, i got the text, gets, ok cool, gotcha, k
    cool, ok i see, ah ok, ahh ok, ok so, ok wait, hindi ko gets, di ko gets, hindi ko maintindihan, di ko
    maintindihan, preguntarle, preguntarles, checarlo, revisarlo, consultarlo, consultarle, consultar,
    confirmarle, avisarle, bye, ok bye, in touch, be in touch, keep in touch, stay in touch, i will be in
    touch, ill be in touch, accept my apologies, accept my apology, work on it, ill work on it, i will
    work on it, working on it, im working on it, think on it, sleep on it, pray on it, pray about it,
    look, take a look, i will take a look, ill take a look, look into it, ill look into it, look at my
    schedule, ill look, pending, hindi ko pa alam, di ko pa alam, hindi pa sigurado, sisiguraduhin, sa
    tingin ko, feeling ko, might have to, may have to, might need to, waiting on, m poko konnen, m poko
    si, mwen poko konnen, poko, no se todavia, todavia no se, aun no se, puede que si, capaz, chance y, a
    ver si, si dios quiere y me, not a hundred percent, not 100, not 100% sure, not fully sure, not
    entirely sure, pretty sure, almost sure, fairly sure, most likely, likely, unlikely, doubt, doubtful,
    leaning, cant talk, cant talk right now, i cant talk, cant text, cant text right now, cant answer,
    cant chat, second, third, second one, the second one, the first one, first one, le paso, te paso, les
    paso, tbd, give me an hour, give me a bit, give me a few minutes, give me 5, give me some time, yes i
    saw it, yes i saw, yes i got your text, yes i got your message, yes i received, yes i received it, yes
    i read it, si lo vi, si lo recibi, no le entendi, no les entendi, no te entendi, say again, come
    again, next one, the next one, next shift, the next shift, let me go, going to work, i want more, i
    want a shift, want a shift, want more, it works now, works now, how it works, kaya nga, acepto la
    disculpa, acepto sus disculpas, accepted at, add me on, take care of myself, take care of my, yes i
    wish, i wish lol, im going to work, i am going to work, im gonna go, im gonna go now, im gonna work
    out, ill take care of, i will take care of, fwd, fw, thats ok, thats okay, its ok, its okay, thats ok
    thanks, i was available, was available, there for you, be there for you, take my meds, sick of, not
    sick, no longer sick, i was sick, was sick, dont count me out, i have it, not be late, will not be
    late, i will not be late, not going to be late, wont forget, i wont forget, still coming, im still
    coming, im here, i am here, now busy, give me time, give me a call, give me a ring, give me a shout,
    love you, love u, luv u, luv you, i love you, please send, pls send, plz send, can you send
"""
BUT = """
    but, bt, however, though, tho, although, except that, pero, aunque, sin embargo, kaso, kaso lang, kaya
    lang, ngunit, subalit, men, sepandan, malgre
"""
ASK = """
    what, whats, what is, wat, wut, when, whens, where, wheres, who, whos, whose, which, how, hows,
    howmuch, why, whys, how much, is it, is this, is that, is there, is the, are you, are u, are there,
    can i, can we, can you, can u, could you, could u, could i, may i, do i, do you, do u, do they, does,
    did, did you, would you, will you, will u, will it, will they, should i, am i, any other, anything
    else, still open, still available, still need, still there, r u, wya, have you, has it, was it, which
    one, what time, que hora, a que hora, cual, cuales, cuando es, donde, adonde, cuanto, cuanta, cuantas,
    cuantos, quien, quienes, por que, como es, puedo llevar, puedo llegar, puedo salir, puedo ir mas, me
    puede, me pueden, me puedes, puede, pueden, puedes, todavia esta, aun esta, sigue disponible, hay
    otro, hay otra, tienen, tienes, tiene, necesitan, sera que, esta disponible todavia, de que, en donde,
    a donde, ano, anong, saan, kailan, kelan, magkano, sino, bakit, paano, pano, alin, ilan, ilang, ba,
    pwede ba, meron ba, may iba, anu, di ba, diba, kisa, ki sa, kile, ki le, ki kote, kikote, kibo, ki bo,
    konbyen, poukisa, ki moun, kimoun, kijan, ki jan, eske, eske w, eske ou, kiyes, ki, i have a question,
    i have questions, have a question, have questions, quick question, question, tengo una pregunta, tengo
    preguntas, tengo pregunta, tengo una duda, tengo duda, una pregunta, pregunta, may tanong, may tanong
    ako, m gen yon kesyon, mwen gen yon kesyon, m gen kesyon, kesyon
"""
OTHER = """
    my sister, my brother, my friend, my friends, my cousin, my mom, my mother, my mum, my dad, my father,
    my husband, my wife, my daughter, my son, my aunt, my niece, my neighbor, my coworker, my co worker,
    my roommate, my boyfriend, my girlfriend, my sis, my bro, my hubby, my nephew, my partner, my boss, my
    supervisor, sister, brother, cousin, coworker, co worker, friend, husband, wife, roommate, daughter,
    son, she, shes, shell, he, hes, hell, they, theyre, theyll, them, her, his, him, somebody, someone,
    anybody, anyone, everybody, nobody, noone, no one, they can, says, said, told, wants, asked, tell, we,
    us, our, on behalf, on her behalf, mi hermana, mi hermano, mi amiga, mi amigo, mi prima, mi primo, mi
    mama, mi papa, mi esposo, mi esposa, mi hija, mi hijo, mi tia, mi vecina, mi companera, mi companero,
    mi novia, mi novio, mi marido, mi cunada, mi suegra, mi jefa, mi jefe, hermana, hermano, amiga, amigo,
    prima, companera, ella, ellos, ellas, el+, dice, dijo, dice que, quiere, quieren, otra persona,
    alguien, alguien mas, nadie, alguno, digale, dile, preguntele, nosotros, nosotras, podemos, vamos,
    kapatid ko, ate ko, kuya ko, kaibigan ko, asawa ko, anak ko, nanay ko, tatay ko, pinsan ko, kasama ko,
    kapatid, ate, kaibigan, kasamahan, siya, sya, sila, niya, nya, daw, raw, sabi, sabi nya, gusto niya,
    gusto nya, kaya nya, kaya niya, ibang tao, kaibigan kong, yung kapatid, yung kaibigan, tayo, kami, se
    mwen, fre m, fre mwen, zanmi m, zanmi mwen, kouzin mwen, kouzin m, kouzen m, manman m, manman mwen,
    papa m, mari m, mari mwen, madanm mwen, madanm m, matant mwen, matant m, kolegm, koleg mwen, koleg m,
    li ka, li di, li vle, yo di, yon moun, lot moun, pesonn, nou, di m, zanmi, kouzin, li ap, li disponib,
    li pral, se mwen ka, se m ka, se m di, yo ka, let her, let him, give her, give him, se m nan, fre m
    nan, zanmi m nan, kouzin m nan, manman m nan, bf, gf, bff, ppl, everyone, my kid with, with my kid,
    with my baby, with my kids
"""
NOT = """
    not, dont, doesnt, didnt, arent, wasnt, werent, aint, havent, hasnt, hadnt, shouldnt, wouldnt,
    without, nor, none, d, wala, walang, huwag, wag, sin, pa, pap, san, di
"""
DAY = """
    tomorrow, tmrw, tmr, tmw, tomorow, tommorow, monday, tuesday, wednesday, thursday, friday, saturday,
    sunday, mon, tues, tue, wed, thurs, thu, fri, sat, sun, weekend, weekends, weekday, weekdays, next
    week, mornings, nights, days, evenings, every day, all week, manana, lunes, martes, miercoles, jueves,
    viernes, sabado, domingo, fin de semana, la semana que viene, bukas, linggo, demen, lendi, madi,
    mekredi, jedi, vandredi, samdi, dimanch, del lunes, del martes, el lunes, el martes, el miercoles, el
    jueves, el viernes, el sabado, el domingo, noon, midnight, mediodia, medianoche
"""
PLAIN = """
    hi, hello, hey, heyy, hiya, hii, helo, yo yo, good morning, good afternoon, good evening, good night,
    gm, morning, goodmorning, goodevening, goodafternoon, greetings, please, pls, plz, plss, plse, thanks,
    thank you, thank u, thankyou, thanku, thx, tx, ty, tysm, thnx, tnx, tks, tyvm, thanks so much, thank
    you so much, thanks a lot, many thanks, sorry, sry, srry, so sorry, my bad, apologies, my apologies,
    sir, maam, mam, mrs, mr, ms, miss, hun, hon, honey, dear, boss, bossman, guys, girl, love, luv, sis,
    bro, fam, team, everyone there, all, god bless, god bless you, bless you, blessings, have a great day,
    have a good day, have a good one, have a blessed day, have a good night, take care, appreciate it,
    appreciate you, i appreciate it, i appreciate you, much appreciated, for asking, for thinking of me,
    for reaching out, for letting me know, for the offer, for the opportunity, for offering, for the text,
    and, actually, well, oh, omg, lol, haha, hehe, lmao, wow, yay, aww, ugh, um, umm, uh, hmm, hm, so,
    then, just, really, very, too much, much, again, right now, right, now, asap, today, tonight, this
    morning, this afternoon, this evening, tonite, 2nite, 2day, that day, that night, that time, that one,
    this one, the one, it, that, this, dat, dis, the, da, a, an, one, for, for you, for u, for for yall,
    for yall, to, too, in, on, at, of, with, be, am, is, are, was, i, im, ive, id, me, my, mine too,
    myself, you, u, yall, ur, your, shift, shft, the shift, that shift, this shift, my shift, client,
    patient, pt, work, working, cover, covering, take, come, go, do, help, there, here, up, get, fill,
    pick, able, need me, needs, need, want, happy, glad, ready, good news, great news, no worries, no
    worry, cant complain, dont worry, no rush, no pressure, no need to thank me, no thanks needed, no
    doubt about it, without a doubt, without fail, nothing else, as always, anytime, any time, always, as
    usual, also yes, im sure, 100, 100%, 1000%, percent, totally, completely, certain, hours before, this
    is, its me, its, signed, name, schedule, cna, lpn, rn, hha, aide, caregiver, nurse, see you, see u,
    cya, later gator, ttyl, xo, xoxo, xx, asking, offering, offer, letter, code, option, number, choice,
    reply, answer, both, hola, ola, buenos dias, buenas tardes, buenas noches, buen dia, buenas, bnas,
    saludos, que tal, como esta, como estan, como estas, por favor, porfa, porfavor, x favor, xfa, pf,
    gracias, muchas gracias, mil gracias, grasias, grcias, muchisimas gracias, lo siento, lo siento mucho,
    disculpe, disculpa, disculpen, perdon, perdone, perdona, bendiciones, dios los bendiga, dios le
    bendiga, dios te bendiga, que dios los bendiga, dios bendiga, que tengan buen dia, que tenga buen dia,
    buen dia a todos, senora, senor, senorita, jefa, jefe, amor, mija, mijo, e, el, la, lo, los, las, un,
    una, de, del, en, con, al, para, por, mi, yo, se, le, les, te, muy, mucho, bien gracias, turno, el
    turno, ese turno, este turno, esa, ese, eso, esta, este, esto, hoy, hoy mismo, esta noche, esta tarde,
    ese dia, no hay de que, no te preocupes, no se preocupe, no se preocupen, no pasa nada, porque no, sin
    duda, sin falta, no faltaba mas, de nada, gracias por preguntar, gracias por avisar, gracias por la
    oferta, gracias por la oportunidad, gracias por pensar en mi, soy, aqui, ahi, alli, tambien, entonces,
    pues, trabajar, ir, cubrir, tomar, hacer, hacerlo, tomarlo, cubrirlo, estar, estare, nos vemos, hasta
    luego, hasta pronto, que bueno, que bien, favor, opcion, letra, na, nga, lang, lng, nalang, na lang,
    rin, din, ako, ko, yan, yun, yon, ito, iyan, iyon, sa, ang, ng, mga, nang, salamat, maraming salamat,
    slmt, magandang umaga, magandang araw, magandang hapon, magandang gabi, pasensya, pasensya na,
    paumanhin, sori, ngayon, ngayong araw, ngayong gabi, mamaya, mamayang gabi, wlang problema, walang
    anuman, oo na, ingat, kayo, mo, nyo, ninyo, inyo, kita, mag, shift na, shift na yan, shift na yun,
    shift na to, trabaho, duty, pumasok, papasok, bahala, gandang umaga, bonjou, bonswa, bonjou tout moun,
    mesi, mesi anpil, mesi bokou, mesi w, tanpri, souple, silvouple, sil vou ple, svp, padon, padonnen m,
    eskize m, eskize mwen, dezole, mwen dezole, m dezole, mwen regret, m regret, bondye beni w, bondye
    beni ou, bondye beni nou, beni, madanm, mesye, cheri, jodi a, jodia, aswe a, aswea, maten an, maten a,
    apremidi a, pou, nan, ak, sa a, travay, travay la, travay sa a, shift la, shift sa a, chif la, fe, fe
    l, pran, pran l, vini, ale, mwen, m, ou, w, pa gen dekwa, pouki pa, byen, toujou, tou, tout, non
    pwoblem, orevwa, n a we, na we, a pita, kontan, li, mi amor, mi vida, mi reina, mi cielo, mami, papi,
    mamita, linda, corazon, jefita, dona, don, dios la bendiga, dios lo bendiga, dios las bendiga, dios me
    los bendiga, amen, thanks again, for sure thing, whatever you need, that works great, i promise,
    promise, on time, no lie, forreal, fr, frfr, ready freddy, lol yes, dear lord, praise god, praise the
    lord, hallelujah, yall need me, i know i said yes, god willing, lord willing, inshallah, si dios
    quiere, si dios permite, primero dios, con el favor de dios, dios mediante, si bondye vle, ak led
    bondye, sa awa ng diyos, kung loloobin ng diyos, dont have to ask me twice, you dont have to ask me
    twice, no need to ask twice, dont need to ask twice, never turn down hours, never turn down work,
    never turn down a shift, i never turn down hours, need the hours, i need the hours, need hours, need
    the money, i need the money, could use the hours, could use the money, i was off anyway, was off
    anyway, im off anyway, i live close, i live close by, i live near, i live nearby, live around the
    corner, right around the corner, i live right around the corner, around the corner, close by, nearby,
    not far, not far from me, its not far, no need to worry, a esa hora, ese horario, jou sa, jou sa a,
    nun, noon yan, that works out, turns out, good timing, great timing, perfect timing, i was hoping,
    asap please, as soon as i can, so much, right away, alla, anyway, sorry for the late reply, late
    reply, late response, sorry for the late response, for the late reply, for the late response, for the
    delay, sorry for the delay, just saw this, just saw your text, just saw your message, just saw it, i
    just saw this, just got this, just seeing this, just now seeing this, was driving, i was driving, was
    asleep, i was asleep, was sleeping, just woke up, just got up, was in the shower, phone was dead, my
    phone was dead, phone died, perdon por contestar tarde, perdon por la tardanza, disculpe la tardanza,
    apenas vi el mensaje, apenas lo vi, acabo de ver el mensaje, acabo de ver, apenas veo, ngayon ko lang
    nabasa, ngayon ko lang nakita, kakabasa ko lang, m fek we mesaj la, m fek we mesaj ou, need that
    money, need the cash, need the extra money, need the work, i need the work, need money, why yes, dyan,
    jan, jezi, bondye, senye, mesi jezi, ay, oy, aw, ah, eh, ooh, ohh, yikes, dang, darn, shoot, esta vez,
    por ahora, ahora, por el momento, de momento, gracias por, thanks for, thank you for, thank u for,
    unfortunately, desafortunadamente, lamentablemente, sadly, honestly, to be honest, tbh, at all, this
    time, tell him hi, tell her hi, thanks for thinking of me, thank you for thinking of me, trabajo, que,
    no se apure, no se apuren, no te apures, no hay pena, usted, ustedes, gracias por avisarme, gracias
    por escribir, gracias por tomarme en cuenta, gracias por pensar, gracias por acordarse, para mi,
    necesito las horas, necesito horas, necesito el dinero, necesito trabajar, me hacen falta las horas,
    me hace falta, ya mero, mero, mismo, ok pues, ahi mismo, perdon que no conteste antes, perdon que no
    conteste, perdon por no contestar, perdon por no responder, no conteste antes, no vi el mensaje, no
    habia visto, apenas vi, recien veo, recien vi, my kids, my kid, my baby, my babies, the kids, the
    baby, their dad, pitit mwen, pitit m, timoun yo, been hoping, was just hoping, been praying, praying
    for, my phone died, sorry my phone died, phone was off, my phone was off, tell her i said hi, tell him
    i said hi, tell them i said hi, said hi, say hi, i love her, i love him, love her, love him, love that
    lady, i love that lady, love miss, i love miss, love mr, love working with her, love working with him,
    wala akong pasok, walang pasok, wala akong lakad, wala akong gagawin, walang lakad, hindi ako busy, di
    ako busy, not busy, im not busy, not doing anything, im not doing anything, nothing planned, nothing
    going on, no plans, got no plans, i have no plans, dont have plans, i dont have plans, dont have any
    plans, i dont have any plans, i dont have anything, dont have anything, dont have anything going on, i
    dont have anything going on, got nothing going on, got nothing planned, i got nothing, no tengo nada,
    no tengo nada que hacer, no tengo planes, no tengo nada ese dia, no estoy ocupada, no estoy ocupado,
    no ando ocupada, no trabajo ese dia, yung shift, yung shift na yan, yung, ni, kay, ang shift, ang
    shift na yan, yung shift na yun, dun, doon, diyan, as boy, go ahead, go ahead and, hoping, open up,
    something would open up, could use it, needed this, needed that, i needed this, i needed that, right
    on time, lifesaver, jesus, glory, yall the best, youre the best, ur the best, the best, shout out,
    lets gooo, woo, woohoo, woot, yippee, hooray, madan, madam, asi que, por eso, thats why, donk, no
    problemas, no stress, sin bronca, no hay falla, ningun inconveniente, no tengo inconveniente, no
    pwoblem, more hours, the hours, need more hours, extra hours, i know that client, i know her, i know
    him, i know the client, i know that house, i know the house, know her, know him, know the house, know
    the way, no need to keep looking, no need, no need to look, keep looking, dont give it to anybody
    else, dont give it to anyone else, dont give it away, dont give it to nobody, gracias a dios, thank
    god, wala akong ibang pasok, wala akong ibang lakad, walang ibang pasok, walang ibang lakad, cant say
    no to, by gods grace, by the grace of god, by his grace, by grace, roger, roger that, 10 4, copy, copy
    that, after all, my phone died earlier, phone died earlier, this week, as in, bc, bcs, bcz, bcuz, cuz,
    coz, cause, because, porque, pq, xq, kasi, kase, paske, btw, ptl, m pa gen anyen pou m fe, mwen pa gen
    anyen pou m fe, m pa gen anyen, mwen pa gen anyen, pa gen anyen, pa gen anyen pou m fe, assignment,
    availability, my availability, my assignment, before somebody else does, before someone else does,
    before someone else gets it, before somebody else gets it, before its gone, before anybody else,
    before anyone else, creek dont rise, the creek dont rise, and the creek dont rise, sweetheart,
    sweetie, sweety, baby, babe, darling, darlin, sugar, honeybun, mama, mamas, sista, sister girl,
    ladies, everybody there, at a red light, red light, c u, cu, kita kits, merci, merci beaucoup,
    bonjour, bonsoir, in church right now, in church, kailangan ko, kailangan ko ng oras, need the $, need
    it, need that, hi everyone, hey everyone, hello everyone, damn, looking out, for looking out, no need
    to call, no need to call anyone else, no need to call anybody else, no need to ask anyone else, wont
    let you down, i wont let you down, wont be late, i wont be late, i wont disappoint, mas horas, ya no
    busque mas, ya no busque, ya no busquen, ya no busquen mas, no busque mas, no busquen mas, hindi na
    kailangang maghanap ng iba, hindi na kailangan maghanap ng iba, hindi na kailangang maghanap, deske w
    panse ak mwen, w panse ak mwen, panse ak mwen, panse ak m, let me know if anything changes, let me
    know if anything else comes up, if anything changes, if anything else comes up, let me know if you
    need anything, let me know if yall need anything, i have nothing going on, have nothing going on, to
    meet her, to meet him, meet her, meet him, to see her, to see him
"""
