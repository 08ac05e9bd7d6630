"""How people ask for software and keys (R11, R12), and what only sounds like it. One phrase a line, as in `phrases`."""

import re
from typing import Final

from mailgate.reading.phrases import one_of

_BEGIN: Final = r"(?<![a-z0-9])"
_END: Final = r"(?![a-z0-9])"

SOFTWARE: Final = re.compile(
    _BEGIN
    + one_of(r"""
        mise?s? a (?:jours?|niveau)
        mett?(?:re|ons|ez) (?:\w{1,12} ){0,3}a (?:jour|niveau)
        m\.?a\.?j\.?
        montees? (?:de|en) version
        (?:monter|passer|passage|migration|migrer|basculer) (?:\w{1,12} ){0,3}(?:en|vers|a)(?: la)? version
        changement de version
        (?:nouvelles?|dernieres?|recentes?|prochaines?) (?:\w{1,12} )?(?:versions?|releases?|mouture)
        (?:last|supported|fixed|recommended) (?:\w{1,12} )?(?:versions?|releases?)
        (?:version|release) (?:la plus )?(?:recente|a jour|superieure|suivante|logicielle)
        versions?
        evolutions? (?:logicielles?|du logiciel)
        logiciels?
        softs?
        (?:fournir|envoyer|transmettre|livrer|send|provide|supply) (?:us )?(?:la|les|the) (?:dernieres?|latest|newest)
        fw
        (?:derniers?|nouvel|nouveaux?|latest|newest|new|current) os
        micrologiciels?
        firmwares?
        roomos
        cles? (?:logicielles?|de licence|d'options?|d'activation|produit)
        cles? (?:\w{1,12} ){0,2}(?:d'activation|de licence)
        codes? d'activation
        activation[ -](?:keys?|codes?)
        (?:licen[cs]e|release|option|product|software|feature)[ -]keys?
        licen[cs]es?
        software
        cles? (?:pour|de |du |d')
        keys? for
        (?:passer|monter|migrer) (?:\w{1,12} ){0,3}?(?:en|a|vers|sur) (?:la )?v?\d{1,3}(?:\.[\dx]{1,4})?
        (?:mov(?:e|ing)|go(?:ing)?|migrat(?:e|ing)) (?:\w{1,12} ){0,3}?(?:to|on) (?:the )?v?\d{1,3}(?:\.[\dx]{1,4})?
        v?\d{1,2}\.\d{1,3} (?:\w{1,10} ){0,2}?(?:released|available|sortie?|disponible)
        upgrad(?:e|es|ed|er|ing)
        updat(?:e|es|er|ing)
        (?:new|newer|latest|current|recent|next|newest) (?:\w{1,12} ){0,2}(?:versions?|releases?|builds?|images?)
        patch(?:e[sd])?
        correctifs?
        hotfix(?:es)?
    """)
    + _END
)

_NEWS_OF: Final = one_of(r"""
    l'avancement
    avancement
    dossiers?
    tickets?
    cas\b
    planning
    fichiers?
    listes?
    annuaire
    contacts?
    coordonnees
    adresses?
    incidents?
    demandes?
    contrats?
    suivi
    situation
    statut
    compte
    inventaire
    site web
""")
_WHOSE: Final = r"(?:la |le |les |l'|notre |votre |vos |nos |mon |ma |mes |ce |cet |cette )?"
_ITS: Final = (
    r"(?:la |le |l'|les |une |cette |votre |notre |sa |leur |notre derniere |la derniere )?(?:derniere |recente )?"
)
_UPGRADE: Final = one_of(r"""
    mise a (?:jour|niveau)
    maj\b
    upgrade
    update
    (?:montee|changement) (?:de|en) version
    nouvelle version
    (?:installation|application) d\w{1,2} ?(?:la |le |l')?(?:nouvelle |derniere )?(?:version|licence|firmware|patch)
    passage (?:en|a la) (?:nouvelle )?version
""")
_OF_OTHERS: Final = one_of(r"""
    comptab\w{0,5}
    compta
    accounting
    sage
    office
    windows
    excel
    adobe
    antivirus
    routeurs?
    routers?
    switch(?:es)?
    commutateurs?
    pare-feux?
    firewalls?
    imprimantes?
    printers?
    postes de travail
    smartphones?
""")
_EQUIPMENT: Final = r"(?:equipement|appareil|materiel|codec|terminal|parc|logiciel|firmware)"
_HOW_SOON: Final = r"(?:quels? delais?|quelle frequence|how (?:long|soon|often|quickly))"
_FORM: Final = r"(?:plan de prevention|attestation|tableau|fiche)"
_PAPER: Final = rf"(?:documentation|mode d'emploi|manuel|notice|planning|manual|guide|brochure|contrat|devis|{_FORM})"
_WELL: Final = r"(?:(?:went|worked) (?:\w{1,10} )?(?:well|fine|perfectly|smoothly)|works (?:well|fine|perfectly) now)"
NO_SOFTWARE: Final = re.compile(
    one_of(rf"""
        mett?(?:re|ons|ez) a jour (?:vos|votre) (?!{_EQUIPMENT})
        {_HOW_SOON}(?! (?:pouvez|pourriez|can|could))[^,.;?]{{0,30}}\b(?:{_UPGRADE}s?|mises a jour|versions?|software)
        mises? a jour (?:de |du |des |sur |d'){_WHOSE}{_NEWS_OF}
        (?:status|any|an|some|quick|further) updates? (?:on|about|regarding|please|\?)
        updates? (?:on|about|regarding) (?:the |my |our |this )?(?:case|ticket|request|order|status|rma|visit|delivery)
        (?:status|case|ticket|progress) updates?
        any (?:update|news)
        (?:keep|kept) (?:me|us) (?:updated|posted)
        update (?:me|us|you)\b
        update (?:your|our|my|the) (?:\w{{1,12}} )?(?:records|address|contacts?|account|password|profile|mailbox)
        update (?:your|our|my|the) (?:\w{{1,12}} )?(?:details|information|list|inventory)
        mises? a jour (?:tarifaires?|contractuelles?|administratives?|budgetaires?)
        {_PAPER}\b.{{0,40}}\b(?:versions?|mise?s? a jour)
        versions? (?:de |of )?(?:la |le |l'|du |notre |votre |the |our )?{_PAPER}
        versions? (?:of|de|du) (?:\w{{1,12}} ){{0,3}}?(?:portal|portail|website|site|intranet)
        up[ -]to[ -]date
        (?:est|sont|semble|deja) a jour
        mett?(?:re|ons|ez) a jour {_WHOSE}(?!listes?|demandes?){_NEWS_OF}
        {_UPGRADE}.{{0,60}} (?:s'est|se sont) (?:tres )?(?:bien|correctement) (?:passe|deroule)\w{{0,2}}
        {_UPGRADE}[^,]{{0,60}} (?:a|a bien) ete (?:terminee?|reussie?|effectuee?|faite?)
        (?:{_UPGRADE}|version|firmware|licen[cs]e|patch)\b.{{0,60}} {_WELL}
        your (?:mailbox|account|password|storage)
        compatib\w{{2,6}} [^,.;]{{0,30}}\b(?:versions?|firmware|release|roomos)\b
        (?:reception|avancement|etat|statut|status) (?:\w{{1,10}} ){{0,4}}?demandes? d[e'] ?(?:la |une )?{_UPGRADE}
        version (?:papier|pdf|imprimee|originale|francaise|anglaise|signee|definitive)
        (?:aucun probleme|no problem|nothing wrong) (?:logiciel|software)
        (?:logiciels?|licen[cs]es?|software|versions?|{_UPGRADE}) (?:\w{{1,12}} ){{0,3}}{_OF_OTHERS}
        {_OF_OTHERS} (?:\w{{1,12}} )?(?:licen[cs]es?|software|upgrade|update|version)
    """)
)

ONLY_WHEN: Final = re.compile(
    one_of(rf"""
        (?:depuis|apres|suite(?: a| de)?|a la suite de|lors de|pendant|durant|malgre) {_ITS}{_UPGRADE}
        (?:since|after|following|during|despite) (?:\w{{1,10}} ){{0,4}}(?:upgrad|updat|patch|version|release|firm)\w*
        {_UPGRADE}\w{{0,2}} (?:\w{{1,10}} )?(?:failed|a echoue|echouee?|bloquee|stuck|interrompue|interrupted)
    """)
)
"""An update that was only when something else happened, or that broke."""

DECLINED: Final = re.compile(
    _BEGIN
    + one_of(r"""
        ne (?:surtout )?(?:pas|plus|rien) (?:\w{1,12} ){0,2}?(?:mettre|installer|lancer|proceder|toucher|changer|faire)
        (?:ne|n') ?(?:mettez|mettons|installez|lancez|procedez|touchez|changez|envoyez) (?:surtout )?(?:pas|plus|rien)
        (?:ne|n') ?(?:\w{1,12} ){1,3}?(?:pas|plus) (?:besoin|utilite)
        (?:ne|n') ?(?:souhait|voul|desir)\w{1,5} (?:\w{1,12} ){0,2}?(?:pas|plus)
        (?:pas|plus) (?:\w{1,10} )?besoin
        pas la peine
        (?:report|decal|suspend)(?:er|ez|re|ons|ons)
        (?:postpone|hold off|put off|delay)(?:d|ing)?
        annul(?:er|ez|ation|ons|ee?s?)
        (?:do not|don't|dont|please not|never) (?:\w{1,12} ){0,2}?(?:update|upgrade|install|send|need|want|touch|push)
        no longer (?:need|want|require)s?
        (?:cancel|withdraw)(?:led|ling|ed|ing)?
        (?:devis|chiffrage|offre (?:commerciale|de prix)|quotations?|price quotes?|a quote)
    """)
    + _END
)
"""A request that is withdrawn, what is not wanted at all, or what is only to be priced."""

UP_TO_DATE: Final = re.compile(
    _BEGIN
    + one_of(r"""
        (?:firmware|logiciel|software)s? (?:deja |bien )?(?:a jour|up[ -]to[ -]date)
        (?:deja|est|sont) (?:bien |deja |toutes? |tous ){0,2}a jour
        (?:already|is|are) (?:already |all )?(?:up[ -]to[ -]date|current)
    """)
    + _END
)
"""It has what there is."""

WITHDRAWN: Final = re.compile(
    _BEGIN
    + r"(?:annul\w{1,5}|cancel\w{0,4}|withdraw\w{0,3}|oublier|oubliez|ignorer?z?) (?:\w{1,10} ){0,3}?"
    + r"(?:demandes?|requests?|orders?|tickets?|mails?)"
    + _END
)
"""A request that is withdrawn without saying what it was for."""

ASKED: Final = re.compile(
    _BEGIN
    + one_of(r"""
        (?:pouvez|pourriez|pourrez|peux|peut|pourrait|voulez|voudriez)[ -](?:vous|tu|on|il)
        (?:avez|auriez|proposez|fournissez)[ -]vous
        (?:existe|y a)[ -]t[ -]il
        est[ -]ce qu'il (?:y a|existe)
        merci (?:de|d'|par avance|d'avance|beaucoup)
        (?:nous|je|on) (?:souhait|voudr|desir|aimer|demand|attend|sollicit|command)\w{0,6}
        (?:voulons|veux)
        is there (?:an?|any)
        are there
        do you have
        (?:souhaiterions|souhaitons|souhaite|voudrions|voudrais|aimerions|aimerais|desirons|demandons)
        (?:avons|ai|aurions|aurais|avoir|a) besoin
        demandes?
        (?:envoyer|fournir|communiquer|transmettre|livrer|adresser|obtenir|recevoir|procurer|installer|parvenir)
        (?:envoyez|fournissez|communiquez|transmettez|adressez|livrez)
        svp
        stp
        s'il (?:vous|te) plait
        il (?:nous|me|faut|faudrait|serait)
        (?:a )?prevoir
        please
        (?:could|can|would|will|may) (?:you|we|i|it)
        (?:we|i) (?:would|need|want|request|require|wish|kindly|hereby)
        (?:we are|i am|we're|i'm) (?:requesting|looking|asking)
        (?:we'd|i'd) (?:like|need)
        (?:need|needs|needed|requested|requesting|requests?|required|requires)
        (?:send|provide|supply|deliver|share|issue) (?:us|me|the|a|an|new|over|along)
        kindly
        looking for
        due for
        appreciate
        (?:serait|est)[ -]il possible
        peut[ -]on
        besoin
    """)
)
"""The words of a request."""

ASKED_FOR_THAT: Final = re.compile(
    _BEGIN
    + one_of(r"""
        (?:send|provide|share|supply|install|give us) (?:it|them|this|that)
        (?:l'|la |le |les )(?:envoyer|fournir|transmettre|communiquer|livrer|adresser|installer|faire parvenir|obtenir)
        (?:envoyez|fournissez|transmettez|installez)[ -](?:la|le|les)
    """)
    + _END
)
"""A request for what was spoken of just before."""

ASKED_TOO: Final = re.compile(
    _BEGIN
    + one_of(r"""
        (?:prevoir|planifier|programmer|lancer|poursuivre|continuer|enchainer|passer|faire|envoyer|fournir|transmettre)
        (?:plan|schedule|proceed|continue|do|send|provide)
        (?:the same|idem|de meme|pareil)
    """)
    + _END
)
"""A request for the same, for the equipment that its clause names."""
