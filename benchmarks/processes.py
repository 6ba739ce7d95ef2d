"""Child processes on processors of their own, and what they cost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TICK = os.sysconf("SC_CLK_TCK")
CPUS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
PINNED = len(CPUS) >= 2
LONGEST = 300


def pin_driver() -> None:
    """Leave the first processor to what is measured; servers and drivers that start from now on share the others."""
    if PINNED:
        os.sched_setaffinity(0, CPUS[1:])


def start(module: str, **arguments: Any) -> subprocess.Popen[str]:
    """Start a module of the benchmarks on the first processor.

    :param arguments: given to it as one JSON object.
    """
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    child = subprocess.Popen(
        [sys.executable, "-m", module, json.dumps(arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if PINNED:
        os.sched_setaffinity(child.pid, CPUS[:1])
    return child


def result_of(child: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a child and read the JSON object that it wrote last.

    :raises RuntimeError: it failed.
    """
    try:
        output, _ = child.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        child.kill()
        raise
    if child.returncode != 0:
        raise RuntimeError(f"{child.args!r} left with {child.returncode}: {output[-500:]}")
    return dict(json.loads(output.strip().splitlines()[-1]))


@contextmanager
def running(module: str, **arguments: Any) -> Iterator[subprocess.Popen[str]]:
    """A child that is ended with the block, if it has not ended itself."""
    child = start(module, **arguments)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def cpu_of(pid: int) -> float:
    """Seconds of processor time of one process so far, by the nanosecond clock of the scheduler."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def cpu_of_tree(pid: int) -> float:
    """Seconds of processor time of a process, its children, and those of them that have ended."""
    total = sum(_times(pid))
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            total += sum(_times(int(child))[:2])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / TICK


def _times(pid: int) -> list[int]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(field) for field in fields[11:15]]
