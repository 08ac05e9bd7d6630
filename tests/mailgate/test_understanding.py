"""What people write, in a sentence or two, and what it asks (R12, R4). Each is no mail of the corpus."""

import pytest

from mailgate.reading.understanding import Kind
from tests.mailgate.corpus import understood, written

SOFTWARE = {
    "Auriez-vous la dernière mise à jour du firmware pour mon équipement (n/s : FTT2608B2KR) ?": ["FTT2608B2KR"],
    "Merci de me faire parvenir les clés d'activation pour FOC2735Y3TT et FDO2517B7CS.": ["FOC2735Y3TT", "FDO2517B7CS"],
    "Hi, we bought the option key for SIP on the DMA 7000 3PH3R7H, please provide it.": ["3PH3R7H"],
    "Please send the update for serial numbers:\nFTT2608B2KR\nFDO2535EDY0": ["FTT2608B2KR", "FDO2535EDY0"],
    "Numéros de série : FTT2608B2KR / FOC2735Y3TT\nmontée de version svp": ["FTT2608B2KR", "FOC2735Y3TT"],
    "We would like to have the newest software for our Codec Plus (SN FTT 2608 B2KR).": ["FTT2608B2KR"],
    "J'ai besoin du logiciel pour l'appareil dont le numéro de série est 2331 LZ15 FCBP.": ["2331LZ15FCBP"],
    "License expired message on 2238LZQK12MN, please renew the license key.": ["2238LZQK12MN"],
    "FOC2735Y3TT FTT2608B2KR : maj svp": ["FOC2735Y3TT", "FTT2608B2KR"],
    "Bonjour, pas de panne, juste la nouvelle version logicielle svp : FTT2608B2KR": ["FTT2608B2KR"],
    "Hello, FOC2735Y3TT is not broken, but we want the new version": ["FOC2735Y3TT"],
    "Contrat CTR-2024-0112, salle BRU-PAR-401, commande n° 4500123456 : mise à jour de FTT2608B2KR": ["FTT2608B2KR"],
    "Référence client AB12345C, ticket REQ0098765. MAJ du board FDO2535EDY0": ["FDO2535EDY0"],
    "SN: FTT2608B2KX (Codec Plus)\nMerci d'envoyer la MAJ": ["FTT2608B2KX"],
    "Mise à jour demandée pour éviter les plantages : SM03E895": ["SM03E895"],
}
BROKEN = {
    "le codec FTT2608B2KR ne s'allume plus": "FTT2608B2KR",
    "Our Webex Board FDO2535EDY0 keeps rebooting": "FDO2535EDY0",
    "Screen stays black, FTT27177WBH": "FTT27177WBH",
    "Serial 8L230347DC25DV has no audio, can someone call me?": "8L230347DC25DV",
    "l'image du board FDO2745GA8P scintille et le tactile ne répond pas": "FDO2745GA8P",
    "Suite à la mise à jour du 12/06 le codec FTT2608B2KR ne démarre plus.": "FTT2608B2KR",
    "After installing the new firmware the unit FTT2608B2KR no longer connects to calls": "FTT2608B2KR",
    "We have a fault: the gateway SM03E895 fails to register": "SM03E895",
    "Plus rien ne marche en salle 210 (8L230347DC25DV)": "8L230347DC25DV",
}
FOR_A_PERSON = [
    "Pourriez-vous nous indiquer la date de votre prochaine visite ?",
    "Bonjour, nous voudrions un devis pour une extension de garantie du FOC2735Y3TT",
    "Merci pour votre intervention d'hier, tout fonctionne.",
    "Y a-t-il une mise à jour du dossier ?",
    "Any update on my case?",
    "Je ne peux pas vous donner le numéro avant lundi.",
]
TYPES = {
    "Merci d'envoyer la dernière version pour FTT2608B2KR et pour le RMX 1800.": [
        ("FTT2608B2KR", None),
        (None, "Poly RMX 1800"),
    ],
    "maj du codec plus et du board 55 : FTT2608B2KR et FDO2535EDY0": [
        ("FTT2608B2KR", "Cisco Webex Codec Plus"),
        ("FDO2535EDY0", "Cisco Webex Board 55"),
    ],
    "maj : Type: Expressway-E, S/N 529C08A3; Type: Expressway-C, S/N 52AE2266": [
        ("529C08A3", "Cisco Expressway-E"),
        ("52AE2266", "Cisco Expressway-C"),
    ],
    "maj\nRoomKit Pro\n- FOC2735Y3TT\n- FDO2517B7CS": [
        ("FOC2735Y3TT", "Cisco Webex Room Kit Pro"),
        ("FDO2517B7CS", "Cisco Webex Room Kit Pro"),
    ],
    "maj\nType\tNuméro de série\nDesk Pro\tFTT27177WBH": [("FTT27177WBH", "Desk Pro")],
    "maj de nos Trio 8800": [(None, "Poly RealPresence Trio 8800")],
    "maj CMS1000, RPAD et Codec +": [
        (None, "Cisco Meeting Server 1000"),
        (None, "Poly RealPresence Access Director"),
        (None, "Cisco Webex Codec Plus"),
    ],
}


@pytest.mark.parametrize("text", SOFTWARE)
def test_it_asks_for_software(text: str) -> None:
    found = understood(written(text))
    assert found.kind is Kind.SOFTWARE
    assert [item.serial_number for item in found.items] == SOFTWARE[text]


@pytest.mark.parametrize("text", BROKEN)
def test_it_reports_a_breakdown(text: str) -> None:
    found = understood(written(text))
    assert found.kind is Kind.BREAKDOWN
    assert [item.serial_number for item in found.broken] == [BROKEN[text]]
    assert not found.items


@pytest.mark.parametrize("text", FOR_A_PERSON)
def test_it_is_for_a_person(text: str) -> None:
    assert understood(written(text)).kind is Kind.TRIAGE


@pytest.mark.parametrize("text", TYPES)
def test_types_are_stated_for_the_serial_numbers_that_they_stand_by(text: str) -> None:
    assert [(item.serial_number, item.type) for item in understood(written(text)).items] == TYPES[text]


def test_one_sentence_that_says_both_does_both() -> None:
    said = "Le son grésille (FTT27177WBH), et pourriez-vous m'envoyer la dernière version du Board 55 FDO2535EDY0 ?"
    found = understood(written(said))
    assert [item.serial_number for item in found.broken] == ["FTT27177WBH"]
    assert [item.serial_number for item in found.items] == ["FDO2535EDY0"]


def test_a_serial_number_that_is_asked_for_and_broken_is_both() -> None:
    found = understood(written("Could you send the new version for FTT2608B2KR? The current one crashes."))
    assert found.broken == found.items


def test_a_stranger_who_speaks_of_nothing_that_is_ours_is_answered_nothing() -> None:
    raw = written("Please update your license key now, your account has failed", sender="x@phish.example")
    assert understood(raw).kind is Kind.TRIAGE


@pytest.mark.parametrize(
    "subject", ["Re: [CM-7K3Q-9XTB] visite", "cm-7k3q-9xtb", "Votre dossier CM–7K3Q–9XTB", "CM-7K3Q-9XTB"]
)
def test_a_reference_in_the_subject_names_the_case(subject: str) -> None:
    assert understood(written("Merci", subject=subject)).reference == "CM-7K3Q-9XTB"


def test_a_reference_of_letters_alone_is_one_where_it_is_written_as_we_write_it() -> None:
    assert understood(written("Merci", subject="Re: CA-QHEB-BEYG")).reference == "CA-QHEB-BEYG"
    assert understood(written("Merci", subject="Re: ca vaut bien-plus")).reference is None


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"])
def test_an_answering_machine_is_told_by_one_header(header: str) -> None:
    assert understood(f"{header}\r\n".encode() + written("maj FOC2735Y3TT svp")).kind is Kind.AUTOMATIC


def test_a_mail_that_says_that_no_machine_wrote_it_is_a_mail() -> None:
    assert understood(b"Auto-Submitted: no\r\n" + written("maj FOC2735Y3TT svp")).kind is Kind.SOFTWARE
