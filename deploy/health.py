"""Asks a process of this container whether it is ready: health.py http|consumer|scheduler. Exit 0 when it is."""

import os
import sys
from http.client import HTTPConnection

PORTS = {
    "http": ("SOTY_HTTP_PORT", 8000),
    "consumer": ("SOTY_CONSUMER_PORT", 8001),
    "scheduler": ("SOTY_SCHEDULER_PORT", 8002),
}
SECONDS = 4


def main(process: str) -> int:
    """Ask `/health/ready`.

    :param process: which process of Soty runs here.
    :returns: exit code, 0 for a ready process.
    """
    name, usual = PORTS[process]
    connection = HTTPConnection("127.0.0.1", int(os.environ.get(name) or usual), timeout=SECONDS)
    try:
        connection.request("GET", "/health/ready")
        return int(connection.getresponse().status != 200)
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
