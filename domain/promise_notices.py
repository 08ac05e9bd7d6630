"""What people are told of a promise that is at risk, or was not kept; and who is told (SPEC §4)."""

from dataclasses import dataclass

from domain.bilingual import Both
from domain.effects import Recipient
from domain.handling import Handled
from domain.promises import Promise, PromiseName
from domain.waits import Party
from domain.words import About, Words, words

PROMISES: dict[PromiseName, Both] = {
    PromiseName.LEVEL_1_ANSWER: Both("la prise en charge par le niveau 1", "the answer of level 1"),
    PromiseName.LEVEL_2_DIAGNOSIS: Both("le diagnostic du niveau 2", "the diagnosis of level 2"),
    PromiseName.VENDOR_REQUEST_SENT: Both("l'envoi de la demande au constructeur", "the request to the vendor"),
    PromiseName.VENDOR_VALIDATION: Both("la validation par le constructeur", "the approval by the vendor"),
    PromiseName.REPLACEMENT_DELIVERY: Both("la livraison du remplacement", "the delivery of the replacement"),
    PromiseName.LOAN_AVAILABLE: Both("la mise à disposition du matériel de prêt", "the loan equipment"),
    PromiseName.VISIT_PLANNING: Both("la planification de l'intervention", "the planning of the visit"),
    PromiseName.SOFTWARE_DELIVERY: Both("la fourniture du logiciel", "the delivery of the software"),
    PromiseName.SOFTWARE_DELIVERY_TARGET: Both(
        "l'objectif interne de fourniture du logiciel", "the internal target for the software"
    ),
}
"""What each promise is about, as people say it."""

PARTIES: dict[Party, Both] = {
    Party.SUPPORT: Both("le centre support", "the support centre"),
    Party.VENDOR: Both("le constructeur", "the vendor"),
    Party.CARRIER: Both("le transporteur", "the carrier"),
    Party.CUSTOMER: Both("le client", "the customer"),
    Party.TECHNICIAN: Both("le technicien", "the technician"),
    Party.NOBODY: Both("personne", "nobody"),
}


@dataclass(frozen=True)
class Audience:
    """Who is told at the first warning of a promise, and who when it is breached."""

    at_risk: tuple[Recipient, ...]
    breached: tuple[Recipient, ...]


_OURS = Audience(at_risk=("coordinator",), breached=("coordinator",))
_TO_THE_CUSTOMER = Audience(at_risk=("coordinator",), breached=("coordinator", "supervisor", "customer"))

AUDIENCES: dict[PromiseName, Audience] = {
    PromiseName.LEVEL_1_ANSWER: _OURS,
    PromiseName.LEVEL_2_DIAGNOSIS: Audience(at_risk=("coordinator",), breached=("coordinator", "supervisor")),
    PromiseName.VENDOR_REQUEST_SENT: _OURS,
    PromiseName.VENDOR_VALIDATION: Audience(at_risk=("coordinator",), breached=("supervisor",)),
    PromiseName.REPLACEMENT_DELIVERY: _TO_THE_CUSTOMER,
    PromiseName.LOAN_AVAILABLE: _TO_THE_CUSTOMER,
    PromiseName.VISIT_PLANNING: Audience(at_risk=("coordinator",), breached=("coordinator", "supervisor")),
}
"""The vendor's silence over the cut-off is told to the coordinator by the stage, who is to chase them."""


def promise_at_risk(about: About, promise: Promise, case: Handled) -> Words:
    """To those who can still keep it."""
    return _of_a_promise("promise_at_risk", about, promise, case)


def promise_breached(about: About, promise: Promise, case: Handled) -> Words:
    """To those who answer for it."""
    return _of_a_promise("promise_breached", about, promise, case)


def promise_missed(about: About, promise: Promise) -> Words:
    """To the customer: what was promised has not come in time, and is still owed."""
    return words("promise_missed", about, promise=PROMISES[promise.name], due=promise.due_at)


def _of_a_promise(template: str, about: About, promise: Promise, case: Handled) -> Words:
    return words(
        template,
        about,
        promise=PROMISES[promise.name],
        due=promise.due_at,
        waiting_for=PARTIES[case.waiting_for],
        owner=case.owner,
        next_action=case.next_action,
    )
