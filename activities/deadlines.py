"""Instants of business time: a pure answer, given by an activity so that workflows carry no calendar (DESIGN §2.3)."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain import projection
from domain.calendars import CalendarError
from domain.deadlines import DeadlineQuestion, Deadlines


class DeadlineActivities:
    """Turns questions about business time into instants. Needs nothing but the question."""

    @activity.defn
    async def answer_deadlines(self, question: DeadlineQuestion) -> Deadlines:
        """Answer a question; an instant beyond the calendars' tables fails with the reason, and is tried again."""
        try:
            return projection.answer(question)
        except CalendarError as error:
            raise ApplicationError(str(error), type="CalendarError") from error
