"""Four HTTP processes let exactly as many calls of one caller pass as one would, and go on without Redis."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
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


async def outcomes(addresses: Sequence[str], clients: Sequence[str], call: Any = LIST) -> list[Counter[int]]:
    """How often each status came for each client, whose calls come all at once over all processes, with a wrong key."""
    method, path, body = call
    limits = httpx.Limits(max_connections=CALLS, max_keepalive_connections=0)
    async with httpx.AsyncClient(limits=limits, timeout=60, headers={"authorization": "Bearer wrong"}) as http:

        async def status(number: int, client: str) -> int:
            headers = {"x-forwarded-for": f"6.6.6.{number}, {client}"}
            url = addresses[number % len(addresses)] + path
            return (await http.request(method, url, json=body, headers=headers)).status_code

        return [
            Counter(await asyncio.gather(*(status(number, client) for number in range(CALLS)))) for client in clients
        ]


@pytest.mark.parametrize("rounds", [3, pytest.param(100, marks=pytest.mark.slow)])
async def test_exactly_ten_of_many_pass(addresses: list[str], rounds: int) -> None:
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
