"""A test of a port that fails says which promise is broken."""

import subprocess
import sys
from pathlib import Path

from entrypoints.shared.settings import ROOT

BOUND = '''
from datetime import UTC, datetime

import pytest

from contracts.ports.clock import ClockSuite
from core.kernel.clock import Clock


class StoppedClock(Clock):
    """Breaks a promise."""

    def now(self) -> datetime:
        {answer}


class TestClock(ClockSuite):
    """Bound as adapters are."""

    @pytest.fixture
    def clock(self) -> Clock:
        return StoppedClock()


def test_of_no_port() -> None:
    assert not 1
'''


def broken(tmp_path: Path, answer: str) -> str:
    """What pytest prints of a suite whose adapter answers so."""
    file = tmp_path / "test_stopped.py"
    file.write_text(BOUND.format(answer=answer), encoding="utf-8")
    words = ["-c", "/dev/null", "--rootdir", str(tmp_path), "-p", "tests.support.promises", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *words, str(file)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_what_is_not_written_is_told_without_a_traceback(tmp_path: Path) -> None:
    told = broken(tmp_path, 'raise NotImplementedError("StoppedClock.now is not written: The current instant.")')
    assert "promise broken: it tells utc\n  suite:   ClockSuite, contracts/ports/clock.py:" in told
    assert "  adapter: StoppedClock.now is not written: The current instant.\n" in told
    assert "def now" not in told


def test_what_is_wrong_is_told_beside_how(tmp_path: Path) -> None:
    told = broken(tmp_path, "return datetime.now()")
    assert "promise broken: it tells utc\n  suite:   ClockSuite, contracts/ports/clock.py:" in told
    assert "E       assert None == datetime.timedelta(0)" in told


def test_other_tests_are_told_as_ever(tmp_path: Path) -> None:
    told = broken(tmp_path, "return datetime.now(UTC)")
    assert "E       assert not 1" in told
    assert "promise" not in told
