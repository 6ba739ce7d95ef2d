"""Four HTTP processes let exactly as many calls of one caller pass as one would, and go on without Redis."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters.embedded.valkey import EmbeddedValkey
from tests.support.program import Program

PROCESSES, CALLS, LIMIT = 4, 120, 10
TRIES = 5
"""How often somebody may try to sign in under one name from one address."""
ALONE = PROCESSES * (LIMIT // 4)
"""What passes without Redis: of each process a part of the limit."""


@pytest.fixture
def addresses(data_dir: Path, postgres_url: str, own_valkey: EmbeddedValkey) -> Iterator[list[str]]:
    """Four processes behind a proxy, which share what they count."""
    programs = [
        Program(
            data_dir,
            SOTY_PROFILE="test",
            SOTY_POSTGRES_URL=postgres_url,
            SOTY_REDIS_URL=own_valkey.url,
            SOTY_REDIS_TIMEOUT="5",
            SOTY_APP_MODE="webhook_only",
            SOTY_HTTP_RATE_LIMIT=f"{LIMIT}/86400",
            SOTY_HTTP_TRUSTED_PROXIES="127.0.0.1",
            SOTY_API_KEY="the-key-of-the-tests",
        )
        for _ in range(PROCESSES)
    ]
    with ExitStack() as stack:
        yield [stack.enter_context(program.serving())[1] for program in programs]


SIGN_IN = ("POST", "/api/v1/auth/login", {"login": "ann@example.com", "password": "not the password"})
LIST = ("GET", "/api/v1/movements", None)


async def status(url: str, clients: str, call: tuple[str, str, Any]) -> int:
    """What one call with a wrong key is answered, over a connection of its own: spoken by hand, since it is many."""
    method, path, body = call
    content = b"" if body is None else json.dumps(body).encode()
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: Bearer wrong\r\n"
        f"x-forwarded-for: {clients}\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n"
        "connection: close\r\n\r\n"
    )
    writer.write(head.encode() + content)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(b" ", 2)[1])


async def outcomes(addresses: Sequence[str], clients: Sequence[str], call: Any = LIST) -> list[Counter[int]]:
    """How often each status came for each client, whose calls come all at once over all processes."""
    return [
        Counter(
            await asyncio.gather(
                *(
                    status(addresses[number % len(addresses)], f"6.6.6.{number}, {client}", call)
                    for number in range(CALLS)
                )
            )
        )
        for client in clients
    ]


async def test_exactly_ten_of_many_pass(addresses: list[str], pytestconfig: pytest.Config) -> None:
    rounds = 100 if pytestconfig.getoption("--everything") else 3
    found = await outcomes(addresses, [f"198.51.100.{number}" for number in range(rounds)])
    assert found == [Counter({401: LIMIT, 429: CALLS - LIMIT})] * rounds
    (of_ipv6,) = await outcomes(addresses, ["2001:db8:1:2::1"])
    (neighbour,) = await outcomes(addresses, ["2001:db8:1:2:ffff::1"])
    assert of_ipv6[401] == LIMIT
    assert neighbour == Counter({429: CALLS})
    signing_in = await outcomes(addresses, ["203.0.113.1", "203.0.113.2"], SIGN_IN)
    assert signing_in == [Counter({401: TRIES, 429: CALLS - TRIES})] * 2


async def test_without_redis_nothing_fails_and_limits_hold(addresses: list[str], own_valkey: EmbeddedValkey) -> None:
    own_valkey.stop()
    (found,) = await outcomes(addresses, ["198.51.100.7"])
    assert found == Counter({401: ALONE, 429: CALLS - ALONE})
    (signing_in,) = await outcomes(addresses, ["198.51.100.8"], SIGN_IN)
    assert signing_in == Counter({401: PROCESSES, 429: CALLS - PROCESSES})
