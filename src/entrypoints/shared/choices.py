"""Which adapter stands behind each port, and why: what the containers do, in words for people."""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from entrypoints.shared.settings import Settings

POSTGRES, REDIS, KAFKA, KEY = "SOTY_POSTGRES_URL", "SOTY_REDIS_URL", "SOTY_KAFKA_BOOTSTRAP", "SOTY_API_KEY"
KEY_FILE = "key"
EMBEDDED = "embedded"
"""Origin of an address that leads to a server of our own, and of a key that we made."""


class Why(StrEnum):
    """What decided."""

    SET = "set"
    UNSET = "unset"
    EMBEDDED = "embedded"


class Choice(Struct, frozen=True):
    """What one setting chose for a port, by its value or for lack of one; ``address`` is masked, if there is one."""

    port: str
    adapter: str
    why: Why
    setting: str
    origin: str = ""
    address: str = ""

    @property
    def reason(self) -> str:
        """Why, in English."""
        if self.why is Why.SET:
            return f"{self.setting} ({self.origin})"
        return f"{'embedded: ' * (self.why is Why.EMBEDDED)}no {self.setting}"


def choices(settings: Settings) -> list[Choice]:
    """The adapters of a process with these settings; ports that share a choice are one entry.

    :param settings: after servers of our own were started, or :func:`planned` ones.
    """
    return [
        _store(settings),
        _redis(settings, "cache", "none"),
        _redis(settings, "limits", "memory"),
        _messages(settings),
        _facts(settings),
        _callers(settings),
    ]


def planned(settings: Settings) -> Settings:
    """Settings as `soty up` would have them, with servers of our own where it would start them."""
    wanted = {
        POSTGRES: needs_postgres(settings),
        KAFKA: needs_kafka(settings),
        REDIS: needs_redis(settings),
        KEY: needs_key(settings),
    }
    return replace(settings, origins={**settings.origins, **{name: EMBEDDED for name, own in wanted.items() if own}})


def needs_postgres(settings: Settings) -> bool:
    """Whether a PostgreSQL of our own is to be started."""
    return _embeds(settings, settings.postgres.url is not None)


def needs_kafka(settings: Settings) -> bool:
    """Whether a mock broker of our own is to be started."""
    return settings.app.app_mode == "kafka" and _embeds(settings, settings.kafka.bootstrap is not None)


def needs_redis(settings: Settings) -> bool:
    """Whether a Valkey of our own is to be started."""
    return settings.redis.cache and _embeds(settings, settings.redis.url is not None)


def needs_key(settings: Settings) -> bool:
    """Whether a service key of our own is to be made."""
    return settings.app.profile != "prod" and settings.security.api_key is None


def _embeds(settings: Settings, has_address: bool) -> bool:
    return settings.app.embedded == "always" or (settings.app.embedded == "auto" and not has_address)


def _chosen(settings: Settings, port: str, adapter: str, setting: str, address: object = "") -> Choice:
    """The choice of a setting; one without a value chose if a server of our own stands in for it."""
    shown, origin = "" if address is None else str(address), settings.origin(setting)
    if origin == EMBEDDED and settings.app.embedded == "always":
        return Choice(port, adapter, Why.SET, "SOTY_EMBEDDED", settings.origin("SOTY_EMBEDDED"), shown)
    return Choice(port, adapter, Why.EMBEDDED if origin == EMBEDDED else Why.SET, setting, origin, shown)


def _there(settings: Settings, setting: str, address: object) -> bool:
    return address is not None or settings.origin(setting) == EMBEDDED


def _store(settings: Settings) -> Choice:
    if settings.app.profile == "memory":
        return _chosen(settings, "store", "memory", "SOTY_PROFILE")
    return _chosen(settings, "store", "postgres", POSTGRES, settings.postgres.url)


def _redis(settings: Settings, port: str, without: str) -> Choice:
    if settings.app.profile == "memory":
        return _chosen(settings, port, "memory", "SOTY_PROFILE")
    if not _there(settings, REDIS, settings.redis.url):
        return Choice(port, without, Why.UNSET, REDIS)
    if port == "cache" and not settings.redis.cache:
        return _chosen(settings, port, without, "SOTY_REDIS_CACHE")
    return _chosen(settings, port, "redis", REDIS, settings.redis.url)


def _messages(settings: Settings) -> Choice:
    if settings.app.app_mode == "webhook_only":
        return _chosen(settings, "messages", "webhook", "SOTY_APP_MODE")
    if not _there(settings, KAFKA, settings.kafka.bootstrap):
        return Choice("messages", "webhook", Why.UNSET, KAFKA)
    return _chosen(settings, "messages", "kafka", KAFKA, settings.kafka.bootstrap)


def _facts(settings: Settings) -> Choice:
    if not _there(settings, KAFKA, settings.kafka.bootstrap):
        return Choice("facts", "none", Why.UNSET, KAFKA)
    if settings.kafka.events_topic is None and settings.origin(KAFKA) != EMBEDDED:
        return Choice("facts", "none", Why.UNSET, "SOTY_KAFKA_EVENTS_TOPIC")
    return _chosen(settings, "facts", "kafka", KAFKA, settings.kafka.bootstrap)


def _callers(settings: Settings) -> Choice:
    if settings.origin(KEY) == EMBEDDED:
        return Choice("callers", "key", Why.EMBEDDED, KEY)
    if settings.security.api_key is not None:
        return _chosen(settings, "callers", "key", KEY)
    return Choice("callers", "closed", Why.UNSET, KEY)
