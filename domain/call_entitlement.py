"""What a call is told by the registry: whether it is covered, by whom it is answered, which equipment it is about."""

from pydantic import BaseModel, ConfigDict

from domain.calendars import CalendarSpec, Reading
from domain.coverage import Coverage, EquipmentCard
from domain.terms import Terms


class CallEntitlement(BaseModel):
    """The coverage of a call, or the reason why it has none; the line is the provider's in any case."""

    model_config = ConfigDict(frozen=True)

    provider: CalendarSpec
    coverage: Coverage | None
    equipment: EquipmentCard | None = None
    serial_number: str | None = None
    """The one that counts: what was asked about, or what stands in its place (R7)."""
    open_case: str | None = None
    """The reference of the curative case that is open for the equipment."""
    rejected_because: str | None = None


def not_identified(provider: CalendarSpec) -> Coverage:
    """What a call runs under while nobody has said which equipment it is about: the sheet's own figures (R2)."""
    terms = Terms(software_reading=Reading.SERVICE_HOURS, transit_days={})
    return Coverage(terms=terms, provider=provider, site=provider, basis="not checked: no serial number yet")
