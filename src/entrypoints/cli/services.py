"""Looks at the servers that Soty needs: do they answer, how fast, do their clocks agree with ours?"""

import time
from datetime import UTC, datetime

from msgspec import Struct

from core.kernel.errors import Unavailable
from core.kernel.secret import Secret
from entrypoints.cli.containers.probes import database_time, redis_answers
from entrypoints.shared.reach import reach
from entrypoints.shared.runfile import Run
from entrypoints.shared.settings import Settings

SKEW_SECONDS = 2.0
OWN = "our own, starts with ./soty up"


class Line(Struct, frozen=True):
    """One thing looked at; without a fix it is fine."""

    name: str
    found: str
    fix: str = ""


async def look_at_services(settings: Settings, running: Run | None) -> list[Line]:
    """Look at every server with an address.

    :param settings: addresses.
    :param running: addresses of a running `soty up`.
    :returns: a line for each.
    """
    postgres = settings.postgres.url.reveal() if settings.postgres.url else running and running.postgres
    brokers = settings.kafka.bootstrap or (running and running.kafka)
    lines = await _look_at_postgres(postgres) if postgres else [Line("postgres", OWN)]
    redis = settings.redis.url.reveal() if settings.redis.url else running and running.redis
    lines.append(await _look_at_redis(redis) if redis else Line("redis", OWN))
    if brokers:
        return lines + [await _look_at_broker(broker) for broker in brokers.split(",")]
    return [*lines, Line("kafka", OWN if settings.app.app_mode == "kafka" else "not needed for webhook_only")]


async def _look_at_postgres(url: str) -> list[Line]:
    shown, started = str(Secret(url)), time.monotonic()
    try:
        there = await database_time(url)
    except Unavailable:
        return [Line("postgres", f"{shown} does not answer", "start it, or mend SOTY_POSTGRES_URL")]
    took = time.monotonic() - started
    skew = abs((datetime.now(UTC) - there).total_seconds())
    return [
        Line("postgres", f"{shown} answers in {took * 1000:.0f} ms"),
        Line(
            "clock", f"differs from PostgreSQL by {skew:.1f} s", "set the clock by NTP" if skew > SKEW_SECONDS else ""
        ),
    ]


async def _look_at_redis(url: str) -> Line:
    shown, started = str(Secret(url)), time.monotonic()
    try:
        await redis_answers(url)
    except Unavailable:
        return Line("redis", f"{shown} does not answer", "start it, or unset SOTY_REDIS_URL to do without")
    return Line("redis", f"{shown} answers in {(time.monotonic() - started) * 1000:.0f} ms")


async def _look_at_broker(broker: str) -> Line:
    try:
        seconds = await reach(broker)
    except OSError as error:
        return Line("kafka", f"{broker} does not answer ({error!s})", "start it, or mend SOTY_KAFKA_BOOTSTRAP")
    return Line("kafka", f"{broker} answers in {seconds * 1000:.0f} ms")
