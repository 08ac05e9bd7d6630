"""What people write, in a sentence or two, and what it asks (R12, R4). Each is no mail of the corpus."""

import pytest

from mailgate.reading.mail import read_mail
from mailgate.reading.understanding import Kind, content_of
from tests.mailgate.corpus import known_of, understood, written

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
    "bonjour vous avez le lien pour télécharger la derniere version FOC2735Y3TT merci": ["FOC2735Y3TT"],
    "On n'a plus la clé d'activation de FOC2735Y3TT, pouvez-vous nous la renvoyer ?": ["FOC2735Y3TT"],
    "We are still on 10.19 with FTT2608B2KR; we would appreciate moving to 11.x": ["FTT2608B2KR"],
    "La licence de FOC2735Y3TT expire le 30 juin, merci de la renouveler": ["FOC2735Y3TT"],
    "il me faudrait le frimware du FOC2735Y3TT": ["FOC2735Y3TT"],
    "Update of FTT26494WXN went well, thank you, please plan FDO2746E0Q8 now.": ["FDO2746E0Q8"],
    "La panne de FOC2735Y3TT est résolue, par contre merci d'envoyer la mise à jour de FTT2608B2KR": ["FTT2608B2KR"],
    "RoomOS 10.19 is no longer supported on FTT2608B2KR; please send the current release.": ["FTT2608B2KR"],
    "Merci d'envoyer la mise à jour du Board FDO2535EDY0, sinon le tableau reste blanc ;-)": ["FDO2535EDY0"],
    "Je souhaiterais que FOC2735Y3TT soit mis à niveau.": ["FOC2735Y3TT"],
    "Key ABCD-1234-EF56-GH78 for 529C08A3 has expired, please send a new license key": ["529C08A3"],
}
BROKEN = {
    "le codec FTT2608B2KR ne s'allume plus": "FTT2608B2KR",
    "Device: Codec\nSerial: FTT2608B2KR\nState: black screen\nAddress: 3 place du Beffroi": "FTT2608B2KR",
    "Our Webex Board FDO2535EDY0 keeps rebooting": "FDO2535EDY0",
    "Screen stays black, FTT27177WBH": "FTT27177WBH",
    "Serial 8L230347DC25DV has no audio, can someone call me?": "8L230347DC25DV",
    "l'image du board FDO2745GA8P scintille et le tactile ne répond pas": "FDO2745GA8P",
    "Suite à la mise à jour du 12/06 le codec FTT2608B2KR ne démarre plus.": "FTT2608B2KR",
    "After installing the new firmware the unit FTT2608B2KR no longer connects to calls": "FTT2608B2KR",
    "We have a fault: the gateway SM03E895 fails to register": "SM03E895",
    "Plus rien ne marche en salle 210 (8L230347DC25DV)": "8L230347DC25DV",
    "Notre Trio 64167FE7E2D0 n'accroche plus le réseau": "64167FE7E2D0",
    "nobody can hear us when we call from FOC2735Y3TT": "FOC2735Y3TT",
    "sa marche pas la visio FOC2735Y3TT aidé moi svp": "FOC2735Y3TT",
    "Le son sort uniquement à gauche sur FOC2735Y3TT": "FOC2735Y3TT",
    "We updated FTT2608B2KR yesterday, and since then there is no sound.": "FTT2608B2KR",
    "Nous avons installé la 11.20 sur FOC2735Y3TT : depuis, la caméra ne suit plus l'orateur.": "FOC2735Y3TT",
    "La mise à jour s'est bien passée sur FOC2735Y3TT, en revanche FTT2608B2KR ne démarre plus.": "FTT2608B2KR",
    "La panne n'est pas résolue, FOC2735Y3TT toujours HS": "FOC2735Y3TT",
    "Résolu hier, mais FOC2735Y3TT est de nouveau en panne": "FOC2735Y3TT",
    "Je ne sais pas si c'est une panne mais FOC2735Y3TT reste sur l'écran de démarrage": "FOC2735Y3TT",
    "Si je redémarre FOC2735Y3TT, plus d'image": "FOC2735Y3TT",
    "Petit souci avec la visio, pouvez-vous m'appeler ? FTT2542UZUK": "FTT2542UZUK",
    "le codec FTT2650XMHU reste noir :-(": "FTT2650XMHU",
    "Tout est OK sauf FTT2608B2KR dont l'image reste floue.": "FTT2608B2KR",
    "Pas de son ni d'image, 8L230347DC25DV. Le 64167FE7E2D0 lui marche très bien.": "8L230347DC25DV",
    "Après le déménagement, FDO2535EDY0 n'est plus reconnu sur le réseau": "FDO2535EDY0",
    "la clé d'activation que vous avez envoyée pour FOC2735Y3TT n'est pas valide": "FOC2735Y3TT",
    "We do not hear anybody on FDO2535EDY0": "FDO2535EDY0",
}
BOTH = {
    "FOC2735Y3TT plante. Is there a newer firmware? Please send it.": (["FOC2735Y3TT"], ["FOC2735Y3TT"]),
    "FOC2735Y3TT HS\nFTT2608B2KR maj svp": (["FOC2735Y3TT"], ["FTT2608B2KR"]),
    "Mises à jour à prévoir :\n- FOC2735Y3TT\n- FTT2608B2KR\nEn panne :\n- FDO2535EDY0": (
        ["FDO2535EDY0"],
        ["FOC2735Y3TT", "FTT2608B2KR"],
    ),
    "1. Panne : FOC2735Y3TT (pas d'image)\n2. Logiciel : FTT2608B2KR, dernière version": (
        ["FOC2735Y3TT"],
        ["FTT2608B2KR"],
    ),
    "Screen of FDO2535EDY0 is broken. Also please send firmware for 8L230347DC25DV.": (
        ["FDO2535EDY0"],
        ["8L230347DC25DV"],
    ),
}
FOR_A_PERSON = [
    "Pourriez-vous nous indiquer la date de votre prochaine visite ?",
    "Bonjour, nous voudrions un devis pour une extension de garantie du FOC2735Y3TT",
    "Merci pour votre intervention d'hier, tout fonctionne.",
    "Y a-t-il une mise à jour du dossier ?",
    "Any update on my case?",
    "Je ne peux pas vous donner le numéro avant lundi.",
    "La panne d'hier sur FOC2540X62E est résolue, c'était un câble.",
    "FOC2735Y3TT remarche, c'était l'alimentation. Désolé du dérangement.",
    "The issue with FOC2735Y3TT has been resolved, you can close the ticket.",
    "Que devons-nous faire si un codec tombe en panne pendant le week-end ?",
    "In case FOC2735Y3TT fails, do you have loan equipment?",
    "Nous n'avons finalement plus besoin de la mise à jour du X50 8L230347DC25DV. Veuillez annuler.",
    "Please don't push any firmware to FOC2735Y3TT this month.",
    "La mise à jour de FOC2735Y3TT a bien été installée, merci.",
    "Here is the activation key you asked for, for 529C08A3.",
    "L'ascenseur est en panne, prévenir le technicien qu'il y a 4 étages",
    "Nous avons un problème avec la facture F2026-12",
    "Nous avons décalé la réunion en salle 401, merci de prévenir le technicien.",
    "Le site de Lille n'existe plus, l'équipement FOC2735Y3TT part à Paris.",
    "Bonjour, FOC2735Y3TT est-il compatible avec la version 11.20 ?",
    "Merci d'annuler la demande pour FOC2735Y3TT et de la remplacer par FTT2608B2KR.",
    "Merci de nous confirmer la bonne réception de notre demande de mise à jour pour FOC2735Y3TT.",
    "Merci de nous envoyer la documentation du Room Kit en version française",
    "Le Room Kit FTT27177WBH n'apparaît pas dans votre liste de matériels. Merci de l'ajouter.",
    "Hi, we did not receive the service report for the visit on FOC2735Y3TT last week.",
    "Bonjour, sous quel délai les mises à jour logicielles sont-elles fournies ?",
    "Merci de nous établir un devis pour un Room Kit Pro, maintenance et mises à jour comprises.",
    "Le FOC2735Y3TT est en panne.\n\nCeci est un message automatique, merci de ne pas y répondre.",
    "Je suis en congé du 5 au 19 juin. Pour toute demande de mise à jour, écrivez à dsi@brunel.example.",
]
TYPES = {
    "Dernières versions svp pour le RMX et pour le DMA": [
        (None, "Poly RMX 1800"),
        (None, "Poly RealPresence DMA 7000"),
    ],
    "Dernière version svp pour le RMX 2000 et pour le DMA": [(None, "Poly RealPresence DMA 7000")],
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


@pytest.mark.parametrize("text", BOTH)
def test_it_does_both(text: str) -> None:
    found = understood(written(text))
    broken, software = BOTH[text]
    assert [item.serial_number for item in found.broken] == broken
    assert [item.serial_number for item in found.items] == software


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


def test_whoever_answers_a_mail_of_ours_is_no_stranger() -> None:
    raw = written(
        "L'écran reste noir maintenant !", subject="Re: Votre demande", sender="A. Perrot <a@ailleurs.example>"
    )
    answer = raw.replace(b"Subject:", b"In-Reply-To: <SW-7K3Q-9XTB.1.delivered@curative.invalid>\r\nSubject:")
    read = [read_mail(mail) for mail in (raw, answer)]
    assert [content_of(mail, known_of(mail)).kind for mail in read] == [Kind.TRIAGE, Kind.BREAKDOWN]


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"])
def test_an_answering_machine_is_told_by_one_header(header: str) -> None:
    assert understood(f"{header}\r\n".encode() + written("maj FOC2735Y3TT svp")).kind is Kind.AUTOMATIC


def test_a_mail_that_says_that_no_machine_wrote_it_is_a_mail() -> None:
    assert understood(b"Auto-Submitted: no\r\n" + written("maj FOC2735Y3TT svp")).kind is Kind.SOFTWARE


@pytest.mark.parametrize(
    "sender",
    [
        "codec-salle3@brunel.example",
        "zabbix@brunel.example",
        "scan02@brunel.example",
        "Zabbix Monitoring <m@brunel.example>",
    ],
)
def test_a_machine_starts_nothing(sender: str) -> None:
    raw = written("Le codec FTT2608B2KR ne démarre plus", sender=sender)
    assert understood(raw).kind not in (Kind.BREAKDOWN, Kind.SOFTWARE)


@pytest.mark.parametrize(
    "sender",
    [
        "codec-support@brunel.example",
        "monitoring-team@brunel.example",
        "scan.martin@brunel.example",
        "codecchi@brunel.example",
        "Marc Veeam <m.veeam@brunel.example>",
        "Centreon Hospital <av@brunel.example>",
    ],
)
def test_people_whose_address_begins_like_a_machine_s_are_heard(sender: str) -> None:
    raw = written("Le codec FTT2608B2KR ne démarre plus", sender=sender)
    assert understood(raw).kind is Kind.BREAKDOWN
