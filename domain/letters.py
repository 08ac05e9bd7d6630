"""Letters: what a case sends to others, and goes on sending until it is handed over."""

from typing import Annotated, TypeAlias

from pydantic import Field

from domain.effects import Notice, ReplacementRequest, ReturnOrder

Letter: TypeAlias = Annotated[ReplacementRequest | Notice | ReturnOrder, Field(discriminator="type")]
"""A request to the vendor, a notice to anybody, or a return to follow.

Its key goes out with it, so that a repeat can be told.
"""
