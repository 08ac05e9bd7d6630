"""The settings of one process, read from the environment. A leaf: it imports nothing of ours.

`DATABASE_URL` keeps the name that every PostgreSQL tool knows; all others start with `CURATIVE_`. How
Temporal is reached is not here: `TEMPORAL_*` variables and profiles belong to `temporalio.envconfig` (see
`config.temporal`). What no variable says is taken from `addresses.json`, which a running `curative up`
keeps in its data directory.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

ADDRESSES_FILE = "addresses.json"
DEFAULT_UI_URL = "http://localhost:8233"

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Port = Annotated[int, Field(ge=0, le=65535)]


def _postgresql(url: str) -> str:
    if not url.startswith(("postgresql://", "postgres://")):
        raise ValueError("must start with postgresql://, as in postgresql://user:password@host:5432/curative")
    return url


DatabaseUrl = Annotated[str, AfterValidator(_postgresql)]


class SettingsError(ValueError):
    """A setting or an address file that cannot be used; one sentence that says what to do."""


class Addresses(BaseModel):
    """Where a one-machine stack listens, as it writes it into its data directory while it runs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: str
    temporal_address: str
    temporal_namespace: str
    ui_url: str | None = None
    codec_url: str | None = None
    mailgate_address: str | None = None
    metrics_urls: Mapping[str, str] = {}

    @classmethod
    def read(cls, data_dir: Path) -> Self | None:
        """The addresses of the stack that runs on `data_dir`, or None when none does.

        Raises SettingsError when the file is there and cannot be read.
        """
        path = data_dir / ADDRESSES_FILE
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise SettingsError(
                f"{path} cannot be read ({type(error).__name__}); delete it and start `curative up` again."
            ) from error


class Settings(BaseSettings):
    """What one process must know of its surroundings. Durations are in seconds, ports 0 mean "none"."""

    model_config = SettingsConfigDict(
        env_prefix="CURATIVE_", frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    data_dir: Path = Path(".curative")
    database_url: DatabaseUrl | None = Field(default=None, validation_alias=AliasChoices("DATABASE_URL"), repr=False)
    keys: str | None = Field(default=None, repr=False)
    keys_file: Path | None = None
    unencrypted: bool = False
    codec_host: str = "127.0.0.1"
    codec_port: Port = 8234
    codec_origins: str | None = None
    codec_readers: str | None = Field(default=None, repr=False)
    codec_readers_file: Path | None = None
    task_queue: str = "curative"
    ui_url: str | None = None
    log_level: LogLevel = "INFO"

    metrics_host: str = "127.0.0.1"
    metrics_port: Port = 0

    smtp_url: str | None = Field(default=None, repr=False)
    smtp_host: str | None = None
    smtp_port: int | None = Field(default=None, ge=1, le=65535)
    smtp_security: Literal["implicit", "starttls", "optional", "none"] | None = None
    smtp_user: str | None = Field(default=None, repr=False)
    smtp_password: SecretStr | None = None
    smtp_timeout_seconds: float = Field(default=20, gt=0)
    smtp_ca_file: FilePath | None = None
    mail_from: str = "Centre Support Clients <support@curative.invalid>"
    mail_reply_to: str | None = None
    mail_domain: str = Field(default="curative.invalid", pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$")
    mailgate_host: str = "127.0.0.1"
    mailgate_smtp_port: Port = 8025
    mailgate_lmtp_port: Port = 0
    mailgate_recipients: str | None = None
    mailgate_max_bytes: int = Field(default=10_000_000, ge=1_000)
    mailgate_max_connections: int = Field(default=50, ge=1)
    mailgate_max_connections_per_peer: int = Field(default=50, ge=1)
    mailgate_mails_per_sender: int = Field(default=60, ge=1)
    mailgate_mails_per_peer: int = Field(default=3_000, ge=1)
    mailgate_seconds: float = Field(default=60, gt=0)
    coordinator_email: str = "pilote@curative.invalid"
    supervisor_email: str = "responsable@curative.invalid"

    build_id: str | None = None
    deployment_name: str = "curative"
    max_cached_workflows: int = Field(default=500, ge=0)
    max_concurrent_workflow_tasks: int = Field(default=100, ge=2)
    max_concurrent_activities: int = Field(default=50, ge=1)
    graceful_shutdown_seconds: float = Field(default=20, ge=0)
    database_pool_size: int = Field(default=10, ge=1)

    def addresses(self) -> Addresses | None:
        """Where the stack on this data directory listens, or None when none runs. Raises SettingsError."""
        return Addresses.read(self.data_dir)

    def database(self) -> str:
        """The PostgreSQL URL: `DATABASE_URL`, else that of the stack that runs here. Raises SettingsError."""
        if self.database_url is not None:
            return self.database_url
        running = self.addresses()
        if running is None:
            raise SettingsError(
                f"No database is known: start `curative up` (data directory {self.data_dir}), or set DATABASE_URL."
            )
        return running.database_url

    def web_ui(self) -> str:
        """The address of the Temporal Web UI: the setting, else the running stack's, else the usual one."""
        running = None if self.ui_url else self.addresses()
        return self.ui_url or (running.ui_url if running else None) or DEFAULT_UI_URL
