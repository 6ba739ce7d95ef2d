"""Runs process parts until a signal: the first is graceful, the second is at once."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import click
import uvloop

from entrypoints.cli.ports import Ports
from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.settings import Settings

Ready = Callable[[str], None]
Run = Callable[[Settings, socket.socket, asyncio.Event, Ready], Coroutine[Any, Any, None]]
GRACE = 1.0


def run_loop(main: Coroutine[Any, Any, int]) -> int:
    """Run a coroutine on the fast loop.

    :param main: what to run.
    :returns: its exit code.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


@contextmanager
def stop_on_signals() -> Iterator[asyncio.Event]:
    """Turn SIGINT and SIGTERM into an event; the second signal ends the process at once.

    :returns: the event.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(number: int) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()
        click.echo("\nStopping ... (once more: at once)", err=True)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal, number)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def serve(
    parts: Mapping[str, Run], ports: Ports, stop: asyncio.Event, when_ready: Callable[[dict[str, str]], None]
) -> None:
    """Run all parts until the event is set or one of them fails.

    :param parts: what to run, by name.
    :param ports: settings of all parts, and where they listen.
    :param stop: ends them gracefully; what still works after the drain time is cancelled.
    :param when_ready: called once with what each part said when it served.
    :raises FaultError: naming every part that failed.
    """
    said: dict[str, str] = {}

    def ready(name: str, text: str) -> None:
        said[name] = text
        if len(said) == len(parts):
            when_ready({part: said[part] for part in parts})

    try:
        async with asyncio.TaskGroup() as group:
            works = {
                name: run(ports.settings, ports.sockets[name], stop, partial(ready, name))
                for name, run in parts.items()
            }
            tasks = [group.create_task(_part(name, work), name=name) for name, work in works.items()]
            group.create_task(_end(tasks, stop, max(ports.settings.app.shutdown_seconds - GRACE, 0.5)))
    except* FaultError as failed:
        raise FaultError(fault for error in failed.exceptions for fault in getattr(error, "faults", ())) from failed


async def _part(name: str, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except FaultError:
        raise
    except Exception as error:
        logging.getLogger(f"soty.{name}").exception("%s failed", name)
        text = str(error) or type(error).__name__
        raise FaultError(
            [Fault(f"{name} failed: {text}", name, "read the log above; ./soty doctor looks at the servers")]
        ) from error


async def _end(tasks: list[asyncio.Task[None]], stop: asyncio.Event, seconds: float) -> None:
    await _first(stop.wait(), asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED))
    stop.set()
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        click.echo(f"{task.get_name()} did not stop in {seconds:.1f} s and was cut off", err=True)
        task.cancel()


async def _first(*waits: Awaitable[object]) -> None:
    futures = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for future in futures:
            future.cancel()
