"""What runs elsewhere fits the code that is here: image, compose file and workflow."""

import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import click
import pytest
import yaml

from entrypoints.cli.main import soty
from entrypoints.shared.settings_fields import fields
from entrypoints.shared.settings_reader import read
from entrypoints.shared.settings_rules import missing_brokers

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("soty:")}
PROCESSES = ("http", "consumer", "scheduler")
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
VARIABLE = re.compile(r"\$\{(\w+)(:[?-])([^}]*)\}")


def instructions(name: str) -> list[str]:
    """Arguments of every instruction of a kind in the Dockerfile."""
    return re.findall(rf"^{name} (.+)$", DOCKERFILE.replace("\\\n", " "), re.MULTILINE)


def environment(service: str) -> dict[str, str]:
    """The environment of a service with every variable filled in."""

    def filled(found: re.Match[str]) -> str:
        like = found[3].partition("such as ")[2]
        return found[3] if found[2] == ":-" else like or "0123456789abcdef" * 2

    return {name: VARIABLE.sub(filled, text) for name, text in SERVICES[service]["environment"].items()}


def texts(value: object) -> Iterator[str]:
    """Every text inside a value."""
    if isinstance(value, dict):
        yield from (text for item in value.values() for text in texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in texts(item))
    elif isinstance(value, str):
        yield value


def test_one_image_for_every_process() -> None:
    assert set(OURS) == {*PROCESSES, "migrate"}
    assert len({service["image"] for service in OURS.values()}) == 1
    assert {service["build"]["context"] for service in OURS.values()} == {".."}


@pytest.mark.parametrize("service", OURS)
def test_command_of_a_service_exists(service: str) -> None:
    words = list(SERVICES[service]["command"])
    command: click.Command | None = soty
    with click.Context(soty) as context:
        while words:
            assert isinstance(command, click.Group), words
            command = command.get_command(context, words.pop(0))
    assert isinstance(command, click.Command)
    assert not isinstance(command, click.Group)


@pytest.mark.parametrize("service", OURS)
def test_settings_of_a_service_are_known_and_enough(service: str) -> None:
    assert set(environment(service)) <= {field.name for field in fields()}
    settings = read(environment(service))
    assert settings.app.profile == "prod"
    assert settings.app.embedded == "never"
    assert settings.postgres.url is not None
    assert settings.security.api_key is not None
    assert service != "consumer" or not list(missing_brokers(settings))


def test_addresses_name_services_of_the_file() -> None:
    settings = read(environment("consumer"))
    assert settings.postgres.url is not None
    assert "@postgres:5432/soty" in settings.postgres.url.reveal()
    assert settings.kafka.bootstrap == "kafka:9092"
    assert settings.redis.url is not None
    assert settings.redis.url.reveal() == "redis://redis:6379/0"
    assert not any("redis" in service.get("depends_on", {}) for service in OURS.values())
    assert "PLAINTEXT://kafka:9092" in SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    assert [f"--topic={topic}" for topic in settings.kafka.topics] == [
        word for word in SERVICES["topics"]["command"] if word.startswith("--topic=")
    ]


def test_secrets_are_asked_for_and_never_written() -> None:
    example = (ROOT / "deploy/.env.example").read_text(encoding="utf-8")
    for name, mark, _ in (found for text in texts(COMPOSE) for found in VARIABLE.findall(text)):
        assert re.search(rf"^#?{name}=", example, re.MULTILINE), name
        assert (mark == ":?") == (re.search(rf"^{name}=$", example, re.MULTILINE) is not None), name
    for service in SERVICES.values():
        for name, text in service.get("environment", {}).items():
            assert not re.search("PASSWORD|KEY$|SECRET", name) or text.startswith("${"), name


@pytest.mark.parametrize("process", PROCESSES)
def test_process_starts_after_migrations_and_is_watched(process: str) -> None:
    service = SERVICES[process]
    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert service["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert service["healthcheck"]["test"][-1] == process
    assert float(service["stop_grace_period"].rstrip("s")) > read(environment(process)).app.shutdown_seconds


@pytest.mark.parametrize("service", SERVICES)
def test_dependencies_and_volumes_exist(service: str) -> None:
    wanted = SERVICES[service].get("depends_on", {})
    assert set(wanted) <= set(SERVICES)
    for name, how in wanted.items():
        assert how["condition"] != "service_healthy" or "test" in SERVICES[name]["healthcheck"]
    named = {volume.partition(":")[0] for volume in SERVICES[service].get("volumes", [])}
    assert {name for name in named if not name.startswith((".", "/"))} <= set(COMPOSE["volumes"])


def test_published_port_is_the_one_that_http_listens_on() -> None:
    settings = read(environment("http"))
    assert settings.http.host == "0.0.0.0"
    assert [port.rpartition(":")[2] for port in SERVICES["http"]["ports"]] == [str(settings.http.port)]


def test_image_is_built_from_files_that_exist() -> None:
    for words in instructions("COPY"):
        if not words.startswith("--from"):
            for name in words.split()[:-1]:
                assert (ROOT / name).exists(), name
                assert not ignored(name), name
    assert ignored("deploy/.env")
    assert ignored(".env")
    assert ignored(".git/config")


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path from the builder: the last rule that fits decides."""
    result = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        rule = line.strip()
        if rule and not rule.startswith("#") and (rule == "*" or fnmatch(path, rule.lstrip("!"))):
            result = not rule.startswith("!")
    return result


def test_image_installs_only_locked_bytes_and_drops_rights() -> None:
    assert all("--require-hashes" in line for line in instructions("RUN") if "pip install" in line)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9].*", lock, re.MULTILINE | re.IGNORECASE)
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "soty" in instructions("USER")
    assert len(instructions("FROM")) == 2
    assert not re.search(r"gcc|build-essential|apt-get", DOCKERFILE)


def run(*words: str | Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Run a Python program with nothing in its environment but what is given."""
    return subprocess.run([sys.executable, *words], check=False, env=settings, capture_output=True)


def test_image_starts_the_program() -> None:
    assert instructions("ENTRYPOINT") == ['["python", "-m", "entrypoints.cli.main"]']
    done = run("-m", "entrypoints.cli.main", "--help", PYTHONPATH=str(ROOT / "src"))
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} ".encode() in done.stdout for name in PROCESSES)


@pytest.mark.parametrize("status, code", [(200, 0), (503, 1)])
def test_health_program_asks_the_process(status: int, code: int) -> None:
    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/ready" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            pass

    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        Thread(target=server.handle_request, daemon=True).start()
        port = str(server.server_port)
        done = run(ROOT / "deploy/health.py", "http", SOTY_HTTP_PORT=port)
    assert done.returncode == code
    gone = run(ROOT / "deploy/health.py", "consumer", SOTY_CONSUMER_PORT=port)
    assert gone.returncode == 1


def test_workflow_runs_environments_that_tox_has() -> None:
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "tox.ini", encoding="utf-8")
    known = {name.strip() for name in re.split(r"[,\s]+", config["tox"]["env_list"]) if name.strip()}
    jobs = WORKFLOW["jobs"]["tox"]["strategy"]["matrix"]["include"]
    assert {job["env"] for job in jobs} == known
    assert {job["python"] for job in jobs} == {"3.11", "3.12", "3.13"}
