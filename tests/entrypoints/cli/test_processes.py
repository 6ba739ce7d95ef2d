"""One process in prod: on the addresses it is given, and a second signal ends it at once."""

import signal
import socket
from pathlib import Path

from tests.support.program import Program

PROD = {
    "SOTY_PROFILE": "prod",
    "SOTY_SECRET": "the-root-of-all-keys-of-the-tests",
    "SOTY_PUBLIC_URL": "https://soty.example.org",
    "SOTY_SMTP_URL": "maildir:",
    "SOTY_API_KEY": "0123456789abcdef",
}


def test_http_in_prod_serves_until_told_to_stop(data_dir: Path, postgres_url: str) -> None:
    program = Program(data_dir, SOTY_POSTGRES_URL=postgres_url, **PROD)
    process = program.start("http", "--host", "127.0.0.1")
    assert process.stdout is not None
    assert "http http://127.0.0.1:" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert [path.name for path in data_dir.iterdir()] == ["files"]


def test_a_busy_port_in_prod_is_an_error(data_dir: Path, postgres_url: str) -> None:
    program = Program(data_dir, SOTY_POSTGRES_URL=postgres_url, **PROD)
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        done = program.run("http", "--host", "127.0.0.1", "--port", str(port))
    assert done.returncode == 1
    assert f"port {port} is busy" in done.stderr


def test_a_consumer_in_prod_wants_brokers(data_dir: Path, postgres_url: str) -> None:
    program = Program(data_dir, SOTY_POSTGRES_URL=postgres_url, **PROD)
    done = program.run("consumer")
    assert done.returncode == 3
    assert "SOTY_KAFKA_BOOTSTRAP is not set" in done.stderr
