"""The HTTP process of Soty, measured: the entrypoint itself."""

import asyncio
import gc
import json
import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

import uvloop

from adapters.postgres.settings import PostgresSettings
from adapters.redis.settings import RedisSettings
from adapters.security.settings import SecuritySettings
from benchmarks.driver import KEY
from core.kernel.secret import Secret
from entrypoints.http.main import run
from entrypoints.http.settings import HttpSettings
from entrypoints.shared.listening import listen
from entrypoints.shared.settings import AppSettings, Settings


class Garbage:
    """Counts what only the collector of cycles could free while requests are served, and the processor time it took."""

    def __init__(self) -> None:
        self.objects = 0
        self.longest = 0.0
        self._began = 0.0

    def start(self) -> None:
        """Count from now on."""
        gc.callbacks.append(self._note)

    def stop(self) -> None:
        """Count what is left, and no more: what the end of the process frees is not of requests."""
        longest = self.longest
        gc.collect()
        gc.callbacks.remove(self._note)
        self.longest = longest

    def _note(self, phase: str, info: dict[str, Any]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.objects += info["collected"]
            self.longest = max(self.longest, time.thread_time() - self._began)


async def main(
    url: str | None = None,
    redis: str | None = None,
    secret: str | None = None,
    password: Sequence[int] = (19456, 2),
    proxies: Sequence[str] = (),
) -> None:
    """Serve until SIGTERM; say the port first and the garbage last.

    :param url: of the database; None for the memory of the process.
    :param redis: where hot reads are kept; None for reads out of the database alone.
    :param secret: root of all keys.
    :param password: KiB and passes of hashing one.
    :param proxies: whose word about the address of clients is taken.
    """
    stop = asyncio.Event()
    garbage = Garbage()

    def end() -> None:
        garbage.stop()
        stop.set()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    settings = Settings(
        app=AppSettings(profile="test" if url else "memory"),
        postgres=PostgresSettings(url=Secret(url) if url else None),
        redis=RedisSettings(url=Secret(redis) if redis else None),
        http=HttpSettings(trusted_proxies=tuple(proxies)),
        security=SecuritySettings(
            api_key=Secret(KEY),
            secret=Secret(secret) if secret else None,
            password_memory=password[0],
            password_passes=password[1],
        ),
    )

    def ready(address: str) -> None:
        garbage.start()
        print(json.dumps({"port": int(address.rpartition(":")[2])}), flush=True)

    await run(settings, listen("127.0.0.1", 0), stop, ready)
    print(json.dumps({"garbage": garbage.objects, "pause": garbage.longest * 1e3}), flush=True)


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
