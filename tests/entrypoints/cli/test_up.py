"""`soty up`: serves, is alone on its data, stops clean, survives kill -9."""

import signal
import socket
import time
import urllib.request
from pathlib import Path

import msgspec

from adapters.embedded.data_directory import Postmaster, postmaster
from tests.support.program import Program

STOP_SECONDS = 20.0


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        read: bytes = answer.read()
        return read


def gone(server: Postmaster | None) -> bool:
    assert server is not None
    left = (Path(f"/proc/{server.pid}"), server.socket_dir)
    deadline = time.monotonic() + STOP_SECONDS
    while any(path.exists() for path in left) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(path.exists() for path in left)


def test_one_life(program: Program, data_dir: Path) -> None:
    with program.up() as (process, run):
        server = postmaster(data_dir / "postgres")
        assert get(f"{run.urls['http']}/health/ready")
        assert get(f"{run.urls['consumer']}/health/ready")

        second = program.run("up")
        assert second.returncode == 1
        assert f"already runs on {data_dir} (pid {process.pid}, {run.urls['http']})" in second.stderr

        status = msgspec.json.decode(program.run("db", "status", "--json").stdout)
        assert {row["module"] for row in status} == {"identity", "inventory", "kernel"}
        assert all(row["current"] == row["head"] for row in status)

        sent = program.run("events", "publish", "--json", text='{"data": {"movement_id": "m"}}\n{"data": 1}\n')
        places = [msgspec.json.decode(line) for line in sent.stdout.splitlines()]
        assert [place["topic"] for place in places] == ["ru.retail.warehouses"] * 2
        assert program.run("events", "publish", "--raw", text="\x00 no json").returncode == 0
        assert program.run("doctor").returncode == 0

        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=10)
        assert time.monotonic() - started < STOP_SECONDS
        assert process.returncode == 0
        assert told.index("/docs") < told.index("Ready in")
        assert f"export SOTY_API_KEY=$(cat {data_dir}/key)" in told
    assert gone(server)
    assert not (data_dir / "run.json").exists()


def test_kill_9_leaves_nothing_running_and_the_next_start_works(program: Program, data_dir: Path) -> None:
    with program.up() as (process, _):
        server = postmaster(data_dir / "postgres")
        process.kill()
        process.wait()
    assert gone(server)
    assert (data_dir / "run.json").exists()
    with program.up("--only", "http") as (process, run):
        assert set(run.urls) == {"http"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_busy_port_moves_in_dev_and_says_so(program: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with program.up("--without", "consumer", "--ephemeral", "--port", str(port)) as (process, run):
            assert run.ports["http"] > port
            process.send_signal(signal.SIGINT)
            told, _ = process.communicate(timeout=10)
    assert f"port {port} is busy: http takes {run.ports['http']}" in told
    assert not (program.data_dir / "postgres").exists()


def test_the_memory_profile_needs_no_server(data_dir: Path) -> None:
    program = Program(data_dir, SOTY_PROFILE="memory")
    with program.up() as (process, run):
        assert run.postgres is None
        assert run.kafka is None
        assert get(f"{run.urls['http']}/health/ready")
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=STOP_SECONDS)
    assert "  Owner      export SOTY_OWNER_EMAIL=you@example.com SOTY_OWNER_PASSWORD=" in told
