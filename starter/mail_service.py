"""The mail gate of the one-machine stack: mails are taken in on loopback, from a mail server in front of it (R12)."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from config.settings import Settings
from starter.dev_server import HOST, free_port
from starter.service_process import Command

MAILGATE = "mailgate"


class MailgatePorts(NamedTuple):
    """Where it listens; 0 for what it does not speak."""

    smtp: int
    lmtp: int

    @property
    def address(self) -> str:
        """For people: host and port, of SMTP where it speaks both."""
        return f"{HOST}:{self.smtp or self.lmtp}"


def mailgate_ports(settings: Settings, *, usual_ports: bool = True) -> MailgatePorts | None:
    """The ports of the settings, or free ones in their place; None when the settings want neither."""
    wanted = (settings.mailgate_smtp_port, settings.mailgate_lmtp_port)
    smtp, lmtp = (free_port(port if usual_ports else None) if port else 0 for port in wanted)
    return MailgatePorts(smtp, lmtp) if smtp or lmtp else None


def mailgate_command(data_dir: Path, ports: MailgatePorts | None, environment: Mapping[str, str]) -> Command:
    """The mail gate as a process of the stack on `data_dir`."""
    listening = {
        "CURATIVE_MAILGATE_HOST": HOST,
        "CURATIVE_MAILGATE_SMTP_PORT": str(ports.smtp if ports else 0),
        "CURATIVE_MAILGATE_LMTP_PORT": str(ports.lmtp if ports else 0),
    }
    return Command(
        name=MAILGATE,
        arguments=[sys.executable, "-m", "mailgate"],
        log_file=data_dir / MAILGATE / "mailgate.log",
        lock_file=data_dir / MAILGATE / "mailgate.lock",
        environment={**environment, **listening},
    )
