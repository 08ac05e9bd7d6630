"""Why something comes, goes or is planned anew: as a case writes it in English, and as mails say it in both."""

import re

from domain.bilingual import Both

CAUSES = {
    both.en: both
    for both in (
        Both("la promesse de livraison n'est pas tenue", "the delivery promise is breached"),
        Both("le remplacement est incomplet", "the replacement is partial"),
        Both("le remplacement est retardé", "the replacement is delayed"),
        Both("le remplacement est perdu", "the replacement is lost"),
        Both("le remplacement est endommagé", "the replacement is damaged"),
        Both("le remplacement est livré au mauvais endroit", "the replacement is misdelivered"),
        Both("le remplacement n'est pas le bon article", "the replacement is wrong item"),
        Both("le remplacement est en rupture de stock", "the replacement is out of stock"),
        Both("le remplacement est refusé sur site", "the replacement is refused at site"),
        Both("le remplacement est livré", "the replacement is delivered"),
        Both("l'équipement est de nouveau en service", "the equipment is in service again"),
        Both("l'équipement se trouve ailleurs", "the equipment stands elsewhere"),
        Both("personne n'a pu donner accès ce jour-là", "no access on the day"),
        Both("le dossier prend fin", "the case ends"),
    )
}
"""What a case writes in English and mails say in both languages."""

CAUSES_BEFORE_A_WORD = (
    Both("le dossier est annulé", "the case is cancelled"),
    Both("le dossier concerne", "the case is about"),
    Both("refusé par le pilote :", "vetoed:"),
)
"""The same, where what somebody typed follows."""

REPLANNED_BECAUSE = {
    "choose": Both("un autre créneau est choisi", "another time is chosen"),
    "propose": Both("un autre créneau est proposé", "another time is proposed"),
    "decline": Both("le créneau ne convient pas", "the time does not suit"),
    "cancel": Both("le rendez-vous est annulé", "the appointment is cancelled"),
    "room_unavailable": Both("la salle n'est pas libre", "the room is not free"),
    "technician_unavailable": Both("le technicien n'est pas disponible", "the technician is not available"),
}
"""Why a visit that was agreed is planned anew, by what was said of it (R10)."""


_SENTENCES = (
    (r"serial number (\S+) is not in the registry", "le numéro de série {0} est inconnu de notre registre"),
    (r"no contract covers (\S+)", "aucun contrat ne couvre {0}"),
    (
        r"contract (\S+) is not in force on (\S+) \((\S+) to (\S+)\)",
        "le contrat {0} n'est pas en vigueur le {1} (du {2} au {3})",
    ),
    (r"contract (\S+) does not cover (?:curative maintenance)", "le contrat {0} ne couvre pas la maintenance curative"),
    (
        r"contract (\S+) names no transit days for delivery zone (\S+)",
        "le contrat {0} ne dit rien de l'acheminement vers la zone {1}",
    ),
    (
        r"reported_at is more than one business day before the report was entered; .*",
        "l'appel remonte à plus d'un jour ouvré : seul un responsable peut le saisir",
    ),
    (r"confirmed by the customer", "confirmé par vos soins"),
    (r"nobody contested in time: silence confirms", "sans contestation dans le délai"),
)
"""Whole sentences that a case gives as its reason, with what they name."""


def in_both(reason: str | Both) -> str | Both:
    """A reason that the case itself gave, in both languages; what somebody typed stays as it is."""
    if isinstance(reason, Both):
        return reason
    for cause in CAUSES_BEFORE_A_WORD:
        if reason.startswith(cause.en):
            return Both(cause.fr + reason.removeprefix(cause.en), reason)
    for pattern, french in _SENTENCES:
        if found := re.fullmatch(pattern, reason):
            return Both(french.format(*found.groups()), reason)
    return CAUSES.get(reason, reason)


def replanned_because(action: str, typed: str | None) -> Both:
    """Why a visit is planned anew, as the customer may read it: what was said of it, and the reason that was typed.

    Of a technician who does not come only that: why they do not is their own business.
    """
    because = REPLANNED_BECAUSE[action]
    if typed is None or action == "technician_unavailable":
        return because
    return Both(f"{because.fr} – {typed}", f"{because.en} – {typed}")
