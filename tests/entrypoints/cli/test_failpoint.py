"""Faults on purpose are a matter of the test profile."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("profile,refused", [("test", False), ("dev", True)])
def test_only_the_test_profile_takes_failpoints(profile: str, refused: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "entrypoints.cli.main", "config", "show"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "SOTY_PROFILE": profile,
            "SOTY_FAILPOINT": "work.open@2:fail",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 3) is refused
    assert ("makes Soty fail on purpose" in done.stderr) is refused
