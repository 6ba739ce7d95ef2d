"""Hot reads come out of Redis, and what is answered is never older than the last write that was answered."""

import asyncio

import msgspec
import pytest

from adapters.embedded.valkey import EmbeddedValkey
from adapters.redis.cache import RedisCache
from entrypoints.http.inventory.examples import MOVEMENT, PRODUCT, SOURCE
from entrypoints.shared.settings import Settings
from tests.support.http import (
    KEY,
    MOVEMENTS,
    WAREHOUSE,
    WEBHOOK,
    Client,
    memory_settings,
    postgres_settings,
    sample,
    serving,
)
from tests.support.valkey import redis_settings

STOCK = f"{WAREHOUSE}/{SOURCE}/products/{PRODUCT}"


def cached(url: str, redis: str) -> Settings:
    """Settings of a process on a database and a cache."""
    return msgspec.structs.replace(postgres_settings(url), redis=redis_settings(redis))


async def seen(client: Client) -> tuple[int, int]:
    """Hits and misses so far."""
    await asyncio.sleep(0.02)
    counted = (await client.container.get(RedisCache)).seen
    return counted.hits, counted.misses


async def test_second_read_is_a_hit_and_a_write_is_seen_at_once(
    fresh_postgres_url: str, own_valkey: EmbeddedValkey
) -> None:
    async with serving(cached(fresh_postgres_url, own_valkey.url)) as client:
        await client.adjust(100)
        first = await client.get(STOCK)
        assert await seen(client) == (0, 1)
        second = await client.get(STOCK)
        assert (await seen(client), second.content) == ((1, 1), first.content)
        await client.post(WEBHOOK, sample("departure"))
        assert await client.quantity() == 0
        assert (await client.get(f"{MOVEMENTS}/{MOVEMENT}")).json()["status"] == "in_transit"
        await client.post(WEBHOOK, sample("arrival"))
        assert (await client.get(f"{MOVEMENTS}/{MOVEMENT}")).json()["status"] == "completed"


async def test_a_table_and_a_stocktake_are_seen_at_once(fresh_postgres_url: str, own_valkey: EmbeddedValkey) -> None:
    async with serving(cached(fresh_postgres_url, own_valkey.url)) as client:
        await client.adjust(100)
        await client.post(WEBHOOK, sample("departure"))
        assert await client.quantity() == 0
        row = f"{SOURCE},{PRODUCT},7,count"
        body = f"warehouse_id,product_id,delta,reason\n{row}".encode()
        assert (await client.post(f"{WAREHOUSE}/import", body, **{"content-type": "text/csv"})).status_code == 200
        assert await client.quantity() == 7
        opened = await client.post(f"{WAREHOUSE}/stocktakes", {"warehouse_id": SOURCE})
        address = f"{WAREHOUSE}/stocktakes/{opened.json()['id']}"
        await client.post(f"{address}/lines", {"lines": [{"product_id": PRODUCT, "counted": 5}]})
        assert await client.quantity() == 7
        assert (await client.post(f"{address}/close")).status_code == 200
        assert await client.quantity() == 5


async def test_unknown_movement_is_not_kept(fresh_postgres_url: str, own_valkey: EmbeddedValkey) -> None:
    async with serving(cached(fresh_postgres_url, own_valkey.url)) as client:
        await client.adjust(100)
        assert (await client.get(f"{MOVEMENTS}/{MOVEMENT}")).status_code == 404
        await client.post(WEBHOOK, sample("departure"))
        assert (await client.get(f"{MOVEMENTS}/{MOVEMENT}")).status_code == 200


async def test_without_redis_the_database_answers(fresh_postgres_url: str, own_valkey: EmbeddedValkey) -> None:
    async with serving(cached(fresh_postgres_url, own_valkey.url)) as client:
        await client.adjust(100)
        assert await client.quantity() == 100
        own_valkey.stop()
        assert (await client.adjust(1)).status_code == 201
        assert await client.quantity() == 101
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")


@pytest.mark.parametrize("redis", [True, False])
async def test_calls_beyond_the_limit_are_refused(postgres_url: str, own_valkey: EmbeddedValkey, redis: bool) -> None:
    settings = cached(postgres_url, own_valkey.url) if redis else postgres_settings(postgres_url)
    http = msgspec.structs.replace(settings.http, rate_limit="5/60")
    async with serving(msgspec.structs.replace(settings, http=http)) as client:
        answers = [await client.get(STOCK) for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
        assert answers[0].headers["ratelimit-policy"] == '"http";q=5;w=60'
        assert answers[0].headers["ratelimit"].startswith('"http";r=4;t=')
        refused = answers[5]
        assert refused.json()["code"] == "kernel.limited"
        assert 1 <= int(refused.headers["retry-after"]) <= 12
        assert refused.headers["ratelimit"].startswith('"http";r=0;t=')
        assert (await client.get("/health/live")).status_code == 200


async def test_wrong_keys_count_for_their_address_and_right_ones_pass() -> None:
    settings = memory_settings()
    http = msgspec.structs.replace(settings.http, rate_limit="3/60")
    async with serving(msgspec.structs.replace(settings, http=http)) as client:
        wrong = {"authorization": "Bearer wrong"}
        answers = [await client.get(MOVEMENTS, **wrong) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [401] * 3 + [429] * 2
        right = {"authorization": f"Bearer {KEY}"}
        assert (await client.get(MOVEMENTS, **right)).status_code == 200
        told = (await client.get("/metrics", **right)).text
        assert 'soty_http_limited_total{outcome="passed"} 4.0' in told
        assert 'soty_http_limited_total{outcome="refused"} 2.0' in told


async def test_numbers_tell_of_the_cache_and_of_redis(postgres_url: str, own_valkey: EmbeddedValkey) -> None:
    settings = cached(postgres_url, own_valkey.url)
    http = msgspec.structs.replace(settings.http, rate_limit="100/60")
    async with serving(msgspec.structs.replace(settings, http=http)) as client:
        await client.adjust(100)
        for _ in range(3):
            await client.get(STOCK)
            await seen(client)
        own_valkey.stop()
        await client.get(STOCK)
        told = (await client.get("/metrics")).text
        for line in (
            'soty_cache_reads_total{outcome="hit"} 2.0',
            'soty_cache_reads_total{outcome="miss"} 1.0',
            'soty_cache_reads_total{outcome="bypass"} 1.0',
            'soty_cache_puts_refused_total{reason="stale"} 0.0',
            'soty_redis_trouble_total{kind="counted_alone"} 1.0',
            'soty_http_limited_total{outcome="passed"} 5.0',
        ):
            assert line in told
        assert 'soty_redis_trouble_total{kind="failed_call"} 0.0' not in told


async def test_without_a_limit_no_header_tells_of_one(client: Client) -> None:
    assert "ratelimit" not in (await client.get(STOCK)).headers
