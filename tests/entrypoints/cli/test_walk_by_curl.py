"""The whole life of an account by curl, by both transports, against a running Soty."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import Program

WALK = Path(__file__).with_name("walk.sh")


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl: apt install curl")
def test_a_whole_life(program: Program) -> None:
    with program.up("--without", "consumer") as (_, run):
        for transport in ("bearer", "cookie"):
            words = ["/bin/sh", str(WALK), run.urls["http"], transport, sys.executable]
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
            assert done.stdout.endswith("\nwhole\n"), done.stdout + done.stderr
