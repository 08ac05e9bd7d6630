"""Letters: what a case sends to people outside, and goes on sending until it is handed over."""

from typing import Annotated, TypeAlias

from pydantic import Field

from domain.effects import Notice, ReplacementRequest

Letter: TypeAlias = Annotated[ReplacementRequest | Notice, Field(discriminator="type")]
"""A request to the vendor, or a notice to anybody. Its key goes out with it, so that a repeat can be told."""
