"""Effects: what a case does to the world. Each happens once, under the key (case, round, step) (SPEC §7.3)."""

from domain.effects.base import CallOff, EffectKey
from domain.effects.loans import LoanAnswer, LoanGranted, LoanMove, LoanRequest, LoanStep, LoanUnit, words_for
from domain.effects.registry import EntitlementQuestion, Relocation, RelocationAnswer
from domain.effects.supply import (
    ArticleAnswer,
    ArticleQuestion,
    ReplacementOrder,
    ReplacementRequest,
    Rerouting,
    Restock,
    SerialExchangeAnswer,
    SerialExchanges,
    StockAnswer,
    StockRequest,
)
from domain.effects.visits import (
    AffectedVisit,
    SlotAnswer,
    SlotChoice,
    SlotOffer,
    SlotProposal,
    SlotRelease,
    SlotSearch,
    TechnicianAbsence,
)
from domain.effects.words import CaseWord, CaseWords, HandOver, Notice, Recipient, ReturnKind, ReturnOrder

__all__ = [
    "AffectedVisit",
    "ArticleAnswer",
    "ArticleQuestion",
    "CallOff",
    "CaseWord",
    "CaseWords",
    "EffectKey",
    "EntitlementQuestion",
    "HandOver",
    "LoanAnswer",
    "LoanGranted",
    "LoanMove",
    "LoanRequest",
    "LoanStep",
    "LoanUnit",
    "Notice",
    "Recipient",
    "Relocation",
    "RelocationAnswer",
    "ReplacementOrder",
    "ReplacementRequest",
    "Rerouting",
    "Restock",
    "ReturnKind",
    "ReturnOrder",
    "SerialExchangeAnswer",
    "SerialExchanges",
    "SlotAnswer",
    "SlotChoice",
    "SlotOffer",
    "SlotProposal",
    "SlotRelease",
    "SlotSearch",
    "StockAnswer",
    "StockRequest",
    "TechnicianAbsence",
    "words_for",
]
