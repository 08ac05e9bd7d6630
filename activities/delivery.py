"""Delivery of letters: to whom they are meant for, or to the coordinator, who passes them on (SPEC §6)."""

from dataclasses import replace

from activities.correspondence import Correspondence, Outgoing
from activities.mailer import MailRefused
from domain.addressees import is_address, request_to_pass_on
from domain.effects import Recipient, RefusedNotice


class Delivery:
    """Nobody is forgotten for want of an address, and nothing is tried for ever that a mail server refuses for good."""

    def __init__(self, post: Correspondence, coordinator: str) -> None:
        self._post = post
        self._coordinator = coordinator

    async def deliver(self, letter: Outgoing, to: Recipient, known_as: str = "") -> RefusedNotice | None:
        """Send a letter; answers what was refused for good, and whether the coordinator has it instead.

        `known_as` is what is known of where they read, when it is not the address itself. Somebody of whom nothing is
        known at all is no refusal: the coordinator passes it on. Raises what keeps a letter from being sent now.
        """
        if not is_address(letter.address):
            known = letter.address or known_as
            return await self._pass_on(letter, to, known, f"no address of {known!r} is known" if known else "")
        try:
            await self._post.send(letter)
        except MailRefused as refused:
            return await self._pass_on(letter, to, letter.address, str(refused))
        return None

    async def _pass_on(self, letter: Outgoing, to: Recipient, known: str, reason: str) -> RefusedNotice | None:
        """Once: what is refused at the coordinator's own address goes nowhere."""
        is_passed_on = letter.address != self._coordinator and is_address(self._coordinator)
        if is_passed_on:
            passed_on = replace(letter, address=self._coordinator, preface=request_to_pass_on(to, known))
            try:
                await self._post.send(replace(passed_on, invitation=None))
            except MailRefused as refused:
                is_passed_on, reason = False, "; ".join(text for text in (reason, str(refused)) if text)
        if is_passed_on and not reason:
            return None
        return RefusedNotice(
            identifier=letter.key.identifier,
            to=to,
            title=letter.words.title,
            reason=reason,
            passed_on=is_passed_on,
        )
