"""A fresh copy of the repository with an empty environment, and a shell in it that remembers."""

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from entrypoints.shared.runfile import read_run
from entrypoints.shared.settings import ROOT
from tests.arch.rules.files import tracked

PATIENCE = 90.0
PORTS = {"8000": "http", "8001": "consumer", "8002": "scheduler"}
STAYS = "Ctrl+C stops."
READY = re.compile(r"^(http|consumer|scheduler) (http://\S+) ready$", re.MULTILINE)
LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1):(8000|8001|8002)")


class Serving:
    """A program that goes on until it is interrupted."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """:param process: in a session of its own."""
        self.process = process
        self.all = ""
        self._seen = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def printed(self) -> str:
        """What it printed since it was looked at."""
        return self.all[self._seen :]

    def looked_at(self) -> None:
        """Go on from here."""
        self._seen = len(self.all)

    @property
    def runs(self) -> bool:
        """Whether it has not ended by itself."""
        return self.process.poll() is None

    def until(self, told: Callable[[str], bool]) -> bool:
        """Wait until it printed what is told; False when it ends, says that it stays or takes too long before."""
        deadline = time.monotonic() + PATIENCE
        while not told(self.printed):
            if time.monotonic() > deadline or not self._reader.is_alive() or STAYS in self.printed:
                return told(self.printed)
            time.sleep(0.02)
        return True

    def interrupt(self) -> None:
        """Press Ctrl+C and wait for the end."""
        if self.runs:
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.all += line


class Clone:
    """What a reader has after `git clone`, but for the packages, which are those of these tests."""

    def __init__(self, root: Path) -> None:
        """:param root: an empty directory."""
        self.root = root
        self._state = root.parent / "state.sh"
        self.serving: list[Serving] = []
        for path in tracked(ROOT):
            target = root / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        self._install()
        self._commit()
        self._state.write_text(f"cd {shlex.quote(str(root))}\n")

    def run(self, command: str, *, strict: bool = False) -> tuple[str, int]:
        """Run a command to its end; variables and the directory stay for the next one.

        :param strict: stop at the first line that fails.
        :returns: all that it printed, and its exit code.
        """
        flags = "set -ae" if strict else "set -a"
        state = shlex.quote(str(self._state))
        keep = f"code=$?; {{ export -p; echo \"cd '$PWD'\"; }} > {state}; exit $code"
        script = f". {state}\n{flags}\n{self.placed(command)}\n{keep}"
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        return done.stdout, done.returncode

    def start(self, command: str) -> Serving:
        """Start a program that goes on."""
        script = f". {shlex.quote(str(self._state))}\n{self.placed(command)}"
        process = subprocess.Popen(
            ["/bin/sh", "-c", script],
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.serving.append(Serving(process))
        return self.serving[-1]

    def placed(self, text: str) -> str:
        """A command with the addresses of this run, where it names those of every start."""
        run = read_run(self.root / "var")
        urls = dict(run.urls) if run else {}
        for serving in self.serving:
            urls |= dict(READY.findall(serving.all)) if serving.runs else {}

        def place(found: re.Match[str]) -> str:
            return urls.get(PORTS[found[1]], found[0]).removeprefix("http://")

        return LOCAL.sub(place, text)

    def stop(self) -> None:
        """Interrupt what still serves, the last one first."""
        while self.serving:
            self.serving.pop().interrupt()

    def _environ(self) -> dict[str, str]:
        ports = {f"SOTY_{part.upper()}_PORT": "0" for part in PORTS.values()}
        return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.root.parent), **ports}

    def _install(self) -> None:
        python = self.root / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        source = shlex.quote(str(self.root / "src"))
        python.write_text(f'#!/bin/sh\nPYTHONPATH={source} exec {shlex.quote(sys.executable)} "$@"\n')
        python.chmod(0o755)
        locks = {"runtime": "requirements.lock", "tests": "requirements-dev.lock"}
        digests = {name: hashlib.sha256((self.root / file).read_bytes()).hexdigest() for name, file in locks.items()}
        (self.root / ".venv" / "soty.json").write_text(json.dumps({"root": str(self.root), **digests}))

    def _commit(self) -> None:
        author = ["-c", "user.name=reader", "-c", "user.email=reader@example.com"]
        for words in (["init", "-q"], ["add", "--all"], [*author, "commit", "-q", "--message", "as it was"]):
            subprocess.run(["git", *words], cwd=self.root, env=self._environ(), check=True, capture_output=True)


@contextmanager
def fresh_clone() -> Iterator[Clone]:
    """A clone that is removed at the end, with all that it started."""
    with TemporaryDirectory(prefix="soty-docs-") as folder:
        Path(folder).chmod(0o755)
        root = Path(folder).resolve() / "soty"
        root.mkdir()
        clone = Clone(root)
        try:
            yield clone
        finally:
            clone.stop()
