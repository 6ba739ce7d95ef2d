"""Runs import-linter on a tree."""

import os
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

RUN = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CONFIG = "importlinter.ini"


def contracts(root: Path) -> list[str]:
    """Names of the contracts of a tree."""
    config = ConfigParser()
    config.read(root / CONFIG, encoding="utf-8")
    return [config[section]["name"] for section in config.sections() if section.startswith("importlinter:contract:")]


def lint(root: Path) -> tuple[dict[str, str], str]:
    """Check all contracts.

    :returns: KEPT or BROKEN by the name of the contract, and all that was printed.
    """
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--config", CONFIG, "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": "src", "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    printed = done.stdout + done.stderr
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", printed, re.MULTILINE)), printed
