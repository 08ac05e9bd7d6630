"""`curative mailgate`: the mail gate by itself, behind a mail server (docs/mail-in.md)."""

import os
import sys
from typing import Annotated

import typer

from config.key_ring import key_ring
from starter.commands.options import DataDir
from starter.connections import settings_for


def mailgate(
    host: Annotated[
        str | None, typer.Option(help="Where to listen. Default: CURATIVE_MAILGATE_HOST, 127.0.0.1.")
    ] = None,
    smtp_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0: none. Default: CURATIVE_MAILGATE_SMTP_PORT, 8025.")
    ] = None,
    lmtp_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0: none. Default: CURATIVE_MAILGATE_LMTP_PORT, 0.")
    ] = None,
    data: DataDir = None,
) -> None:
    """Take mail in over SMTP or LMTP, until Ctrl-C: software requests, replies, breakdowns.

    It stands behind a mail server, which keeps what cannot be taken now: no TLS, no login, loopback unless the settings
    say otherwise. Its log goes to stderr. Exit codes: 0 after Ctrl-C or SIGTERM, 2 when a setting is wrong.
    """
    settings = settings_for(data)
    key_ring(settings)
    chosen = {
        "CURATIVE_MAILGATE_HOST": host,
        "CURATIVE_MAILGATE_SMTP_PORT": smtp_port,
        "CURATIVE_MAILGATE_LMTP_PORT": lmtp_port,
        "CURATIVE_DATA_DIR": settings.data_dir,
    }
    environment = {**os.environ, **{name: str(value) for name, value in chosen.items() if value is not None}}
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, "-m", "mailgate"], environment)
