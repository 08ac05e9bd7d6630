"""What happens in the installation: keys are given, issued and quoted back; people are named wherever they can be."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from temporalio.client import WorkflowUpdateFailedError

from database.software_requests import SoftwareFilter, SoftwareRequestStore
from tests.activities.smtp_servers import Server
from tests.durability.installation import Installation
from tests.durability.waiting import until
from tests.mailgate.corpus import written
from tests.mailgate.gate_process import GateProcess
from tests.mailgate.talking import give
from tests.secrecy import people
from tests.secrecy.people import (
    CALLER,
    COLLEAGUE,
    HOME,
    MAILED,
    MOBILE,
    OWNER,
    REQUESTER,
    SIGNATORY,
    TECHNICIAN,
    VENDOR,
    WRITER,
)
from tests.secrecy.storage import as_bytes, plain
from tests.workflows.call_story import WORKFLOW as CALL
from tests.workflows.call_story import CallStory, call
from tests.workflows.case_story import CaseStory, paris
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT
from tests.workflows.software_story import BRIDGE, BRIDGE_OF_RHONEVAL, KIT, SoftwareStory, request

IN_STOCK, LATER, LAST = people.IN_STOCK
MONDAY = paris("mon 10 09:00")
BUSY = f"451 4.2.1 {COLLEAGUE} empties the mailbox, call {MOBILE}"
"""What the mail server says at times, so that failures tell of people."""


class Tale:
    """Told on one installation, part by part."""

    def __init__(self, installation: Installation, mail_server: Server, gate: GateProcess, pool: asyncpg.Pool) -> None:
        self.installation = installation
        self.mail_server = mail_server
        self.gate = gate
        self.pool = pool
        self.stored: dict[str, bytes] = {}
        """What Temporal had for a while only."""

    async def ask(self, serial_number: str, who: dict[str, str]) -> SoftwareStory:
        """Somebody asks for the software of that equipment."""
        asked = request(serial_number, requested_by=who)
        return await SoftwareStory.on_server(self.installation.temporal, self.installation.task_queue, asked, MONDAY)

    async def a_key_of_the_stock(self) -> SoftwareStory:
        """Given with a letter that the mail server refuses at first, in words that tell of people."""
        self.mail_server.mail_answer = BUSY
        story = await self.ask(BRIDGE, REQUESTER)
        await self.has_failed(story)
        self.mail_server.mail_answer = "250 fine"
        await story.after(timedelta(minutes=10))
        assert (await story.handle.result())["outcome"] == "answered"
        return story

    async def has_failed(self, story: SoftwareStory) -> None:
        """Until an attempt has failed, and the server keeps what was said of it."""

        async def failed() -> bool:
            description = (await story.handle.describe()).raw_description
            self.stored["the description while a letter is refused"] = as_bytes(plain(description))
            return any(activity.HasField("last_failure") for activity in description.pending_activities)

        await until(failed, "the letter was refused for now")

    async def keys_of_the_vendor(self) -> SoftwareStory:
        """One that is refused in every way, then one as an update, which is taken."""
        story = await self.ask(BRIDGE, CALLER)
        await story.until(lambda view: view["items"][0]["state"] == "awaiting_key", "a key is awaited")
        refused = people.REFUSED
        for wrong in (
            {"serial_number": KIT, "keys": [refused]},
            {"serial_number": BRIDGE, "keys": refused},
            {"serial_number": refused, "keys": [refused]},
            {"serial_number": BRIDGE, "keys": [refused], "comment": refused, refused: SIGNATORY},
        ):
            with pytest.raises(WorkflowUpdateFailedError):
                await story.submit({"kind": "activation_keys", **wrong})
            await story.signal("activation_keys", wrong)
        await story.signal("activation_keys", refused)
        await story.signal("activation_keys", [refused], {"keys": refused})
        await story.signal("cles_activation", {"keys": [refused], "to": SIGNATORY})
        await story.say("assignment", owner=OWNER, next_action=f"{OWNER} calls {CALLER['phone']}")
        await story.say(
            "note", text=f"{CALLER['name']} wants it sent to {HOME}, call {MOBILE}", actor=f"support:{OWNER}"
        )
        await story.say("note", text=f"it is not {IN_STOCK}, says {CALLER['name']}: that one is somebody else's")
        await story.say("activation_keys", serial_number=BRIDGE, keys=[people.ON_PAPER, people.FOR_ANY])
        await story.handle.result()
        return story

    async def a_key_as_a_signal(self) -> SoftwareStory:
        """From whoever speaks for the vendor."""
        story = await self.ask(BRIDGE_OF_RHONEVAL, REQUESTER)
        await story.until(lambda view: view["items"][0]["state"] == "awaiting_key", "a key is awaited")
        said = {"serial_number": BRIDGE_OF_RHONEVAL, "keys": [people.SIGNALLED], "actor": f"vendor:{SIGNATORY}"}
        await story.signal("activation_keys", said)
        await story.handle.result()
        return story

    async def mails(self) -> str:
        """A request, answers to it that quote keys, and mails for a person; the reference of the request."""
        await self.give("Merci d'envoyer la dernière version pour WZP2733QD7G et pour le RMX 1800.", "Demande")
        store = SoftwareRequestStore(self.pool)

        async def is_there() -> bool:
            return any("Bonnechose" in row.requested_by for row in await store.list(SoftwareFilter(), 10))

        await until(is_there, "the request is in the read model")
        rows = await store.list(SoftwareFilter(), 10)
        (reference,) = [row.reference for row in rows if "Bonnechose" in row.requested_by]
        for quoted in spellings(IN_STOCK):
            text = f"Bonjour, la clé {quoted} est refusée. Rappelez {COLLEAGUE} au {MOBILE}, {HOME}."
            subject = " ".join(quoted.split())
            await self.give(text, f"Re: {reference}, {subject}")
            await self.give(f"Bonjour, à quelle facture correspond la clé {quoted} ? {SIGNATORY}", f"Clé {subject}")
            text = f"Le Room Kit {KIT} n'affiche plus d'image depuis que {SIGNATORY} a saisi {quoted}."
            await self.give(text, f"Panne {subject}")
        for subject in (f"Re: {reference}", "Your activation key"):
            await self.give(f"Here you are, for WZP2733QD7G: {MAILED}. Licence number {MAILED}", subject, sender=VENDOR)
        return reference

    async def give(self, text: str, subject: str, *, sender: str = WRITER) -> None:
        """A mail over SMTP."""
        raw = written(text, subject=subject, sender=sender).replace(b"<x@", f"<{uuid4()}@".encode())
        assert (await give(self.gate.port, raw)).startswith("250")

    async def a_call(self) -> CallStory:
        """Assistance that becomes a curative case, which is left open. By wall time, which both must share."""
        temporal = self.installation.temporal
        said = {"call": call(caller=CALLER, serial_number=PARIS_ENDPOINT)}
        handle = await temporal.client.start_workflow(
            CALL, said, id=f"assistance-{uuid4()}", task_queue=self.installation.task_queue
        )
        story = CallStory(temporal, handle, query="call")
        await story.say("note", text=f"{COLLEAGUE}, {HOME}, calls back on {MOBILE}", actor=f"support:{OWNER}")
        await story.refused("note", text=COLLEAGUE, actor=COLLEAGUE)
        await story.diagnosed(1, "escalate", technician=TECHNICIAN, findings=f"{COLLEAGUE} tried all")
        await story.diagnosed(2, "hardware_failure", technician=TECHNICIAN, defective_articles=["CS-PWR-CDC"])
        await story.handle.result()
        self.installation.joined(f"curative-{PARIS_ENDPOINT}")
        return story

    async def a_case(self) -> CaseStory:
        """From the report to the last test, the way back of the faulty part, and letters that are not taken."""
        case = await self.installation.open_case(PARIS_BRIDGE, MONDAY, reported_by=CALLER)
        await case.say("note", text=f"{COLLEAGUE} calls back on {MOBILE}; the key {IN_STOCK} works")
        await case.signal("note", {"text": f"{HOME}, says {COLLEAGUE}"})
        await case.signal("remarque", {"text": f"{HOME}, says {COLLEAGUE}"})
        await case.refused("note", text=COLLEAGUE, actor=COLLEAGUE)
        await case.say("contact_attempt", party=COLLEAGUE, channel="phone", reached=False, text=f"on {MOBILE}")
        await case.say("assignment", owner=OWNER, next_action=f"{OWNER} calls {CALLER['phone']}")
        await case.diagnosed(1, "escalate", technician=TECHNICIAN, findings=f"{COLLEAGUE} tried all, and {IN_STOCK}")
        await case.diagnosed(2, "logs_needed", technician=TECHNICIAN)
        logs = {"name": f"{COLLEAGUE}.log", "uri": "https://logs.example/1", "sha256": "0" * 64}
        await case.say("logs_provided", files=[logs], actor=f"customer:{CALLER['name']}")
        await case.diagnosed(2, "hardware_failure", technician=TECHNICIAN, defective_articles=["UCSC-PSU1-770W"])
        await case.reaches("vendor_validation", waiting_for="vendor")
        await case.approved(reason=f"{SIGNATORY} agrees", actor=f"vendor:{SIGNATORY}")
        await case.reaches("shipment")
        await case.parcel("dispatched", carrier="Chrono")
        await case.parcel("delivered", signed_by=SIGNATORY)
        await case.reaches("site_scheduling", waiting_for="customer")
        await case.visit_is_chosen()
        await case.worked_on_site(signed_by=SIGNATORY, reservations=f"{COLLEAGUE}, {HOME}, sees a flicker")
        await case.reaches("restored")
        self.mail_server.rcpt_answers[CALLER["email"]] = BUSY
        await case.say("customer_confirmation", restored=True, comment=f"{COLLEAGUE} is happy, {MOBILE}")
        await case.handle.result()
        return case


def spellings(key: str) -> tuple[str, ...]:
    """A key as people write it."""
    return key, key.lower(), key.replace("-", ""), f"« {key.replace('-', ' ')} »", key.replace("-", "-\r\n", 1)
