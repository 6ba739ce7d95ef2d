"""Processes of Soty by its own command line, which are killed, paused and started again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from entrypoints.shared.settings import ROOT

READY_SECONDS = 60.0
STOP_SECONDS = 20.0
KEY = "the-key-of-the-chaos"
BEARER = {"Authorization": f"Bearer {KEY}"}


@dataclass
class Part:
    """One process: a command of the program, or of another module that takes its place, on a port of its own."""

    name: str
    command: str
    port: int
    environment: Mapping[str, str]
    log: Path
    module: str = "entrypoints.cli.main"
    kills: int = 0
    process: subprocess.Popen[bytes] | None = None
    seconds_to_ready: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and do not wait."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, self.command],
                env=self._environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """End it by kill -9."""
        if self.process is not None and self.process.poll() is None:
            self.kills += 1
            self.process.kill()
            self.process.wait()

    def pause(self, *, on: bool) -> None:
        """Stop its clock, or let it go on."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def died_by_itself(self) -> bool:
        """Whether it ended although nobody killed it."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """End it gracefully, or at last by force."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    async def until_ready(self, client: httpx.AsyncClient, seconds: float = READY_SECONDS) -> float:
        """Wait until it says that it is ready.

        :returns: how long that took.
        :raises TimeoutError: it does not in time.
        """
        started = time.monotonic()
        async with asyncio.timeout(seconds):
            while not await self.is_ready(client):
                await asyncio.sleep(0.05)
        return time.monotonic() - started

    async def is_ready(self, client: httpx.AsyncClient) -> bool:
        """What readiness says now."""
        try:
            answer = await client.get(f"{self.url}/health/ready", timeout=3)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            **self.environment,
        }
