"""Which adapter is told to stand behind each port, and why."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from entrypoints.shared.choices import EMBEDDED, choices, planned
from entrypoints.shared.settings import Settings
from entrypoints.shared.settings_reader import read

PROD = {
    "SOTY_PROFILE": "prod",
    "SOTY_POSTGRES_URL": "postgresql://u:pass-word@db/soty",
    "SOTY_SECRET": "as-openssl-rand-base64-32-prints-it",
    "SOTY_PUBLIC_URL": "https://soty.example.org",
    "SOTY_SMTP_URL": "maildir:",
}


def settings_of(environ: dict[str, str]) -> Settings:
    return read(environ, root=Path("/nonexistent"))


def told(settings: Settings) -> dict[str, tuple[str, str]]:
    return {choice.port: (choice.adapter, choice.reason) for choice in choices(settings)}


def test_what_soty_up_would_start_is_told_before_it_does() -> None:
    assert told(planned(settings_of({}))) == {
        "store": ("postgres", "embedded: no SOTY_POSTGRES_URL"),
        "cache": ("redis", "embedded: no SOTY_REDIS_URL"),
        "limits": ("redis", "embedded: no SOTY_REDIS_URL"),
        "messages": ("kafka", "embedded: no SOTY_KAFKA_BOOTSTRAP"),
        "facts": ("kafka", "embedded: no SOTY_KAFKA_BOOTSTRAP"),
        "callers": ("key", "embedded: no SOTY_API_KEY"),
    }


def test_on_memory_the_profile_chose() -> None:
    why = "SOTY_PROFILE (environment)"
    assert told(planned(settings_of({"SOTY_PROFILE": "memory"}))) == {
        "store": ("memory", why),
        "cache": ("memory", why),
        "limits": ("memory", why),
        "messages": ("webhook", "SOTY_APP_MODE (profile memory)"),
        "facts": ("none", "no SOTY_KAFKA_BOOTSTRAP"),
        "callers": ("key", "embedded: no SOTY_API_KEY"),
    }


def test_in_prod_nothing_is_started_and_nothing_is_open() -> None:
    found = told(planned(settings_of(PROD)))
    assert found == {
        "store": ("postgres", "SOTY_POSTGRES_URL (environment)"),
        "cache": ("none", "no SOTY_REDIS_URL"),
        "limits": ("memory", "no SOTY_REDIS_URL"),
        "messages": ("webhook", "SOTY_APP_MODE (profile prod without brokers)"),
        "facts": ("none", "no SOTY_KAFKA_BOOTSTRAP"),
        "callers": ("closed", "no SOTY_API_KEY"),
    }


@pytest.mark.parametrize(
    "environ, port, adapter, reason",
    [
        ({"SOTY_KAFKA_BOOTSTRAP": "k:9092"}, "messages", "kafka", "SOTY_KAFKA_BOOTSTRAP (environment)"),
        ({"SOTY_KAFKA_BOOTSTRAP": "k:9092"}, "facts", "none", "no SOTY_KAFKA_EVENTS_TOPIC"),
        (
            {"SOTY_KAFKA_BOOTSTRAP": "k:9092", "SOTY_KAFKA_EVENTS_TOPIC": "t"},
            "facts",
            "kafka",
            "SOTY_KAFKA_BOOTSTRAP (environment)",
        ),
        ({"SOTY_REDIS_URL": "redis://r"}, "limits", "redis", "SOTY_REDIS_URL (environment)"),
        (
            {"SOTY_REDIS_URL": "redis://r", "SOTY_REDIS_CACHE": "false"},
            "cache",
            "none",
            "SOTY_REDIS_CACHE (environment)",
        ),
        ({"SOTY_API_KEY": "k" * 20}, "callers", "key", "SOTY_API_KEY (environment)"),
    ],
)
def test_a_setting_chooses_and_is_named(environ: dict[str, str], port: str, adapter: str, reason: str) -> None:
    assert told(planned(settings_of({**PROD, **environ})))[port] == (adapter, reason)


def test_a_server_of_our_own_beside_an_address_was_asked_for() -> None:
    environ = {"SOTY_EMBEDDED": "always", "SOTY_POSTGRES_URL": "postgresql://u@db/soty"}
    assert told(planned(settings_of(environ)))["store"] == ("postgres", "SOTY_EMBEDDED (environment)")


def test_a_process_alone_tells_of_what_it_has() -> None:
    alone = settings_of({})
    assert told(alone)["cache"] == ("none", "no SOTY_REDIS_URL")
    assert told(alone)["messages"] == ("webhook", "no SOTY_KAFKA_BOOTSTRAP")
    started = replace(alone, origins={"SOTY_REDIS_URL": EMBEDDED})
    assert told(started)["cache"] == ("redis", "embedded: no SOTY_REDIS_URL")


def test_no_secret_is_told() -> None:
    environ = {**PROD, "SOTY_API_KEY": "a-secret-service-key", "SOTY_REDIS_URL": "redis://:pass-word@r"}
    found = str(choices(settings_of(environ)))
    assert "pass-word" not in found
    assert "a-secret" not in found
