"""What this build is."""

import subprocess
from functools import cache

from entrypoints.shared.settings import ROOT

RELEASE = "0.1.0"


@cache
def commit() -> str:
    """The commit that is checked out, ``unknown`` outside a checkout."""
    try:
        told = subprocess.run(
            ["git", "-C", ROOT, "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return told.stdout.strip() or "unknown"
