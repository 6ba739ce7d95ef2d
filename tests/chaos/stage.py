"""Servers, the proxies before them, and the processes of Soty that reach them through these."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from adapters.embedded.kafka import MockBroker
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.valkey import EmbeddedValkey
from adapters.postgres.migrate import upgrade
from tests.chaos.processes import KEY, Part
from tests.support.kafka_cluster import KafkaCluster
from tests.support.proxy import Proxy
from tests.support.real_kafka import listens

TOPIC, FACTS, GROUP = "chaos.movements", "soty.events", "chaos"
PARTITIONS = 8
LASTING = (15_000, 30_000)


class Size(msgspec.Struct, frozen=True):
    """How large a run is; ``brokers`` 0 is the mock broker, which has no proxy and takes one consumer only.

    Consumers that are ``named`` come back as the same member of the group.
    """

    brokers: int = 1
    consumers: int = 2
    https: int = 1
    schedulers: int = 0
    named: bool = True


@dataclass
class Stage:
    """What a run plays on; ``url`` and ``inside`` reach the servers past the proxies."""

    folder: Path
    server: EmbeddedPostgres
    url: str
    postgres: Proxy
    cluster: KafkaCluster | None
    inside: str
    kafkas: list[Proxy]
    redis: Proxy
    valkey: EmbeddedValkey
    parts: list[Part]

    def of(self, command: str) -> list[Part]:
        """Processes of one kind."""
        return [part for part in self.parts if part.command == command]

    @property
    def proxies(self) -> dict[str, list[Proxy]]:
        """Links by the server behind them."""
        return {"postgres": [self.postgres], "redis": [self.redis]} | ({"kafka": self.kafkas} if self.kafkas else {})


@contextmanager
def staged(size: Size, logs: Path | None = None) -> Iterator[Stage]:
    """Start servers and proxies; the processes are ready to be started.

    :param logs: where what the processes wrote is kept after the end.
    """
    folder = Path(tempfile.mkdtemp(prefix="soty-chaos-"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = EmbeddedPostgres(folder / "postgres", options={"max_connections": "100"})
        stack.callback(server.stop)
        server.start()
        upgrade(server.url)
        postgres = stack.enter_context(Proxy(server.socket_dir / ".s.PGSQL.5432"))
        valkey = EmbeddedValkey()
        stack.callback(valkey.stop)
        valkey.start()
        redis = stack.enter_context(Proxy(socket_of(valkey)))
        cluster, inside, kafkas = _kafka(stack, folder, size.brokers)
        bootstrap = ",".join(proxy.address for proxy in kafkas) or inside
        environment = {
            "SOTY_PROFILE": "test",
            "SOTY_API_KEY": KEY,
            "SOTY_EMBEDDED": "never",
            "SOTY_DATA_DIR": str(folder),
            "SOTY_POSTGRES_URL": f"postgresql://soty@{postgres.address}/soty",
            "SOTY_KAFKA_BOOTSTRAP": bootstrap,
            "SOTY_KAFKA_TOPICS": TOPIC,
            "SOTY_KAFKA_GROUP": GROUP,
            "SOTY_REDIS_URL": f"redis://{redis.address}/0",
        }
        if size.schedulers:
            environment["SOTY_KAFKA_EVENTS_TOPIC"] = FACTS
        parts = _parts(size, folder, environment)
        stack.callback(_keep_logs, parts, logs)
        for part in parts:
            stack.callback(part.stop)
        yield Stage(folder, server, server.url, postgres, cluster, inside, kafkas, redis, valkey, parts)


def socket_of(valkey: EmbeddedValkey) -> Path:
    """Where a server listens."""
    return Path(valkey.url.removeprefix("unix://"))


def _keep_logs(parts: list[Part], logs: Path | None) -> None:
    if logs is None:
        return
    logs.mkdir(parents=True, exist_ok=True)
    for part in parts:
        if part.log.exists():
            shutil.copy(part.log, logs)


def _kafka(stack: ExitStack, folder: Path, brokers: int) -> tuple[KafkaCluster | None, str, list[Proxy]]:
    if not brokers:
        broker = stack.enter_context(MockBroker())
        broker.create_topic(TOPIC, PARTITIONS)
        return None, broker.bootstrap, []
    cluster = stack.enter_context(KafkaCluster(folder, brokers))
    kafkas = [stack.enter_context(Proxy(("127.0.0.1", door))) for door in cluster.doors]
    cluster.begin([proxy.port for proxy in kafkas])
    return cluster, cluster.inside, kafkas


def _lasting_ports(count: int) -> list[int]:
    """Free ports that the system gives to no outgoing connection, which would take one while its process is dead."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(*LASTING)
        if port not in found and not listens(port):
            found.append(port)
    return found


def _parts(size: Size, folder: Path, environment: dict[str, str]) -> list[Part]:
    wanted = {"http": size.https, "consumer": size.consumers, "scheduler": size.schedulers}
    names = [(command, f"{command}{n}") for command, count in wanted.items() for n in range(count)]
    parts = []
    for (command, name), port in zip(names, _lasting_ports(len(names)), strict=True):
        own = {f"SOTY_{command.upper()}_PORT": str(port)}
        if size.named and command == "consumer":
            own["SOTY_KAFKA_INSTANCE"] = name
        parts.append(Part(name, command, port, environment | own, folder / f"{name}.log"))
    return parts
