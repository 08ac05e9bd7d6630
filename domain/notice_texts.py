"""The texts of all notices, in one table: French first, English second."""

from domain.bilingual import Both, Wording

HEAD = Both(
    "Bonjour,\n\nRéférence : {reference}\nÉquipement : {equipment}\nSite : {site}",
    "Hello,\n\nReference: {reference}\nEquipment: {equipment}\nSite: {site}",
)
"""What every mail begins with."""

RETURN_KINDS = {
    "faulty_part": Both("la pièce défectueuse", "the faulty part"),
    "unused_part": Both("la pièce inutilisée", "the unused part"),
    "loan_unit": Both("le matériel de prêt", "the loan unit"),
}

NO_REASON = Both("sans motif indiqué", "no reason given")

LINES_EXCLUDED = Wording(
    Both("Articles exclus de l'échange standard", "Articles excluded from the exchange"),
    Both(
        "L'échange standard ne comprend pas les articles suivants :\n{lines}\n{others}",
        "The standard exchange does not include these articles:\n{lines}\n{others}",
    ),
)
OTHERS_REPLACED = Both(
    "Les autres articles défectueux sont remplacés.",
    "The other defective articles are replaced.",
)
NONE_REPLACED = Both(
    "Aucun autre article n'est remplacé ; le diagnostic continue.",
    "No other article is replaced; the diagnosis goes on.",
)
LOGS_REMINDER = Wording(
    Both("Fichiers de journalisation attendus", "Log files awaited"),
    Both(
        "Nous attendons vos fichiers de journalisation (logs) pour poursuivre le diagnostic.",
        "We are waiting for your log files to go on with the diagnosis.",
    ),
)
SLOTS_OFFERED = Wording(
    Both("Choix d'un créneau d'intervention", "Choose a time for the visit"),
    Both(
        "Voici les créneaux possibles pour l'intervention, posés en option jusqu'au {held_until} :\n{slots}\n"
        "Merci d'en choisir un, ou de nous en proposer un autre.",
        "These are the possible times for the visit, held for you until {held_until}:\n{slots}\n"
        "Please choose one of them, or propose another.",
    ),
)
SLOTS_REMINDER = Wording(
    Both("Rappel : créneau d'intervention à choisir", "Reminder: choose a time for the visit"),
    Both(
        "Nous attendons votre choix parmi les créneaux suivants :\n{slots}\n"
        "Sans autre date qui vous convienne, appelez-nous.",
        "We are waiting for your choice among these times:\n{slots}\nIf none of them suits you, please call us.",
    ),
)
VISIT_STILL_TO_BE_AGREED = Wording(
    Both("Rappel : intervention à convenir", "Reminder: a visit to be agreed"),
    Both(
        "Nous n'avons pas eu de réponse à nos propositions, et aucun créneau n'est plus posé en option. "
        "Appelez-nous pour convenir d'une date.",
        "Our offers were not answered, and no time is held for you any more. Please call us to agree on a date.",
    ),
)
VISIT_AGREED = Wording(
    Both("Intervention convenue", "Visit agreed"),
    Both("L'intervention sur site a lieu le {visit}.", "The visit on site takes place on {visit}."),
)
VISIT_REPLANNED = Wording(
    Both("Intervention déplacée", "Visit moved"),
    Both(
        "L'intervention prévue le {old} n'aura pas lieu ({reason}). Elle est déplacée au {new}.",
        "The visit planned for {old} does not take place ({reason}). It is moved to {new}.",
    ),
)
VISIT_TO_BE_REPLANNED = Wording(
    Both("Intervention à replanifier", "Visit to be planned anew"),
    Both(
        "L'intervention prévue le {old} n'aura pas lieu ({reason}). De nouveaux créneaux seront proposés.",
        "The visit planned for {old} does not take place ({reason}). New times will be offered.",
    ),
)
VISIT_CALLED_OFF = Wording(
    Both("Intervention annulée", "Visit called off"),
    Both(
        "L'intervention prévue le {visit} est annulée ({reason}).",
        "The visit planned for {visit} is called off ({reason}).",
    ),
)
VENDOR_REMINDER = Wording(
    Both("Rappel : demande de remplacement", "Reminder: replacement request"),
    Both(
        "Notre demande de remplacement {request} attend votre réponse. Une validation avant le {cutoff} "
        "permet la livraison le jour ouvré suivant.",
        "Our replacement request {request} is waiting for your answer. An approval before {cutoff} "
        "allows delivery on the next business day.",
    ),
)
VENDOR_SILENT = Wording(
    Both("Constructeur sans réponse", "The vendor has not answered"),
    Both(
        "{vendor} n'a pas répondu à la demande {request} avant le {cutoff}. La livraison à J+1 n'est plus possible.",
        "{vendor} has not answered the request {request} before {cutoff}. Next-day delivery cannot be kept any more.",
    ),
)
LOAN_TO_VETO = Wording(
    Both("Prêt sur le point d'être décidé", "Loan about to be decided"),
    Both(
        "Un matériel de prêt sera décidé ({cause}), sauf opposition motivée de votre part avant le {until}.",
        "Loan equipment will be decided ({cause}), unless you veto it with a reason before {until}.",
    ),
)
LOAN_DECIDED = Wording(
    Both("Matériel de prêt", "Loan equipment"),
    Both(
        "Un matériel de prêt aux fonctions au moins équivalentes vous est fourni ({cause}), au plus tard le {due}.",
        "You are given loan equipment with at least the same features ({cause}), by {due} at the latest.",
    ),
)
LOAN_CALLED_OFF = Wording(
    Both("Matériel de prêt annulé", "Loan equipment called off"),
    Both(
        "Le matériel de prêt annoncé ne vous est plus envoyé ({reason}).",
        "The loan equipment that was announced is not sent any more ({reason}).",
    ),
)
LOAN_ON_ITS_WAY = Wording(
    Both("Matériel de prêt expédié", "The loan equipment is on its way"),
    Both(
        "Le matériel de prêt ({unit}) est en route{parcel}.",
        "The loan equipment ({unit}) is on its way{parcel}.",
    ),
)
NO_LOAN_UNIT_FREE = Wording(
    Both("Aucun matériel de prêt disponible", "No loan unit is free"),
    Both(
        "Aucun matériel de prêt convenable n'est disponible, promis pour le {promised_for}. "
        "Place dans la file d'attente : {place}.",
        "No suitable loan unit is free; one is promised for {promised_for}. Place in line: {place}.",
    ),
)
APPROVAL_REVOKED = Wording(
    Both("Validation retirée après l'expédition", "Approval revoked after the dispatch"),
    Both(
        "Le constructeur a retiré sa validation ({reason}) alors que le colis est parti. Le colis poursuit sa route ; "
        "le litige est à régler avec le constructeur.",
        "The vendor revoked its approval ({reason}) when the parcel was on its way already. The parcel goes on; "
        "the dispute is to be settled with the vendor.",
    ),
)
CUSTOMER_NOT_REACHED = Wording(
    Both("Client injoignable", "The customer cannot be reached"),
    Both(
        "Le client n'a pas pu être joint en {attempts} tentatives. Les délais qui dépendent de lui sont suspendus "
        "depuis le {since}.",
        "The customer was not reached in {attempts} attempts. The clocks that wait for them are paused since {since}.",
    ),
)
CASE_CANCELLED = Wording(
    Both("Dossier annulé", "Case cancelled"),
    Both(
        "Votre dossier est annulé ({reason}). Ce qui avait été engagé est annulé avec lui.",
        "Your case is cancelled ({reason}). What had been arranged is called off with it.",
    ),
)
REQUEST_WITHDRAWN = Wording(
    Both("Demande de remplacement retirée", "Replacement request withdrawn"),
    Both(
        "Nous retirons notre demande de remplacement {request} ({reason}).",
        "We withdraw our replacement request {request} ({reason}).",
    ),
)
ORDER_CALLED_OFF = Wording(
    Both("Commande annulée", "Order called off"),
    Both(
        "Nous annulons la commande {order} ({reason}) :\n{articles}\nMerci de ne pas l'expédier.",
        "We call off the order {order} ({reason}):\n{articles}\nPlease do not ship it.",
    ),
)
ORDER_AGAIN = Wording(
    Both("URGENT : nouvelle commande", "URGENT: order again"),
    Both(
        "Nous commandons de nouveau, en urgence, sous {order} ({reason}) :\n{articles}",
        "We order again, urgently, under {order} ({reason}):\n{articles}",
    ),
)
ORDER_REROUTED = Wording(
    Both("Livraison à réadresser", "Delivery to be re-routed"),
    Both(
        "La commande {order} est à livrer à une autre adresse : {destination}, au plus tard le {due}.\n{articles}\n"
        "Si le colis est déjà parti, merci de le réadresser.",
        "The order {order} is to be delivered at another address: {destination}, by {due} at the latest.\n{articles}\n"
        "If the parcel is on its way already, please re-route it.",
    ),
)
RETURN_ASKED = Wording(
    Both("Matériel à retourner", "Equipment to be sent back"),
    Both(
        "Merci de retourner {kind} à {destination}, au plus tard le {due}.",
        "Please send {kind} back to {destination}, to arrive by {due} at the latest.",
    ),
)
RETURN_REMINDER = Wording(
    Both("Rappel : matériel à retourner", "Reminder: equipment to be sent back"),
    Both(
        "Nous attendons toujours {kind}, à retourner à {destination} (échéance : {due}). "
        "Si le colis est déjà parti, merci de nous indiquer son numéro de suivi.",
        "We are still waiting for {kind}, to be sent back to {destination} (due {due}). "
        "If the parcel is on its way already, please tell us its tracking number.",
    ),
)
RETURN_OVERDUE = Wording(
    Both("Retour en retard", "Return overdue"),
    Both(
        "Le retour attendu de {customer} pour {destination} ({kind}) n'est pas arrivé à l'échéance ({due}).",
        "What {customer} sends back to {destination} ({kind}) has not arrived by its due instant ({due}).",
    ),
)
NO_NEWS = Both("aucune nouvelle", "no news of it")
RETURN_LOST = Wording(
    Both("Matériel déclaré perdu", "Equipment declared lost"),
    Both(
        "Le retour attendu de {customer} pour {destination} ({kind}) est déclaré perdu ({reason}).",
        "What {customer} sends back to {destination} ({kind}) is declared lost ({reason}).",
    ),
)
