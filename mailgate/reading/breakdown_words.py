"""How people say that something is broken (R4), and what only sounds like it. One phrase a line, as in `phrases`."""

import re
from typing import Final

from mailgate.reading.phrases import one_of

_BEGIN: Final = r"(?<![a-z0-9])"
_END: Final = r"(?![a-z0-9])"

_FAILS: Final = one_of(r"""
    (?:s')?(?:allume|demarre|fonctionne|marche|connecte|affiche|charge|lance)(?:nt)?
    fonctionnait
    repond(?:ent)?
    reagit
    (?:re)?boote?
    detecte
    reconnait
    entend(?:s|ons)?
""")
_CANNOT: Final = one_of(r"""
    (?:re)?(?:allumer|demarrer|joindre|lancer)
    (?:connecter|appeler|utiliser|entrer|partager|passer|etablir|entendre)
""")
_WHAT_IS_MISSING: Final = one_of(r"""
    images?
    son
    video
    audio
    signal
    courant
    reseau
    affichage
    micro
    reponse
    alimentation
    connexion
    communication
    retour (?:image|video|son)
    visio\w{0,12}
    partage
""")
_WORKS: Final = one_of(r"""
    (?:re)?start(?:s|ing)?
    work(?:s|ing)?
    (?:re)?boot(?:s|ing)?
    (?:turn|power|switch|come)(?:s|ing)?(?: (?:on|up))?
    respond(?:s|ing)?
    (?:dis)?connect(?:s|ing)?
    display(?:s|ing)?
    show
    dial
    register(?:s|ing)?
    function(?:s|ing)?
    hear
    light
    join(?:ing)?
    charg(?:e|ing)
    (?:make|receive|place) (?:a |any )?calls?
""")

_TROUBLE: Final = (
    r"(?:probleme|souci|difficulte|anomalie|pb|bug|erreur|incident|problem|issue|trouble|glitch|error)(?:e?s)?"
)
_KEY: Final = r"(?:cles?|keys?|licen[cs]es?)\b"
_EXCEPT: Final = r"(?:sauf|a part|excepte|except(?: for)?|apart from)"
_LOST: Final = r"(?:picture|image|sound|video|audio|signal|power|display)"

BROKEN: Final = re.compile(
    _BEGIN
    + one_of(rf"""
        pannes?
        hors[ -]service
        h\.?s
        defaillan(?:te?s?|ces?)
        defect(?:ueux|ueuses?|ive)
        dysfonctionne(?:ments?|nt)?
        casse(?:e|s|es)?
        plante(?:nt|e|es|s)?
        plantages?
        (?:est|reste|sont|restent|se) (?:completement |totalement )?(?:bloque|fige|gele)(?:e|s|es|nt)?
        (?:ne|n'|n) ?(?:\w{{1,12}} ){{0,2}}?{_FAILS} (?:plus|pas|jamais|rien|aucun|que)
        {_FAILS} (?:plus|pas)
        (?:plus )?rien ne {_FAILS}
        arriv(?:e|ent|ons) (?:plus|pas) a (?:s'|se |nous )?{_CANNOT}
        (?:veut|veulent|peut|peuvent|peux|pouvons) (?:plus|pas) (?:s'|se |nous )?{_CANNOT}
        (?:ne|n'|n) ?(?:\w{{1,12}} ){{0,2}}?entendent (?:plus|pas)
        (?:ca|son|image|appels?|visio|communication) (?:se )?(?:coupe|saute|decroche)(?:nt)?
        (?:avons|avoir|ai|a) (?:de l'|un )echo
        refuse(?:nt)? (?:de|d') ?(?:\w{{1,4}}[ '])?(?:demarrer|allumer|fonctionner|connecter|booter)
        impossible (?:\w{{1,12}} ){{0,3}}?(?:de|d') ?(?:l'|le |la |les |se |s'|nous )?{_CANNOT}
        (?:plus|pas|aucune?|perte|sans) ?(?:de |d'|du |l')?{_WHAT_IS_MISSING}
        (?:reste|restent) (?:tout |toute |completement )?(?:noir|bleu|blanc|eteint|muet)(?:e|s|es|te)?
        ecrans? (?:reste |est |sont |restent |tout |completement ){{0,3}}(?:noirs?|bleus?|blancs?|figes?|eteints?)
        (?:image|video|son|audio) (?:est |se |tres )?(?:fige|gele|coupe|hache|saccade|brouille|absent|deforme)e?s?
        redemarr\w{{1,4}} (?:en boucle|sans (?:arret|cesse)|tout(?:e)? seule?|toutes les|constamment|continuellement)
        reboot\w{{0,3}} (?:en boucle|sans arret|loop)
        en boucle
        coupures?
        gresill\w{{1,6}}
        larsens?
        voyant (?:\w{{1,10}} ){{0,2}}(?:rouge|orange|eteint)
        fumees?
        odeur de brule
        messages? d'erreur
        (?:codes?|en|affiche une|renvoie une|affiche l') ?erreurs?
        en rade
        en rideau
        (?:pas|jamais) (?:encore )?(?:repare|resolu|regle)e?s?
        not (?:yet )?(?:been )?(?:fixed|repaired|resolved|solved)
        {_KEY}[^,.;]{{0,60}}(?:not (?:accepted|valid|working)|invalid\w?|refusee?|rejected)
        {_KEY}[^,.;]{{0,60}}pas (?:valide|acceptee?|reconnue?)
        (?:ok|bien|nickel|fonctionnent|fonctionne|marchent|marche|works?|fine|working) (?:\w{{1,10}} )?{_EXCEPT}
        acts? (?:strange|weird)\w{{0,2}}
        out of memory
        down (?:depuis|since|again)
        bugs?
        (?:ne|n') ?(?:passent|passe|aboutissent|aboutit) (?:plus|pas)
        (?:tombe|tombee?s|mort|morte)s? (?:en panne|en rade|depuis)
        {_TROUBLE} (?:majeurs? |urgents? )?(?:avec|sur|d[eu'] ?|des |au niveau|en salle|dans|rencontre|constate)
        (?:rencontr\w{{1,6}}|avons|ai|a|gros|petit|signaler?) (?:\w{{1,12}} ){{0,3}}?{_TROUBLE}
        (?:quelque chose|ca|rien) ne va (?:plus|pas)
        pas d ?(?:image|son|affichage|signal)
        plus d (?:image|affichage|audio)
        mais pas (?:le |la |l')(?:son|image|video|micro)
        (?:marche|fonctionne|demarre|allume|repond) (?:plu|pu|pa|\+)
        (?:de )?(?:l')?ecran (?:de )?(?:noir|bleu)
        (?:a|ont) lache
        (?:est|sont|a|ont|completement|tout) grillee?s?
        incidents?
        (?:no|without|lost|losing|loses|loss of|missing) (?:the |any |all )?{_LOST}
        no (?:response|network|connection)
        (?:black|blank|blue|frozen|dead) screens?
        (?:screen|display|picture|image|video)s? (?:\w{{1,10}} ){{0,2}}(?:black|blank|blue|frozen|fr[eo]ez\w+|flicker)
        (?:do|does|did|is|are|was|has|have|can|could|will|would)(?: not|n't|nt) (?:\w{{1,12}} ){{0,2}}?{_WORKS}
        (?:won't|wont|can't|cant|cannot|unable to) (?:\w{{1,12}} ){{0,2}}?{_WORKS}
        (?:not|no longer|stopped|never) (?:\w{{1,10}} )?{_WORKS}
        (?:not|no longer) (?:responsive|operational|usable)
        (?:does|do|did)(?: not|n't|nt) \w{{1,12}} (?:anymore|any more|any longer)
        (?:picture|image|screen|video|camera)s? (?:is|are|looks?|seems?) (?:\w{{1,10}} )?(?:blurr(?:y|ed)|distorted)
        broken
        broke (?:down|again)
        breakdowns?
        out of (?:order|service)
        fail(?:s|ed|ing|ures?)?
        faulty
        faults?
        defective
        malfunction\w{{0,5}}
        (?:is|are|seems|appears|was|went|gone) (?:completely |totally )?(?:dead|down|stuck|frozen|unreachable|offline)
        unresponsive
        crash\w{{0,3}}
        freez(?:e|es|ing)
        (?:keeps?|kept|constantly|continuously) (?:re-?boot|restart|crash|freez|dropp)\w{{0,4}}
        reboot(?:s|ing)? (?:loop|itself|by itself|constantly|every|all the time|on its own)
        boot loop
        error (?:message|code|\d)s?
        smoke
        smoking
        burn(?:t|ing|ed)
        (?:go|goes|going|went|turns?|turned) (?:completely |all )?(?:black|blank|dark|dead|silent|offline)
        {_TROUBLE} (?:with|on|in)
        (?:having|have|has|had|got|experiencing|facing|see|seeing) (?:\w{{1,12}} ){{0,2}}?{_TROUBLE}
        something(?: is|'s)? (?:wrong|off)
        acting up
        (?:drops?|dropping|dropped) (?:all |our |the |every )?(?:calls?|connections?|out)
        calls? (?:keeps? |always )?(?:drop|dropped|dropping|drops|fail|fails)
        (?:red|amber|orange) (?:\w{{1,10}} )?(?:led|light)s?
        (?:blinks?|blinking|flashes|flashing) (?:red|amber|orange)
        clignote(?:nt)? (?:en )?(?:rouge|orange|ambre)
        (?:red|amber|orange) (?:led|light)
        outages?
    """)
    + _END
)

_LOOK: Final = (
    r"(?:regarder|analyser|investiguer|venir (?:voir|regarder)|passer (?:voir|regarder)|jeter un (?:oeil|coup d'oeil))"
)
_INSPECT: Final = one_of(r"""
    (?:have|take) a look
    look (?:into|at)
    check (?:it|this|what|why|on|from)
    investigate
    help
    assist
    come
    call
    phone
    ring
""")
_REMEDY: Final = r"(?:replacement|rma|swap|technician|engineer|repair)"

OFFICE: Final = one_of(r"""
    factur\w{1,6}
    devis
    commandes?
    livraisons?
    contrats?
    portail
    planning
    dates?
    creneaux?
    adresses?
    paiements?
    invoices?
    billing
    quotes?
    orders?
    deliver(?:y|ies)
    contracts?
    payments?
    portal
    schedul\w{1,4}
""")
"""What an office has problems with."""


_OTHERS: Final = one_of(r"""
    machines? a cafe
    coffee machine
    ascenseurs?
    elevators?
    lift
    trains?
    voitures?
    car\b
    badges?
    portail
    site (?:web|internet)
    web ?site
    imprimantes?
    printers?
    chauffage
    clim\w{0,11}
    techniciens?
    technicians?
""")
"""What breaks, or is held up, and is no equipment of ours."""

_BAD: Final = one_of(r"""
    pannes?
    defauts?
    defaillances?
    defectueu(?:x|se)s?
    dysfonctionnements?
    incidents?
    erreurs?
    coupures?
    casse\w{0,2}
    hs\b
    hors service
    bloque\w{0,2}
    (?:gros |petit )?(?:problemes?|soucis?|bugs?|difficultes?)
""")
_WRONG: Final = one_of(r"""
    broken
    faulty
    fail(?:ures?|ed|ing)
    faults?
    breakdowns?
    incidents?
    errors?
    outages?
    crash\w{0,3}
    out of order
    defective
    down\b
    interruption
    (?:problem|issue|trouble|bug)s?
""")
_STOPS: Final = r"(?:coupure|interruption|indisponibilite|arret|outage|downtime)s?"
_REPORT: Final = (
    r"(?:ouvr|cre|declar|signal|prendre en|tenir|ignor|open|raise|log|report|create)(?:ir|er|ez|e)?(?: compte)?"
)
_ALARM: Final = r"(?:incident|panne|alarme|alerte|alarm|alert|fault|failure|coupure)s?"
NOT_BROKEN: Final = re.compile(
    one_of(rf"""
        n'(?:est|etait|y a|ont|a|avons)(?: \w{{1,10}})? (?:pas|plus|aucune?|jamais) (?:de |d'|en |une? )?{_BAD}
        ne sont (?:pas|plus) (?:en )?{_BAD}
        (?:pas|aucune?|sans|ni|rien) (?:de |d'|en |n'est en |n'est |une |pour une )?{_BAD}
        (?:not|isn't|aren't|no|never|nothing|without|wasn't|nothing is)(?: is| are| been)?(?: any| a| an)? {_WRONG}
        {_OTHERS}(?: \w{{1,10}}){{0,3}}? (?:en )?{_BAD}
        {_OTHERS}(?: \w{{1,10}}){{0,3}}? {_WRONG}
        {_OTHERS} [^,.;:]{{0,30}}(?:marche|fonctionne)(?:nt)? (?:plus|pas)
        en cas d[e'] ?(?:une )?{_BAD}(?: (?:ou|et) (?:de |d')(?:une )?{_BAD})?
        {_BAD} (?:est |sont |a ete |ont ete )?(?:resolu|repare|regle|corrige|termine)e?s?
        (?:in case of|in the event of)(?: an?)? {_WRONG}
        (?:maintenance|contrat|contract|tarif|assurance) {_BAD}
        (?:eviter|prevenir) (?:les |des |une? |de |toute? )?(?:nouvelles? |autres? |futures? )?(?:{_BAD}|plantages?)
        (?:avoid|prevent)(?:ing)? (?:any |such |further |the |another |new |more ){{0,2}}{_WRONG}
        {_STOPS}[^,.;:]{{0,40}} (?:prevue?s?|programmee?s?|planifiee?s?|a prevoir|scheduled|planned)
        (?:planned|scheduled|programmees?|planifiees?) (?:\w{{1,12}} )?(?:{_STOPS}|maintenance)
        (?:ne pas|pas besoin d'|inutile d'|de ne pas|do not|don't|no need to) ?{_REPORT} [^,.;:]{{0,25}}{_ALARM}
        (?:defectueu\w{{1,4}}|faulty|defective) (?:\w{{1,12}} ){{0,2}}?(?:remplace|echange|depose|replaced|exchanged)
        n'appara\w{{2,6}} (?:pas|plus) [^,.;:]{{0,20}}(?:liste|contrat|inventaire|annexe|portail|parc)\b
        sauf erreur
        {_TROUBLE} (?:\w{{1,10}} )?(?:avec|sur|d[eu'] ?|des|dans|with|on|about) ?(?:\w{{1,10}} |l'|d'){{0,2}}?{OFFICE}
        (?:plus|pas) (?:de |d')?{_TROUBLE}
        (?:en|par|by|in) erreur(?: de ma part)?
        numero d'incident
        (?:retour|renvoi|reception|return|received) (?:\w{{1,12}} ){{0,4}}?(?:defective|faulty|defectueu\w{{1,4}})
        pas besoin
        n(?:e|') ?(?:hesit\w{{1,4}} pas|oubli\w{{1,3}} pas)
        (?:does|did|do|is)(?:n't| not) (?:\w{{1,8}} )?(?:need|require|matter|urgent)
        (?:if|whether|unless) (?:you |it |we )?(?:can't|cannot|do not|don't|does not|doesn't|is not|isn't) .{{0,40}}
        (?:si|sauf si) .{{0,30}}(?:ne|n') ?\w{{1,12}} pas\b
    """)
)

HELP: Final = re.compile(
    _BEGIN
    + one_of(rf"""
        (?:merci|possible|urgent|vouloir|demandons|demande|besoin) (?:d'|de )?(?:intervenir|votre intervention)
        (?:pouvez|pourriez)[ -]vous intervenir
        intervention (?:rapide|urgente)
        (?:depanner|diagnostiquer|expertiser)
        (?:envoyer|depecher) (?:quelqu'un|un (?:technicien|depanneur|intervenant))
        (?:(?:pouvez|pourriez|peux|peut)[ -](?:vous|tu|on|quelqu'un) |merci de |de )(?:nous |bien vouloir )?{_LOOK}
        (?:nous |m')(?:aider|assister)
        (?:que|quoi) (?:dois-je |devons-nous |faut-il |peut-on )?faire
        (?:(?:can|could|would|will) (?:you|someone|anyone|somebody)|please) (?:please |kindly )?{_INSPECT}
        (?:arrange|organi[sz]e|send|need|want|request) (?:us )?(?:a |an |the )?{_REMEDY}
        (?:rappele[rz]|rappel telephonique|(?:call|ring|phone) (?:me|us) back)
        (?:avez-vous|auriez-vous|une) (?:\w{{1,8}} )?(?:idee|solution|explication)
        please advise
        est-ce (?:\w{{1,8}} )?(?:connu|normal)
        (?:is (?:this|that|it) (?:a )?(?:known|normal|expected)|known issue|any (?:idea|suggestion|clue)s?)
        (?:any )?(?:help|assistance) (?:is |would be )?(?:please|needed|required|appreciated)
    """)
    + _END
)
"""A call for help that does not say what is wrong; with equipment named, and nothing else said, it may be broken."""

BLOCKING: Final = re.compile(
    _BEGIN
    + one_of(r"""
        bloquante?s?
        blocking
        urgen(?:t|te|ce|tly|cy)
        critique
        critical
        plus aucune? (?:reunion|visio\w{0,12}|appel|conference|communication)
        (?:totalement|completement|entierement) (?:hs|hors|inutilisable|bloque\w?|a l'arret)
        inutilisable
        unusable
        a l'arret
        no (?:meetings?|calls?) (?:possible|at all)
        (?:cannot|can't|unable to) (?:hold|have|make|run|use) (?:any |our |the |a )?(?:meetings?|calls?|room|conference)
        (?:production|service) (?:is )?(?:down|stopped|arretee?)
        asap
        au plus vite
        (?:comite|conseil|codir|audience|consultation).{0,40}(?:aujourd'hui|demain|ce matin|cet apres-midi)
        board meeting.{0,40}(?:today|tomorrow|this (?:morning|afternoon))
    """)
)
"""What makes a breakdown blocking (R2)."""

NOT_BLOCKING: Final = re.compile(
    r"\b"
    + one_of(r"""
        (?:pas|non|rien|peu|aucune|sans|si|not|isn't|no|nothing|if)
    """)
    + r"[ -](?:(?:d'|de |est |tres |vraiment |that |very |too )){0,2}"
    + one_of(r"""
        urgen\w{1,3}
        bloquante?s?
        blocking
        critique
        critical
    """)
)
"""What sounds like it, and says the contrary."""
