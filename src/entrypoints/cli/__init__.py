"""The `soty` program."""

import time

STARTED = time.monotonic()
