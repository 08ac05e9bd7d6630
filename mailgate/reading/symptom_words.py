"""What is wrong with equipment, in words that say it only where they are said of equipment (R4). As in `phrases`."""

import re
from typing import Final

from mailgate.reading.phrases import one_of

_BEGIN: Final = r"(?<![a-z0-9])"
_END: Final = r"(?![a-z0-9])"

PART: Final = re.compile(
    _BEGIN
    + one_of(r"""
        images?
        son
        audio
        videos?
        ecrans?
        moniteurs?
        cameras?
        micro\w{0,6}
        voix
        voice
        usb
        hdmi
        laptops?
        ordinateurs?
        haut[ -]parleurs?
        enceintes?
        telecommandes?
        tactile
        dalle
        voyants?
        leds?
        reseau
        codecs?
        visio\w{0,12}
        appareils?
        boitiers?
        systemes?
        equipements?
        materiels?
        salles?
        terminal
        tableau
        borne
        bouton
        appels?
        units?
        devices?
        systems?
        screens?
        displays?
        panels?
        mics?
        speakers?
        remote
        calls?
        rooms?
        boards?
        touch
        picture
        sound
        network
        (?=[a-z/-]{0,20}\d)(?=\d{0,20}[a-z])[a-z0-9][a-z0-9/-]{5,24}
    """)
    + _END
)
"""Equipment, a part of it, or what looks like its number."""

_OF_NO_MACHINE: Final = (
    r"(?:est|etai|sont|sera|seront|fait|fera|figure|depend|exist|travaill|utilis|trouv|dispos|appartien|recoi|serv"
    r"|concern|convien|correspond|suffi|compren|comport|couvr|possed|pren|souhait|veut|veulent)"
)
"""Verbs that say nothing of a machine with "ne … plus"."""

_OF_NO_DEVICE: Final = (
    r"(?:need|want|require|have|know|think|use|own|plan|wish|belong|concern|cover|includ|match|apply|mean|matter|find|see"
    r"|receiv|got|get|hesitat|forget|urgent|install|under|part|sure|yet|be|the|any|our|yours?)"
)
"""The same of "does not …"."""

SYMPTOM: Final = re.compile(
    _BEGIN
    + one_of(rf"""
        (?<!je )(?<!nous )(?<!vous )(?:ne|n') ?(?!{_OF_NO_MACHINE}\w{{0,4}} )\w{{2,14}} (?:plus|jamais|pas)(?! besoin)
        (?<!i )(?<!we )(?<!you )(?:(?:will|does|did|is|are|was)(?: not|n't)|won't) (?!{_OF_NO_DEVICE})\w{{3,12}}
        (?:est|sont) plus (?:reconnu|visible|joignable|accessible|detecte)\w{{0,2}}
        (?:est|sont) plus (?:alimente|connecte|audible|lisible|enregistre)\w{{0,2}}
        coupe(?:nt)? (?:sans|tout|toujours|souvent|pendant|en|au)
        (?:pb|problemes?|soucis?|problems?|issues?|troubles?)
        (?:arrive|arrivons|arrivent|parviens|parvenons|parvient|reussi|reussissons) (?:plus|pas) a
        (?:traits?|lignes?|bandes?|taches?) (?:\w{{1,10}} ){{0,2}}?(?:vert|noir|blanc|rose|rouge|bleu|horizont)\w{{0,4}}
        (?:robotique|metallique|robotic|metallic|one[ -]way)
        (?:disparue?s?|disappeared|went wrong)
        (?:trop|too) (?:faible|fort|lent|bas|long|sombre|quiet|loud|low|slow|dark|long)\w{{0,2}}
        (?:met|mettent|takes?|taking) (?:\w{{1,8}} ){{1,2}}?(?:secondes?|minutes?|seconds?|heures?|hours?)
        tout(?:e)?s? seule?s?
        sans (?:raison|cesse|arret)
        (?:par moments?|par intermittence|(?:une|1) (?:fois|phrase|seconde|minute|image) sur (?:deux|trois|2|3))
        redemarre\w{{0,3}} (?:\w{{1,8}} )?(?:\d{{1,3}}|deux|trois|quatre|plusieurs) fois
        plus aucune?s?(?! (?:besoin|demande|remarque|question|nouvelle|retour|raison))
        certificats? (?:\w{{1,10}} )?(?:expire|perime)e?s?
        (?:explose|brulante?|fondue?|tordue?|dechiree?|arrachee?|bruyante?|enrayee?|instable)s?
        (?:by|for) (?:itself|no (?:apparent )?reason)
        on its own
        (?:intermittent|random|sporadic)(?:ly)?
        (?:\d{{1,3}}|two|three|several|many) times (?:a|per|this|last|since|in|over)
        no longer(?! (?:need|want|require|use|have|own|on|with|supported|under|covered|in))
        (?:shows?|displays?|hears?|sees?) nothing
        (?:blew|blown|burst|melted|exploded|snapped|bent|torn|loose|unstable|sluggish|upside down)
        s'(?:eteint|arrete|interrompt|allume et)
        se (?:coupe|deconnecte|met en veille|fige|bloque|brouille)(?:nt)?
        bruits?
        bizarre\w{{0,4}}
        chauffe
        surchauffe
        fissuree?s?
        rayee?s?
        tombee?s?
        mouillee?s?
        bips?
        bippe
        mauvaise?s?
        mediocres?
        saccadee?s?
        hachee?s?
        pixel\w{{0,6}}
        scintill\w{{1,4}}
        clignot\w{{1,4}}
        lags?
        lagging
        rame
        lente?s?
        ralenti\w{{0,4}}
        echo
        souffle
        decalage (?:du |entre |de l'|audio|son|image|labial)
        (?:son|image|audio|video) (?:est |sont )?decalee?s?
        desynchron\w{{1,6}}
        flou\w{{0,2}}
        tourne dans le vide
        perd(?:ent|u|ue)?(?! (?:la |notre |nos |ma |les )?(?:cle|licen|code))
        refuse(?:nt)?
        crame
        crama
        morte?s?
        hurle
        siffle
        vibre
        stri(?:e|ee|es|ees)
        (?:reste|est) muet(?:te)?
        (?:noir et blanc|black and white)
        (?:rien n'y fait|toujours pareil|meme probleme)
        (?:affiche|shows?|says|displays)(?= ['"«])
        (?:pouvez|pourriez|devez)[ -]vous intervenir
        (?:demandes?|besoin) d'(?:une )?intervention
        (?:need|require|request|send)\w{{0,3}} (?:a |an )?(?:technician|engineer|intervention)
        (?:uniquement|seulement|que) (?:a|d'un) (?:gauche|droite|cote)
        (?:does|do|doing|did) nothing
        (?:lost|loses|losing)(?! (?:the |our |my |its )?(?:licen|activation|option|release|key))
        (?:a|ont|avoir) pris (?:l'eau|la foudre|feu|un (?:coup|choc))
        (?:inond|foudroy|renvers)ee?s?
        (?:degats? des eaux|fuite d'eau)
        water (?:damage|leak)
        (?:flooded|soaked|spilled|spilt)
        (?:beeps?|beeping|smells?|leaks?|leaking)
        gone dead
        inutilisables?
        unusable
        injoignables?
        introuvable
        erreurs? \w{{0,10}}\d
        tout noir
        toute? bleue?
        (?:rouge|orange) (?:fixe|clignotant)
        (?:cuts?|cutting|drops?|dropping) (?:in and )?(?:out|off)
        (?:purple|green|pink|grey|gray|white) (?:screen|lines?|picture|image)
        (?:nobody|no one) (?:\w{{1,8}} ){{0,6}}?(?:hear|see|join|connect|dial|share)s?
        (?:cannot|can't|can not|unable to) (?:\w{{1,8}} ){{0,2}}?(?:hear|see|join|connect|dial|share)s?
        flicker\w{{0,3}}
        choppy
        distorted
        garbled
        static
        (?:loud|background|strange|weird|buzzing|crackling|hissing) nois(?:e|es|y)
        (?:makes?|making) (?:\w{{1,10}} ){{0,3}}?nois(?:e|es)
        overheat\w{{0,3}}
        cracked
        wet
        damaged
        slow
        errors?
        stuck
        hang(?:s|ing)?
        disconnect(?:s|ed|ing)
        unreachable
        offline
    """)
    + _END
)
"""What is a breakdown only where it is said of equipment or a part of it."""
