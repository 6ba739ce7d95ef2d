"""The run file tells only of a program that lives."""

import os
import subprocess
from pathlib import Path

from entrypoints.shared.runfile import Run, read_run, remove_run, write_run


def run_of(pid: int) -> Run:
    return Run(pid=pid, profile="dev", started_at="2026-01-01T00:00:00+00:00", urls={}, ports={"http": 8000})


def test_it_is_read_back_and_removed(tmp_path: Path) -> None:
    write_run(tmp_path, run_of(os.getpid()))
    assert read_run(tmp_path) == run_of(os.getpid())
    remove_run(tmp_path)
    remove_run(tmp_path)
    assert read_run(tmp_path) is None


def test_a_stale_or_broken_one_counts_as_none(tmp_path: Path) -> None:
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    write_run(tmp_path, run_of(gone.pid))
    assert read_run(tmp_path) is None
    (tmp_path / "run.json").write_text("{")
    assert read_run(tmp_path) is None
