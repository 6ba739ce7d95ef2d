"""What is described is what is served: schemathesis tries every operation with every check."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec

from entrypoints.cli.ports import with_ports
from entrypoints.http.main import run
from entrypoints.http.operations import OPERATIONS
from entrypoints.shared.settings import ROOT
from tests.support.http import KEY, memory_settings

SECONDS = 150


async def test_the_description_holds(tmp_path: Path) -> None:
    settings = memory_settings()
    settings = msgspec.structs.replace(settings, http=msgspec.structs.replace(settings.http, port=0))
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    with with_ports(settings, ["http"]) as ports:
        async with asyncio.TaskGroup() as group:
            group.create_task(run(ports.settings, ports.sockets["http"], stop, address.set_result))
            try:
                async with asyncio.timeout(SECONDS):
                    code, output = await _schemathesis(await address, tmp_path)
            finally:
                stop.set()
    assert code == 0, output
    assert f"Selected: {len(OPERATIONS)}/{len(OPERATIONS)}" in output


async def _schemathesis(address: str, folder: Path) -> tuple[int | None, str]:
    words = ["run", f"{address}/openapi.json", "--checks", "all", "--max-examples", "20"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(ROOT / "schemathesis.toml"), *words),
        *("--header", f"Authorization: Bearer {KEY}"),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    return process.returncode, output.decode()
