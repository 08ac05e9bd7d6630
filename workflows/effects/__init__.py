"""What a workflow asks of activities: one method an effect, each with a summary that an operator understands."""

from workflows.effects.asking import Activities, Answer, Question
from workflows.effects.loans import LoanEffects
from workflows.effects.registry import RegistryEffects
from workflows.effects.supply import SupplyEffects
from workflows.effects.visits import VisitEffects
from workflows.effects.words import WordEffects

__all__ = ["Activities", "Answer", "Effects", "Question"]


class Effects(RegistryEffects, SupplyEffects, LoanEffects, VisitEffects, WordEffects):
    """The activities of one case."""
