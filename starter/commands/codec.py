"""`curative codec`: the codec endpoint by itself, for a Web UI that `curative up` does not run (docs/secrets.md)."""

import os
import sys
from typing import Annotated

import typer

from config.codec_readers import codec_readers
from config.key_ring import key_ring
from starter.commands.options import DataDir
from starter.connections import settings_for


def codec(
    host: Annotated[str | None, typer.Option(help="Where to listen. Default: CURATIVE_CODEC_HOST, 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: CURATIVE_CODEC_PORT, 8234.")] = None,
    data: DataDir = None,
) -> None:
    """Decode and encode payloads for the Web UI and the `temporal` command, until Ctrl-C.

    It serves those whom CURATIVE_CODEC_READERS names, on the Web UI's pages only; docs/secrets.md has the rest. Its log
    goes to stderr. Exit codes: 0 after Ctrl-C or SIGTERM, 2 when a setting is wrong.
    """
    settings = settings_for(data)
    key_ring(settings)
    codec_readers(settings)
    chosen = {"CURATIVE_CODEC_HOST": host, "CURATIVE_CODEC_PORT": port, "CURATIVE_DATA_DIR": settings.data_dir}
    environment = {**os.environ, **{name: str(value) for name, value in chosen.items() if value is not None}}
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, "-m", "api.codec"], environment)
