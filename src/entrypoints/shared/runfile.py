"""`var/run.json`: what a running `soty up` tells the other commands."""

import os
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct


class Run(Struct, frozen=True, kw_only=True):
    """Addresses of a running program."""

    pid: int
    profile: str
    started_at: str
    urls: dict[str, str]
    ports: dict[str, int]
    postgres: str | None = None
    kafka: str | None = None
    redis: str | None = None


def write_run(data_dir: Path, run: Run) -> None:
    """Write the file in one step; it holds no secret of an outside server.

    :param data_dir: directory of everything that is kept.
    :param run: what to tell.
    """
    half = data_dir / f"run.json.{os.getpid()}"
    half.write_bytes(msgspec.json.format(msgspec.json.encode(run)))
    half.replace(data_dir / "run.json")


def read_run(data_dir: Path) -> Run | None:
    """Read the file of a program that still runs.

    :param data_dir: directory of everything that is kept.
    :returns: its addresses, or None when nothing runs or the file is stale.
    """
    try:
        run = msgspec.json.decode((data_dir / "run.json").read_bytes(), type=Run)
    except (OSError, msgspec.DecodeError):
        return None
    return run if _alive(run.pid) else None


def remove_run(data_dir: Path) -> None:
    """Remove the file, if it is there.

    :param data_dir: directory of everything that is kept.
    """
    with suppress(FileNotFoundError):
        (data_dir / "run.json").unlink()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
