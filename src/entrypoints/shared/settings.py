"""All settings of a process: their types, names and defaults per profile."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from adapters.embedded.settings import EmbeddedSettings
from adapters.faults.settings import FaultsSettings
from adapters.kafka.settings import KafkaSettings
from adapters.mail.settings import MailSettings
from adapters.postgres.settings import PostgresSettings
from adapters.redis.settings import RedisSettings
from adapters.security.settings import SecuritySettings
from adapters.storage.settings import FilesSettings
from entrypoints.consumer.settings import ConsumerSettings
from entrypoints.http.settings import HttpSettings
from entrypoints.scheduler.settings import SchedulerSettings

ROOT = Path(__file__).resolve().parents[3]

Profile = Literal["dev", "test", "memory", "prod"]


class AppSettings(Struct, frozen=True, kw_only=True):
    """What concerns every process."""

    profile: Annotated[
        Profile, Meta(description="Set of defaults; memory runs on the in-memory adapters, prod wants addresses.")
    ] = "dev"
    app_mode: Annotated[
        Literal["kafka", "webhook_only"],
        Meta(description="kafka reads topics as well; webhook_only (in prod the default without brokers) only HTTP."),
    ] = "kafka"
    public_url: Annotated[
        Annotated[str, Meta(pattern=r"^https?://[^/?#\s@]+$")] | None,
        Meta(
            description="Where browsers reach Soty: links in mails begin with it, and forms must come from it. "
            "Prod needs it; elsewhere it is the address of the HTTP process.",
            examples=["https://soty.example.org"],
        ),
    ] = None
    data_dir: Annotated[Path, Meta(description="Directory of everything that is kept.")] = ROOT / "var"
    embedded: Annotated[
        Literal["auto", "always", "never"],
        Meta(description="auto: a server of our own where no address is set; always: even where one is; never: none."),
    ] = "auto"
    shutdown_seconds: Annotated[
        float, Meta(ge=0, le=3600, description="Longest wait for work under way at a stop.")
    ] = 5
    log_format: Annotated[Literal["console", "json"], Meta(description="Lines for people or for machines.")] = "console"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="Least level that is written.")
    ] = "info"


class IdentitySettings(Struct, frozen=True, kw_only=True):
    """Who may have an account."""

    registration: Annotated[
        Literal["open", "invite", "closed"],
        Meta(description="Who may make an account: everybody, only who is invited, or nobody."),
    ] = "open"
    staff_mfa: Annotated[
        Literal["suggested", "required"],
        Meta(description="required: who has a role may use its permissions only with a second factor."),
    ] = "suggested"


class Settings(Struct, frozen=True, kw_only=True):
    """Settings of all parts of a process.

    ``origins`` tells by name where each value that is no default came from.
    """

    app: AppSettings = AppSettings()
    postgres: PostgresSettings = PostgresSettings()
    kafka: KafkaSettings = KafkaSettings()
    redis: RedisSettings = RedisSettings()
    security: SecuritySettings = SecuritySettings()
    identity: IdentitySettings = IdentitySettings()
    mail: MailSettings = MailSettings()
    http: HttpSettings = HttpSettings()
    consumer: ConsumerSettings = ConsumerSettings()
    scheduler: SchedulerSettings = SchedulerSettings()
    files: FilesSettings = FilesSettings()
    embedded: EmbeddedSettings = EmbeddedSettings()
    faults: FaultsSettings = FaultsSettings()
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def public_url(self) -> str:
        """:returns: where browsers reach Soty, without a slash at the end."""
        host = f"[{self.http.host}]" if ":" in self.http.host else self.http.host
        return self.app.public_url or f"http://{host}:{self.http.port}"

    def origin(self, name: str) -> str:
        """Where a value came from.

        :param name: of the setting, such as ``SOTY_HTTP_PORT``.
        """
        return self.origins.get(name, "default")


PREFIXES = {
    "app": "SOTY_",
    "http": "SOTY_HTTP_",
    "consumer": "SOTY_CONSUMER_",
    "scheduler": "SOTY_SCHEDULER_",
    "security": "SOTY_",
    "identity": "SOTY_IDENTITY_",
    "postgres": "SOTY_POSTGRES_",
    "kafka": "SOTY_KAFKA_",
    "redis": "SOTY_REDIS_",
    "files": "SOTY_FILES_",
    "mail": "SOTY_",
    "embedded": "SOTY_",
    "faults": "SOTY_",
}
ALIASES = {
    "APP_MODE": "SOTY_APP_MODE",
    "APP_PORT": "SOTY_HTTP_PORT",
    "KAFKA_BOOTSTRAP_SERVERS": "SOTY_KAFKA_BOOTSTRAP",
    "KAFKA_TOPIC": "SOTY_KAFKA_TOPICS",
}
PROFILES: dict[str, dict[str, str]] = {
    "dev": {},
    "test": {
        "SOTY_HTTP_PORT": "0",
        "SOTY_CONSUMER_PORT": "0",
        "SOTY_SCHEDULER_PORT": "0",
        "SOTY_LOG_LEVEL": "warning",
        "SOTY_PASSWORD_MEMORY": "64",
        "SOTY_PASSWORD_PASSES": "1",
    },
    "memory": {"SOTY_APP_MODE": "webhook_only", "SOTY_EMBEDDED": "never"},
    "prod": {
        "SOTY_DATA_DIR": "/var/lib/soty",
        "SOTY_EMBEDDED": "never",
        "SOTY_SHUTDOWN_SECONDS": "30",
        "SOTY_LOG_FORMAT": "json",
        "SOTY_HTTP_HOST": "0.0.0.0",  # noqa: S104 - containers publish it
        "SOTY_CONSUMER_HOST": "0.0.0.0",  # noqa: S104
        "SOTY_SCHEDULER_HOST": "0.0.0.0",  # noqa: S104
        "SOTY_POSTGRES_POOL": "20",
        "SOTY_IDENTITY_STAFF_MFA": "required",
    },
}
