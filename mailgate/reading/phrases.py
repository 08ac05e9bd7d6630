"""How people and machines put things in French and English, without accents and in lower case: one phrase a line.

A phrase is a regular expression. Every repetition in one is bounded, so that none takes long over a hostile text.
"""

import re
from typing import Final


def one_of(phrases: str) -> str:
    """The pattern of any of these phrases."""
    return "(?:" + "|".join(line.strip() for line in phrases.strip().splitlines()) + ")"


def begins_with(phrases: str) -> re.Pattern[str]:
    """A text that begins with one of these, whatever marks stand before it."""
    return re.compile(r"\W{0,5}" + one_of(phrases))


FORWARD_MARK: Final = re.compile(
    r"[-_*=\s>]{0,40}"
    + one_of(r"""
        begin(?:ning of)? forwarded message
        forwarded (?:message|mail|by)
        (?:debut du )?message (?:transfere|reexpedie|transmis)
        (?:debut du )?(?:courriel|mail|e-mail) transfere
        weitergeleitete nachricht
    """)
    + r"\b.{0,80}"
)
ORIGINAL_MARK: Final = re.compile(
    r"[-_*=\s>]{0,40}"
    + one_of(r"""
        original (?:message|appointment)
        message (?:d'origine|original|initial)
        courriel d'origine
        ursprungliche nachricht
    """)
    + r"\s{0,3}[-_*=:\s]{0,40}"
)
ATTRIBUTION: Final = re.compile(
    r"(?:on|le|en date du|am|il|el)\b.{0,300}\b"
    + one_of(r"""
        wrote
        (?:a )?ecrit
        ecrivait
        a repondu
        schrieb
        ha scritto
        escribio
    """)
    + r"\s{0,3}:?\s{0,3}"
)

CLOSING: Final = re.compile(
    r"\W{0,3}"
    + one_of(r"""
        (?:tres |bien )?cordialement
        cdlt
        cdt
        crdt
        bien a (?:vous|toi)
        (?:sinceres|cordiales|meilleures|respectueuses) salutations
        salutations(?: distinguees)?
        (?:avec )?mes (?:salutations|remerciements)
        (?:tres )?amicalement
        respectueusement
        (?:with )?(?:best|kind|kindest|warm|many)? ?regards
        best wishes
        yours (?:sincerely|faithfully|truly)
        sincerely(?: yours)?
        (?:veuillez|je vous prie d|nous vous prions d).{0,200}(?:salutations|sentiments)
        dans l'attente.{0,200}(?:retour|reponse)
        best(?=[\s,.!]{0,5}$)
        thanks and regards
        cheers
        bonne (?:journee|reception|fin de journee)
        belle journee
        excellente journee
    """)
    + r"\b[\s,.!;:\-]{0,5}.{0,40}"
)
SENT_FROM: Final = begins_with(r"""
    envoye (?:de|depuis|a partir de) (?:mon|ma|mes|outlook|yahoo|l'app)
    sent from (?:my|outlook|yahoo|mail|the)
    (?:obtenir|telecharger|get|telechargez) outlook (?:pour|for)
    provenance\s?: (?:courrier|outlook)
    envoye avec
    sent with
""")
SMALL_PRINT: Final = begins_with(r"""
    avertissement
    disclaimer
    confidentialit[ye]
    caution
    external email
    ce (?:message|courriel|mail|e-mail)
    this (?:e-?mail|message|communication)
    the information (?:contained|in this)
    les informations contenues
    l'integrite de ce
""")
SMALL_PRINT_WORDS: Final = re.compile(
    one_of(r"""
        confidenti
        exclusivement
        intended (?:only|solely|recipient|for)
        privileged
        destinataire
        ne peut etre garanti
        \bvirus\b
        antivirus
    """)
)
PRINTING: Final = begins_with(r"""
    avant d'imprimer
    pensez a l'environnement
    please consider the environment
    think before you print
""")
LIST_FOOTER: Final = re.compile(
    r".{0,40}\b"
    + one_of(r"""
        mailing list\b
        liste de diffusion
        unsubscribe
        se desabonner
        desinscription
    """)
)

AUTO_SUBJECT: Final = re.compile(
    r"(?:re\s?:\s?)?\W{0,3}"
    + one_of(r"""
        out of (?:the )?office
        automatic(?:ally generated)? (?:reply|response)
        auto(?:matic)?[- ]?(?:reply|response|replies)\b
        auto\s?:
        (?:reponse|message) automatique
        abwesenheits
        respuesta automatica
        vacation (?:reply|response|notice)
        on vacation
        (?:je suis )?absen(?:te?|ce) (?:du bureau|jusqu|pour conges?|temporaire|re\s?:|:)
        (?:message |notification |avis )?d'?\s?absence\b
        (?:en|actuellement en) (?:conges?|vacances)\b
        conges? (?:annuels|d'ete)
        i am (?:away|out)
        away from (?:the |my )?(?:office|mail)
        accuse de reception automatique
        your (?:message|e-?mail|request) (?:has been|was) received
        we(?: have|'ve) received your
    """)
)
ABSENCE: Final = re.compile(
    r".{0,60}?(?<![a-z0-9])"
    + one_of(r"""
        (?:je suis|je serai|nous serons|nous sommes) (?:\w{1,14} ){0,2}?(?:absente?s?|hors du bureau)
        (?:je suis|je serai|nous sommes) (?:\w{1,14} ){0,2}?en (?:conges?|vacances|deplacement|formation|arret)
        absente?s? (?:du bureau|jusqu|du \d)
        (?:actuellement|momentanement) (?:absente?s?|en (?:conges?|vacances|deplacement|formation|arret))
        (?:currently|presently) (?:out of (?:the )?office|away|on (?:\w{1,10} )?(?:leave|vacation|holidays?))
        (?:i am|i'm|i will be|we are|our office is) (?:\w{1,14} ){0,2}?(?:out of (?:the )?office|away|closed)
        (?:i am|i'm|i will be|we are) (?:\w{1,14} ){0,2}?on (?:\w{1,10} )?(?:leave|vacation|holidays?)
        (?:notre|nos|le|les) (?:societe|bureaux?|service|agence)s? (?:\w{1,10} ){0,2}?ferme(?:e|s|es)?
        ich bin .{0,60}(?:nicht im (?:buro|haus)|abwesend|im urlaub|ausser haus)
        (?:nous accusons|j'accuse) (?:bonne )?reception
        votre (?:\w{1,10} ){0,2}?(?:message|e?-?mail|demande) a (?:bien )?ete (?:recue?|prise?|enregistree?)
        your (?:\w{1,10} ){0,2}?(?:message|e?-?mail|request) (?:has been|was) (?:received|registered)
    """)
    + r".{0,500}?"
    + one_of(r"""
        de retour
        mon retour
        jusqu'a
        reouvr
        urgen
        (?:pour toute|merci de|veuillez|vous pouvez|bitte|please) .{0,30}(?:contact|adresse|appel|wend)
        dans les meilleurs delais
        as soon as possible
        (?:be|am) back
        return
        until
        \bbis\b
        bei (?:storung|dringend|fragen)
        \bdu \d{1,2}
    """)
)
"""How a notice of absence, or of having received something, begins; in folded text."""

ALARM_SUBJECT: Final = re.compile(
    r"\W{0,5}"
    + one_of(r"""
        (?:recovery|acknowledgement)\s?:
        (?:problem|recovery|acknowledgement|flappingstart) (?:host|service)\b
        (?:firing|resolved)(?::\d{1,4}|\])
        (?:host|service) (?:alert|state)
        (?:host|sensor) (?:is )?(?:down|up|unreachable)\b
        monitor is (?:down|up)\s?:
        (?:ups|system|device|network|environment\w{0,5}) (?:alarm|alert|event|notification)s?\b
        diagnostics? report
        (?:alarm|notification|event)\s?:
        (?:failed|success|warning|critical)\]
        incident #?\d+ (?:triggered|acknowledged|resolved|opened)
        cron <
    """)
)
"""How a monitoring system begins a subject; in folded text."""

ALARM_LABEL: Final = re.compile(
    r"(?m)^\W{0,5}"
    + one_of(r"""
        (?:original |problem |alert )?(?:event|trigger|alert|problem)(?: id| name| status| severity| url)?
        problem started at
        notification type
        (?:host|service|sensor|capteur)(?: ?name| ?group| state)?
        (?:state|severity|criticite)
        (?:item|last|current|dernier) (?:values?|messages?|valeur|state)
        additional info
        (?:system|ups) name
        (?:timestamp|rule|faults?|diagnostics)
        date/time
    """)
    + r"\s{0,3}[:\t]"
)
"""A line as monitoring systems write them; several of them, and no person wrote the mail."""

SAYS_AUTOMATIC: Final = re.compile(
    r"\b"
    + one_of(r"""
        (?:ceci est|il s'agit d'|this is) ?(?:une?|an?) (?:(?:e-?mail|message|courriel|reponse) )?automati
        (?:generee?|envoyee?|emise?) automatiquement
        automatically (?:generated|sent)
        (?:merci de |veuillez |priere de )ne pas (?:y )?repondre(?! (?:a tous|all))
        (?:do not|don't) reply to this
        (?:reply|repondre|reponse) (?:above|au-dessus de) (?:this|cette) (?:line|ligne)
        you (?:receive|received|are receiving) this (?:e-?mail|message|notification) because
        vous recevez (?:ce|cet) (?:e-?mail|mail|message|courriel) (?:car|parce)
        (?:manage (?:your )?(?:preferences|notifications|subscriptions)|unsubscribe|se desabonner|gerer vos preferences)
        (?:incident|ticket|demande|request)s? (?:[^ ]{1,20} )?(?:vous|has been) (?:a ete |est )?(?:affect|assign)
        pour (?:consulter|acceder a|ouvrir) (?:l'incident|le ticket|la demande|la fiche)[^.]{0,30}cliqu
        (?:has been|was|est|a ete) (?:assigned|affectee?|attribuee?) (?:to|a|au) (?:your|votre|groupe|group)
    """)
)
"""A machine says of its mail that it is one; in folded text."""

RECEIPT_SUBJECT: Final = begins_with(r"""
    read(?: receipt)?\s?:
    lu\s?:
    non lu\s?:
    not read\s?:
    delivered\s?:
    remis\s?:
    relayed\s?:
    confirmation de lecture
    accuse de (?:lecture|reception)\b
    return receipt
    disposition notification
""")
BOUNCE_SUBJECT: Final = begins_with(r"""
    undeliver(?:able|ed)\b
    delivery (?:status notification|failure|has failed|report)
    mail delivery (?:failed|failure|subsystem|system)
    returned mail
    failure notice
    non remis\s?:
    non distribuable
    echec (?:de )?(?:la )?(?:remise|distribution|livraison)
    message non (?:remis|distribue)
    warning: (?:could not send|message)
    delayed mail
    (?:votre )?message n'a pas (?:pu )?(?:etre|ete) (?:remis|distribue)
    unzustellbar
""")
