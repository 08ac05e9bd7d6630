"""What people are told of a call by mail: one function a notice (R2 to R4)."""

from datetime import datetime

from domain.words import About, Words, words


def call_recorded(about: About, opens_at: datetime) -> Words:
    """To the caller: it came outside service hours, it is recorded, and the line opens then (R4)."""
    return words("call_recorded", about, opens_at=opens_at)


def breakdown_by_mail(about: About, opens_at: datetime | None) -> Words:
    """To whoever reported a breakdown by mail: call us; else we call back (R4). `opens_at` when the line is closed."""
    return words("breakdown_by_mail", about, opens_at=opens_at)


def call_rejected(about: About, reason: str) -> Words:
    """To the caller: what they called about is not covered, and why (R14)."""
    return words("call_rejected", about, reason=reason)


def call_became_a_case(about: About, case: str) -> Words:
    """To the caller: curative maintenance goes on with it, under that reference."""
    return words("call_became_a_case", about, case=case)


def call_became_a_request(about: About, request: str) -> Words:
    """To the caller: a software request goes on with it, under that reference (R3)."""
    return words("call_became_a_request", about, request=request)


def call_resolved(about: About, findings: str) -> Words:
    """To the caller: how it was resolved."""
    return words("call_resolved", about, findings=findings)
