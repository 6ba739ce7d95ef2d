"""A stolen token ends its session for good, even when the process is killed right behind the answer that says so."""

import json
import os
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.embedded.valkey import EmbeddedValkey
from core.identity.api import EndReason
from tests.support.postgres import store_of
from tests.support.program import Program
from tests.support.traveller import AUTH, PUBLIC_URL, Traveller, travellers

ROUNDS = int(os.environ.get("SOTY_TEST_ROUNDS", "2"))
LONG_AGO = "UPDATE identity.refresh_token SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL"
ENDED = "SELECT end_reason FROM identity.session WHERE id = $1::text::uuid AND ended_at IS NOT NULL"
REFUSED = b"HTTP/1.1 401"


def killed_behind_the_answer(pid: int, url: str, stolen: str) -> None:
    """Exchange a token, and kill the process as soon as the first line of the answer is here."""
    place = urlsplit(url)
    body = json.dumps({"refresh_token": stolen}).encode()
    head = f"POST {AUTH}/refresh HTTP/1.1\r\nhost: soty.test\r\ncontent-type: application/json\r\n"
    with socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=60) as connection:
        connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        told = b""
        while len(told) < len(REFUSED):
            told += connection.recv(len(REFUSED) - len(told))
        os.kill(pid, signal.SIGKILL)
    assert told == REFUSED


@pytest.mark.parametrize("cached", [False, True])
async def test_it_stays_ended(
    data_dir: Path, fresh_postgres_url: str, own_valkey: EmbeddedValkey, cached: bool
) -> None:
    program = Program(
        data_dir,
        SOTY_PROFILE="test",
        SOTY_APP_MODE="webhook_only",
        SOTY_POSTGRES_URL=fresh_postgres_url,
        SOTY_PUBLIC_URL=PUBLIC_URL,
        SOTY_HTTP_TRUSTED_PROXIES="127.0.0.1",
        SOTY_API_KEY="the-key-of-the-tests",
        **({"SOTY_REDIS_URL": own_valkey.url, "SOTY_REDIS_TIMEOUT": "5"} if cached else {"SOTY_EMBEDDED": "never"}),
    )
    async with store_of(fresh_postgres_url, pool=1) as store:
        for number in range(ROUNDS):
            urls: list[str] = []
            with program.serving() as (process, url):
                urls.append(url)
                async with travellers(urls, 1, first=2 * number) as (ann,):
                    stolen = ann.tokens["refresh_token"]
                    assert await ann.refresh() == 200
                    assert await ann.me() == 200
                    async with store.connection() as connection:
                        await connection.execute(LONG_AGO)
                    killed_behind_the_answer(process.pid, url, stolen)
                    process.wait()
                    await _is_refused_after_a_restart(program, urls, ann)
                async with store.connection() as connection:
                    ended = await connection.fetchval(ENDED, ann.tokens["session_id"])
                assert ended == EndReason.REUSE_DETECTED.value


async def _is_refused_after_a_restart(program: Program, urls: list[str], ann: Traveller) -> None:
    with program.serving() as (_, url):
        urls[:] = [url]
        assert (await ann.me(), await ann.refresh(), await ann.me()) == (401, 401, 401)
