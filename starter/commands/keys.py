"""`curative keys`: makes keys, and says which ones this installation has (docs/secrets.md). It shows none."""

from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from config.key_ring import FINGERPRINT, KEYS_FILE, key_ring, new_entry, new_ring
from config.settings import Settings
from database.encryption_keys import KeyRegister
from starter.answers import NotRegistered
from starter.commands.options import AsJson, DataDir, run
from starter.connections import database_errors, open_database, settings_for
from starter.console import print_json, stdout

keys = typer.Typer(name="keys", help="The keys that encrypt what is stored (docs/secrets.md).")


class RingView(BaseModel):
    """A key ring without its keys: where it is, who encrypts, who decrypts, who makes the fingerprints."""

    model_config = ConfigDict(frozen=True)

    where: str
    encrypts: str | None
    decrypts: tuple[str, ...]
    fingerprints: str | None


@keys.command("new")
def new(
    ring: Annotated[bool, typer.Option("--ring", help="A whole ring, for a new installation: a file's text.")] = False,
) -> None:
    """Print a new key, to be put into a ring: at its end first, and at its front when every process has it.

    [bold]Examples[/bold]

      curative keys new --ring > keys && chmod 600 keys

      curative keys new >> keys
    """
    stdout().file.write(new_ring() if ring else new_entry() + "\n")


@keys.command("show")
def show(as_json: AsJson = False, data: DataDir = None) -> None:
    """Say which keys this process would use: their ids, never the keys."""
    settings = settings_for(data)
    view = _view(settings)
    if as_json:
        print_json(view)
        return
    console = stdout()
    console.print(f"ring          {view.where}")
    console.print(f"encrypts      {view.encrypts or 'nothing: CURATIVE_UNENCRYPTED'}")
    console.print(f"decrypts      {', '.join(view.decrypts) or 'nothing'}")
    console.print(f"fingerprints  {view.fingerprints or 'without a key'}")


@keys.command("forget")
def forget(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as in k-1f2e3d4c.")],
    data: DataDir = None,
) -> None:
    """Let workers start without a key that was used: nothing of it is needed any more, or it is lost for good.

    What it encrypted cannot be read from then on; docs/secrets.md says what that means for open cases.
    """
    run(_forget(settings_for(data), key_id))


async def _forget(settings: Settings, key_id: str) -> None:
    async with open_database(settings) as pool:
        with database_errors():
            known = await KeyRegister(pool).forget(key_id)
    if not known:
        raise NotRegistered(f"Key {key_id!r} has never encrypted anything here: see `curative keys show`.")
    stdout().print(f"Key {key_id} is no longer missed.")


def _view(settings: Settings) -> RingView:
    ring = key_ring(settings)
    where = "CURATIVE_KEYS" if settings.keys else str(settings.keys_file or settings.data_dir / KEYS_FILE)
    if ring is None:
        return RingView(where="none", encrypts=None, decrypts=(), fingerprints=None)
    own = ring.fingerprint.id == FINGERPRINT
    return RingView(
        where=where,
        encrypts=None if settings.unencrypted else ring.keys[0].id,
        decrypts=tuple(key.id for key in ring.keys),
        fingerprints=FINGERPRINT if own else f"{ring.fingerprint.id}, the oldest key",
    )
