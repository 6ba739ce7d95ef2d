"""Runs the program as a process of its own, on a data directory of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from entrypoints.shared.runfile import Run, read_run
from entrypoints.shared.settings import ROOT

PATIENCE = 60.0


class Program:
    """The program in an environment that holds nothing else."""

    log: Path | None = None
    """File for all that started commands print; None: a pipe, which holds only so much."""

    def __init__(self, data_dir: Path, **environ: str) -> None:
        """:param data_dir: directory of everything that is kept.
        :param environ: settings beyond those of tests.
        """
        self.data_dir = data_dir
        self._environ = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(ROOT / "src"),
            "SOTY_DATA_DIR": str(data_dir),
            "SOTY_HTTP_PORT": "0",
            "SOTY_CONSUMER_PORT": "0",
            "SOTY_SCHEDULER_PORT": "0",
            **environ,
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        with ExitStack() as stack:
            return subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", *words],
                env=self._environ,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.log is None else stack.enter_context(self.log.open("a")),
                stderr=subprocess.STDOUT,
                text=True,
            )

    def run(self, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "entrypoints.cli.main", *words],
            env=self._environ,
            cwd="/",
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    @contextmanager
    def up(self, *words: str) -> Iterator[tuple[subprocess.Popen[str], Run]]:
        """Run `soty up` until it serves, and stop it at the end."""
        process = self.start("up", *words)
        try:
            yield process, self.until_up(process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE)

    @contextmanager
    def serving(self) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """Run the HTTP process alone until it serves, with its address, and stop it at the end if it still runs."""
        process = self.start("http")
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http http://" in line, line
            yield process, line.split("http ", 1)[1].split()[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)

    def until_up(self, process: subprocess.Popen[str]) -> Run:
        """Wait until a started `soty up` serves."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            run = read_run(self.data_dir)
            if run and run.pid == process.pid:
                return run
            time.sleep(0.02)
        process.kill()
        raise AssertionError(f"soty up does not serve:\n{process.communicate()[0]}")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A directory that the account of the database server can enter, which pytest's own is not when root runs it."""
    with TemporaryDirectory(prefix="soty-tests-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def program(data_dir: Path) -> Program:
    """The program on a data directory of this test alone."""
    return Program(data_dir)
