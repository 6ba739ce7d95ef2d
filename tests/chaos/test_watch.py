"""What is seen from outside: the numbers of servers, the memory of processes, the lateness of the harness."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.chaos.processes import Part
from tests.chaos.watch import YOUNG, Watch, answered_late

PAGE = b"""# TYPE soty_http_request_seconds histogram
soty_http_request_seconds_bucket{le="5.0",route="/a"} 3.0
soty_http_request_seconds_bucket{le="6.0",route="/a"} 5.0
soty_http_request_seconds_bucket{le="+Inf",route="/a"} 7.0
soty_http_request_seconds_count{route="/a"} 7.0
soty_http_request_seconds_bucket{le="6.0",route="/b"} 4.0
soty_http_request_seconds_count{route="/b"} 5.0
"""


@asynccontextmanager
async def telling(page: bytes) -> AsyncIterator[int]:
    """A server that answers everything with one page; gives its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_answers_after_the_promised_time_are_counted_over_all_routes(tmp_path: Path) -> None:
    async with telling(PAGE) as port:
        part = Part("http0", "http", port, {}, tmp_path / "log")
        assert await answered_late([part, part]) == 2 * (2 + 1)


def test_memory_is_told_by_the_life_that_took_or_grew_most(tmp_path: Path) -> None:
    part = Part("consumer0", "consumer", 0, {}, tmp_path / "log")
    watch = Watch([part])
    watch.weigh()
    assert "consumer_megabytes" not in watch.figures()
    waits = [sys.executable, "-c", "input(); held = bytes(range(256)) * 200_000; print(flush=True); input()"]
    part.process = subprocess.Popen(waits, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert part.process.stdin is not None
    assert part.process.stdout is not None
    for _ in range(YOUNG):
        watch.weigh()
    part.process.stdin.write(b"\n")
    part.process.stdin.flush()
    part.process.stdout.readline()
    watch.weigh()
    part.process.communicate(b"\n")
    figures = watch.figures()
    assert figures["consumer_megabytes"] > figures["consumer_grew_megabytes"] > 45


async def test_the_harness_knows_how_late_it_is() -> None:
    watch, stop = Watch([]), asyncio.Event()
    feeling = asyncio.create_task(watch.feel_lateness(stop))
    await asyncio.sleep(0)
    time.sleep(0.2)
    stop.set()
    await feeling
    assert watch.late_seconds > 0.15
