"""A TCP proxy that harms what passes through it, as a test says."""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

Upstream = Path | tuple[str, int]
T = TypeVar("T")
CHUNK = 65536
COMMIT = b"Q\x00\x00\x00\x0cCOMMIT;\x00"
RST = struct.pack("ii", 1, 0)
SECONDS = 10


class Mode(StrEnum):
    """What happens to connections.

    ``latency`` holds every chunk back for ``amount`` seconds, with up to as much again by chance; ``down`` refuses new
    connections and resets old ones; ``blackhole`` passes nothing on until it is over, ``half`` no answers, ever;
    ``reset`` cuts what is connected, and new ones at their first bytes; ``slicer`` passes on ``amount`` bytes at a
    time; ``limit`` cuts a connection after ``amount`` bytes. ``before_commit`` and ``after_commit`` cut a session of
    PostgreSQL that says ``COMMIT;``, before the server hears it or when it has done it, in a share of ``amount``.
    """

    OK = "ok"
    LATENCY = "latency"
    DOWN = "down"
    BLACKHOLE = "blackhole"
    HALF = "half"
    RESET = "reset"
    SLICER = "slicer"
    LIMIT = "limit"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"


@dataclass(eq=False)
class Link:
    """One connection through the proxy: both ends, what passed so far, and whether the next answer is its last."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    passed: int = 0
    doomed: bool = False
    pumps: list[asyncio.Task[None]] = field(default_factory=list)

    def reset(self) -> None:
        """Cut both ends without a farewell."""
        for writer in (self.client, self.server):
            raw = writer.get_extra_info("socket")
            if not writer.transport.is_closing() and raw is not None and raw.family != socket.AF_UNIX:
                with suppress(OSError):
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            writer.transport.abort()


class Proxy:
    """Listens on a port of loopback and passes on to a server, from a thread of its own; any thread may command it."""

    def __init__(self, upstream: Upstream, *, port: int = 0, seed: int = 0) -> None:
        """:param upstream: a socket in the file system, or host and port.
        :param port: where to listen; 0 takes a free one.
        :param seed: of the chances that modes take.
        """
        self.port = port
        self.mode, self.amount = Mode.OK, 0.0
        self.counts: Counter[Mode] = Counter()
        self._upstream = upstream
        self._random = Random(seed)
        self._links: set[Link] = set()
        self._accepting: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._open = asyncio.Event()
        self._listener: asyncio.Server | None = None
        self._thread = Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._switch(Mode.OK, 0)).result(SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(self._end()).result(SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()

    @property
    def address(self) -> str:
        """Host and port, as clients write them."""
        return f"127.0.0.1:{self.port}"

    def switch(self, mode: Mode, amount: float = 0) -> None:
        """Harm in this way from now on; it holds when this returns.

        :param amount: seconds, bytes or a share, by the mode.
        """
        self._do(self._switch(mode, amount)).result(SECONDS)

    def aim(self, upstream: Upstream) -> None:
        """Pass new connections on to another server."""
        self._upstream = upstream

    def cut(self) -> int:
        """Reset what is connected now, once.

        :returns: how many connections that were.
        """
        return self._do(self._cut()).result(SECONDS)

    def _do(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _switch(self, mode: Mode, amount: float) -> None:
        self.mode, self.amount = mode, amount
        if mode in {Mode.DOWN, Mode.BLACKHOLE, Mode.HALF}:
            self.counts[mode] += 1
        if mode is Mode.BLACKHOLE:
            self._open.clear()
        else:
            self._open.set()
        if mode is Mode.DOWN:
            await self._hang_up()
        elif self._listener is None:
            self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
            self.port = self._listener.sockets[0].getsockname()[1]
        if mode in {Mode.DOWN, Mode.RESET}:
            self.counts[Mode.RESET] += await self._cut()

    async def _cut(self) -> int:
        links = list(self._links)
        for link in links:
            link.reset()
        return len(links)

    async def _hang_up(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    async def _end(self) -> None:
        await self._hang_up()
        self._open.set()
        under_way = [*self._accepting, *(pump for link in self._links for pump in link.pumps)]
        await self._cut()
        for each in under_way:
            each.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._accepting.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            writer.transport.abort()
            self._accepting.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            said = await self._said_meanwhile(reader)
            answers, server = await self._connect()
        except OSError:
            return
        server.write(said)
        link = Link(writer, server)
        self._links.add(link)
        link.pumps = [
            asyncio.create_task(self._pump(link, reader, server, asked=True)),
            asyncio.create_task(self._pump(link, answers, writer, asked=False)),
        ]
        try:
            await asyncio.gather(*link.pumps, return_exceptions=True)
        finally:
            self._links.discard(link)
            server.transport.abort()

    async def _said_meanwhile(self, reader: asyncio.StreamReader) -> bytes:
        """Wait until connections are let through: the server hears nothing of those who hung up before.

        :returns: what the client said meanwhile.
        :raises ConnectionError: it hung up.
        """
        said = b""
        while not self._open.is_set():
            opened = asyncio.create_task(self._open.wait())
            reading = asyncio.create_task(reader.read(CHUNK))
            done, pending = await asyncio.wait({opened, reading}, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
            if reading in done:
                said += reading.result()
                if not reading.result():
                    raise ConnectionError
        if self._listener is None:
            raise ConnectionError
        return said

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._upstream, Path):
            return await asyncio.open_unix_connection(self._upstream)
        return await asyncio.open_connection(*self._upstream)

    async def _pump(
        self, link: Link, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, asked: bool
    ) -> None:
        try:
            while chunk := await source.read(CHUNK):
                await self._open.wait()
                if not await self._survives(link, chunk, asked):
                    return link.reset()
                if self.mode is Mode.HALF and not asked:
                    continue
                await self._pass_on(chunk, target)
            if target.can_write_eof():
                target.write_eof()
        except OSError:
            link.reset()

    async def _pass_on(self, chunk: bytes, target: asyncio.StreamWriter) -> None:
        if self.mode is Mode.LATENCY:
            self.counts[Mode.LATENCY] += 1
            await asyncio.sleep(self.amount * (1 + self._random.random()))
        size = max(1, int(self.amount)) if self.mode is Mode.SLICER else CHUNK
        for start in range(0, len(chunk), size):
            target.write(chunk[start : start + size])
            await target.drain()
            if size < CHUNK:
                self.counts[Mode.SLICER] += 1
                await asyncio.sleep(0)

    async def _survives(self, link: Link, chunk: bytes, asked: bool) -> bool:
        """Whether a connection outlives these bytes, and they may go on."""
        link.passed += len(chunk)
        if link.doomed and not asked:
            self.counts[Mode.AFTER_COMMIT] += 1
            return False
        if self.mode is Mode.RESET or (self.mode is Mode.LIMIT and link.passed > self.amount):
            self.counts[self.mode] += 1
            return False
        if asked and COMMIT in chunk and self.mode in {Mode.BEFORE_COMMIT, Mode.AFTER_COMMIT}:
            return self._spared(link)
        return True

    def _spared(self, link: Link) -> bool:
        if self._random.random() >= (self.amount or 1):
            return True
        if self.mode is Mode.AFTER_COMMIT:
            link.doomed = True
            return True
        self.counts[Mode.BEFORE_COMMIT] += 1
        return False
