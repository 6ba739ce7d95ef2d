"""Rules between settings that a type alone cannot tell."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from entrypoints.shared.fault import Fault
from entrypoints.shared.settings import Settings
from entrypoints.shared.settings_fields import PAGE

KEY_LENGTH = 16
BOT_KEY_LENGTH = 32
SECRET_BYTES = 32
PASSWORD_MEMORY = 19456
PASSWORD_PASSES = 2


def broken_rules(settings: Settings, *, i_know: bool) -> Iterator[Fault]:
    """Tell what does not fit together.

    :param settings: values that are right one by one.
    :param i_know: lets the dev profile listen beyond loopback.
    :returns: one fault for each broken rule.
    """
    yield from _postgres_address(settings)
    yield from _webhook_secrets(settings)
    yield from _files_address(settings)
    yield from _root_secrets(settings)
    yield from _bot_key(settings)
    yield from _proxies(settings)
    yield from _mail(settings)
    if settings.app.profile == "prod":
        yield from _prod(settings)
    elif settings.app.profile == "dev" and not i_know:
        yield from _loopback(settings)
    if settings.app.profile == "memory" and settings.app.app_mode == "kafka":
        yield _fault(
            "SOTY_APP_MODE",
            "SOTY_APP_MODE=kafka does not go with the memory profile: its data lives in the HTTP process alone",
            "unset SOTY_APP_MODE, or use the dev profile",
        )
    if settings.faults.failpoint and settings.app.profile != "test":
        yield _fault(
            "SOTY_FAILPOINT",
            f"SOTY_FAILPOINT makes Soty fail on purpose, which the {settings.app.profile} profile does not allow",
            "unset SOTY_FAILPOINT, or use the test profile",
        )
    if settings.app.profile in ("dev", "test") and settings.app.embedded == "never":
        yield from _addresses(settings, "SOTY_EMBEDDED=never")


def missing_brokers(settings: Settings) -> Iterator[Fault]:
    """Tell why a consumer process cannot run with these settings.

    :param settings: settings of the process.
    :returns: a fault when there are no brokers to read from.
    """
    if settings.kafka.bootstrap is None:
        yield _fault(
            "SOTY_KAFKA_BOOTSTRAP",
            "SOTY_KAFKA_BOOTSTRAP is not set, and a consumer reads from Kafka",
            "export SOTY_KAFKA_BOOTSTRAP=host:9092",
        )


def _fault(name: str, error: str, fix: str) -> Fault:
    return Fault(error=error, where="settings taken together", fix=fix, more=f"{PAGE}#{name.lower()}")


def _postgres_address(settings: Settings) -> Iterator[Fault]:
    url = settings.postgres.url
    if url is not None and not _is_postgres(url.reveal()):
        yield Fault(
            error=f'SOTY_POSTGRES_URL is not a PostgreSQL address: "{url}"',
            where="wanted like postgresql://user:password@host:5432/name",
            fix="export SOTY_POSTGRES_URL=postgresql://…   or unset it to use the embedded server",
            more=f"{PAGE}#soty_postgres_url",
        )


def _is_postgres(url: str) -> bool:
    try:
        parts = urlsplit(url)
        fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return fits and parts.scheme in ("postgresql", "postgres") and bool(parts.hostname or parts.query)


def _webhook_secrets(settings: Settings) -> Iterator[Fault]:
    try:
        settings.security.webhook_keys()
    except ValueError as error:
        yield _fault(
            "SOTY_WEBHOOK_SECRETS",
            f"SOTY_WEBHOOK_SECRETS has a secret that cannot be read: {error}",
            'make one: echo "whsec_$(openssl rand -base64 32)"',
        )


def _files_address(settings: Settings) -> Iterator[Fault]:
    try:
        settings.files.place()
    except ValueError as error:
        yield _fault(
            "SOTY_FILES_URL",
            f"SOTY_FILES_URL cannot be read: {error}",
            "export SOTY_FILES_URL=s3://bucket/folder, or unset it",
        )


def _proxies(settings: Settings) -> Iterator[Fault]:
    for text in settings.http.trusted_proxies:
        try:
            ip_network(text)
        except ValueError as error:
            yield _fault(
                "SOTY_HTTP_TRUSTED_PROXIES",
                f"SOTY_HTTP_TRUSTED_PROXIES has what is no network: {error}",
                "export SOTY_HTTP_TRUSTED_PROXIES=127.0.0.1,192.0.2.0/24",
            )


def _bot_key(settings: Settings) -> Iterator[Fault]:
    key = settings.security.bot_api_key
    if key is not None and len(key.reveal()) < BOT_KEY_LENGTH:
        yield _fault(
            "SOTY_BOT_API_KEY",
            f"SOTY_BOT_API_KEY is too short: {len(key.reveal())} characters; whoever has it signs in as others",
            f"use {BOT_KEY_LENGTH} characters or more, such as: openssl rand -hex 32",
        )


def _root_secrets(settings: Settings) -> Iterator[Fault]:
    given = {"SOTY_SECRET": settings.security.secret, "SOTY_SECRET_PREVIOUS": settings.security.secret_previous}
    for name, secret in given.items():
        if secret is not None and len(secret.reveal().encode()) < SECRET_BYTES:
            yield _fault(
                name,
                f"{name} is too short: {len(secret.reveal().encode())} bytes",
                f'use {SECRET_BYTES} bytes or more: export {name}="$(openssl rand -base64 32)"',
            )


def _mail(settings: Settings) -> Iterator[Fault]:
    try:
        leaves = settings.mail.gateway() is not None
    except ValueError as error:
        yield _fault("SOTY_SMTP_URL", f"SOTY_SMTP_URL cannot be read: {error}", "mend it, or unset it in dev")
        return
    try:
        settings.mail.sender()
    except ValueError as error:
        yield _fault("SOTY_MAIL_FROM", f"SOTY_MAIL_FROM cannot be read: {error}", "export SOTY_MAIL_FROM='Soty <…>'")
    if leaves and settings.mail.mail_from is None:
        yield _fault(
            "SOTY_MAIL_FROM",
            "SOTY_MAIL_FROM is not set, and a gateway must know who letters are from",
            "export SOTY_MAIL_FROM='Soty <noreply@example.org>'",
        )


def _prod(settings: Settings) -> Iterator[Fault]:
    yield from _addresses(settings, "the prod profile")
    if settings.security.secret is None:
        yield _fault(
            "SOTY_SECRET",
            "SOTY_SECRET is not set, and the prod profile signs and seals with nothing else",
            'export SOTY_SECRET="$(openssl rand -base64 32)", the same for all processes, and keep it',
        )
    yield from _weak_hashes(settings)
    if settings.app.public_url is None:
        yield _fault(
            "SOTY_PUBLIC_URL",
            "SOTY_PUBLIC_URL is not set, and links in mails must lead to where browsers reach Soty",
            "export SOTY_PUBLIC_URL=https://soty.example.org",
        )
    if settings.mail.smtp_url is None:
        yield _fault(
            "SOTY_SMTP_URL",
            "SOTY_SMTP_URL is not set, and letters of the prod profile must leave",
            "export SOTY_SMTP_URL=smtps://user:password@mail.example.org:465, or maildir: to keep them here",
        )
    key = settings.security.api_key
    if key is not None and len(key.reveal()) < KEY_LENGTH:
        yield _fault(
            "SOTY_API_KEY",
            f"SOTY_API_KEY is too short for the prod profile: {len(key.reveal())} characters",
            f"use {KEY_LENGTH} characters or more, such as: openssl rand -hex 32",
        )


def _weak_hashes(settings: Settings) -> Iterator[Fault]:
    least = {
        "SOTY_PASSWORD_MEMORY": (settings.security.password_memory, PASSWORD_MEMORY),
        "SOTY_PASSWORD_PASSES": (settings.security.password_passes, PASSWORD_PASSES),
    }
    for name, (given, enough) in least.items():
        if given < enough:
            yield _fault(name, f"{name} is too little for the prod profile: {given}", f"use {enough} or more")


def _addresses(settings: Settings, why: str) -> Iterator[Fault]:
    if settings.postgres.url is None and settings.app.embedded == "never":
        yield _fault(
            "SOTY_POSTGRES_URL",
            f"SOTY_POSTGRES_URL is not set, and {why} starts no server of its own",
            "export SOTY_POSTGRES_URL=postgresql://user:password@host:5432/name",
        )
    if settings.app.app_mode == "kafka" and settings.app.embedded == "never":
        yield from missing_brokers(settings)


def _loopback(settings: Settings) -> Iterator[Fault]:
    hosts = {
        "SOTY_HTTP_HOST": settings.http.host,
        "SOTY_CONSUMER_HOST": settings.consumer.host,
        "SOTY_SCHEDULER_HOST": settings.scheduler.host,
    }
    for name, host in hosts.items():
        if not _is_loopback(host):
            yield _fault(
                name,
                f'{name} is not a loopback address: "{host}"; the dev profile is for this machine alone',
                f"unset {name}, or set SOTY_PROFILE=prod, or say --i-know",
            )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
