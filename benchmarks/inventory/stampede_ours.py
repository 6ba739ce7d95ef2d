"""A process whose askers all miss one key of the cache at once."""

import asyncio
import json
import sys

import uvloop

from adapters.redis.cache import RedisCache
from adapters.redis.link import open_link
from adapters.redis.settings import RedisSettings
from core.kernel.secret import Secret

LOAD_SECONDS = 0.01
VALUE = b'{"quantity":1}'


async def main(redis: str, key: str, askers: int) -> None:
    """Say when it is ready, ask when told to, and say how many loads there were."""
    loads = 0

    async def load() -> bytes:
        nonlocal loads
        loads += 1
        await asyncio.sleep(LOAD_SECONDS)
        return VALUE

    async with open_link(RedisSettings(url=Secret(redis))) as link:
        cache = RedisCache(link)
        await cache.forget([f"{key}:other"])
        print(json.dumps({"ready": True}), flush=True)
        sys.stdin.readline()
        answers = await asyncio.gather(*(cache.get(key, load) for _ in range(askers)))
        assert set(answers) == {VALUE}
        await cache.close()
    print(json.dumps({"loads": loads}), flush=True)


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
