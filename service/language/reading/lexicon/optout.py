"""Requests to be left alone, and to be texted again, wherever they stand in a text."""

STOP_REQUESTS = """
    stop texting, stop txting, stop texting me, stop messaging, stop messaging me, stop sending, stop
    contacting, stop calling, stop bothering, stop emailing, stop these texts, stop all texts, stop the
    texts, stop messages, stop all messages, stop the messages, stop with the texts, quit texting, quit
    messaging, quit sending, quit bothering, quit contacting, dont text me, do not text me, dont txt me,
    dont message me, do not message me, dont contact me, do not contact me, do not send me, dont text this
    number, do not text this number, never text me, never contact me, please dont text, no more texts, no
    more text, no more messages, no more msgs, no more of these, remove me, take my number off, remove my
    number, delete my number, lose my number, unsubscribe me, unsubscribe, opt out, opt me out, optout,
    leave me alone, stop harassing, i want to unsubscribe, want off this list, off this list, off your
    list, off the list, dont want these texts, dont want texts, dont want any more texts, dont want to get
    these, dont want to receive, no longer want to receive, no longer want these, cancel my subscription,
    end these texts, end these messages, block me, cease, stop spamming, spam me, no me manden, no me
    mande, no me mandes, no me escriban, no me escriba, no me escribas, no me envien, no me envie, no me
    envies, no me texteen, no me textee, no me contacten, no me contacte, no me llamen mas, no quiero
    mensajes, no quiero mas mensajes, no quiero recibir, ya no quiero recibir, ya no quiero mensajes, ya
    no me manden, ya no me escriban, ya no me envien, no mas mensajes, no mas textos, ni un mensaje mas,
    dejen de mandar, dejen de mandarme, deje de mandarme, dejen de enviar, dejen de enviarme, deje de
    enviarme, dejen de escribir, dejen de escribirme, deje de escribirme, dejen de molestar, deje de
    molestar, dejen de textear, dejen de textearme, paren de mandar, paren de enviar, paren los mensajes,
    paren de escribirme, saquenme, saqueme, sacame de, saquenme de la lista, quitenme, quiteme, quitame
    de, borrenme, borreme, borrame, borren mi numero, borre mi numero, eliminenme, elimineme, eliminen mi
    numero, elimine mi numero, quiten mi numero, cancelar suscripcion, cancelar mi suscripcion, cancelen
    mi suscripcion, darme de baja, denme de baja, deme de baja, dame de baja, quiero darme de baja, no
    molesten, no me molesten, tigilan nyo, tigilan niyo, tigilan na, tigilan mo, itigil na, itigil nyo,
    tama na po ang text, tama na ang text, tama na ang pag text, tama na pag text, huwag nyo na ako, huwag
    nyo na akong, huwag niyo na akong, huwag na kayong mag text, huwag na kayo mag text, huwag na po kayo
    mag text, huwag na po kayong mag text, huwag na magtext, huwag na mag text, huwag na po mag text,
    huwag mo na akong, wag nyo na ako, wag nyo na akong, wag niyo na akong, wag na kayo mag text, wag na
    kayong mag text, wag na po kayo mag text, wag na po kayong mag text, wag na mag text, wag na magtext,
    wag na po mag text, wag mo na akong, wag nyo ko itext, alisin nyo ako, alisin niyo ako, alisin mo ako,
    alisin nyo na ako, alisin nyo po ako, paki alis ako, paki alis na ako, pakialis ako, pakialis na ako,
    pakitanggal ako, paki tanggal ako, tanggalin nyo ako, tanggalin nyo na ako, tanggalin niyo ako,
    burahin nyo number ko, burahin ang number ko, ayoko na ng text, ayaw ko na ng text, ayoko na
    makatanggap, ayaw ko na makatanggap, ayoko nang makatanggap, hindi na ako gusto makatanggap, stop na
    po, tigilan, wag na po kayo magtext, wag na kayo magtext, huwag na po kayo magtext, huwag na kayo
    magtext, sispann, sispann voye, sispann ekri, sispann texte, sispann rele, sispan, sispan voye, pa
    voye mesaj, pa voye mesaj anko, pa voye m mesaj, pa voye anyen, pa voye teks, pa voye text, pa ekri m,
    pa ekri mwen, pa ekri m anko, pa texte m, pa teks mwen, pa tekste m, pa rele m anko, pa kontakte m, pa
    kontakte mwen, pa voye anko, mwen pa vle mesaj, m pa vle mesaj, mwen pa vle resevwa, m pa vle resevwa,
    mwen pa vle mesaj anko, m pa vle mesaj anko, retire m, retire mwen, retire non m, retire nimewo m,
    retire nimewo mwen, efase nimewo m, efase nimewo mwen, efase m, wete m, wete mwen, wete non m, wete
    nimewo m, wete nimewo mwen, kite m trankil, kite mwen trankil, kite m anpe, ase voye, ase ekri, fini
    ak mesaj, pa anmede m, pa deranje m, pa deranje mwen, no text me, not text me, no message me, not
    message me, no more send, stop asking, stop asking me, dont ever text, do not ever text, do not
    contact, dont contact, dejenme en paz, dejame en paz, dejeme en paz, want to stop receiving, stop
    receiving, remove my phone, take me out of your system, take me out of the system, quita mi numero,
    quite mi numero, leave me tf alone, leave me the f alone, leave me the hell alone, tumigil na,
    tumigil, arret, arretez, no texts please, no manden mas, no mande mas, no escriban mas, dont want any
    messages, dont want messages, dont want any texts, dont want your texts, do not send any, stop na,
    text me no more, texting me no more
"""
START_REQUESTS = """
    sign me back up, put me back on the list, put me back on your list, put me back on the text list, add
    me back to the list, resubscribe, resubscribe me, opt me back in, opt me in, opt in, turn the texts
    back on, turn texts back on, text me again, want texts again, want the texts again, get texts again,
    get the texts again, volver a recibir, vuelvan a mandarme, vuelva a mandarme, volver a mandarme,
    vuelvan a enviarme, volver a enviarme, vuelvan a textearme, manden otra vez, mandenme otra vez, quiero
    recibir mensajes otra vez, ibalik nyo ako sa listahan, ibalik mo ako sa listahan, isali nyo ulit ako,
    i text nyo ulit ako, itext nyo ulit ako, rekomanse voye, voye mesaj yo anko pou mwen, remete m sou lis
    la, mete m sou lis la anko
"""
