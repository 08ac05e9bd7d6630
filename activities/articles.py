"""Defective articles, told apart line by line (R7)."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from database.catalogue import Catalogue, UnknownEquipment
from domain.effects import ArticleAnswer, ArticleQuestion
from domain.exchange import match_articles, whole_equipment


class ArticleActivities:
    """Reads the catalogue and decides with `domain.exchange`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @activity.defn
    async def match_articles(self, question: ArticleQuestion) -> ArticleAnswer:
        """Say what happens to each article; when none is named, the whole equipment is exchanged.

        Equipment that the registry does not know any more fails with the reason, and is tried again.
        """
        try:
            extract = await self._catalogue.extract(question.serial_number, question.articles)
        except UnknownEquipment as error:
            raise ApplicationError(str(error), type="UnknownEquipment") from error
        if not question.articles:
            return ArticleAnswer(lines=(whole_equipment(extract.equipment_type),))
        return ArticleAnswer(lines=match_articles(question.articles, extract.configuration, extract.articles))
