"""A real Apache Kafka of one broker on loopback, from the jars that Maven fetches once."""

import base64
import fcntl
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

HERE = Path(__file__).parent / "kafka_broker"
JARS = Path(__file__).parents[2] / "var" / "kafka-jars"
START_SECONDS, STOP_SECONDS = 60, 20
# The broker ends when its standard input does, so it never outlives the tests however they end.
LIFE = '"$@" & broker=$!; trap "" TERM; cat >/dev/null; kill $broker; wait $broker'


def missing() -> str | None:
    """Why a real broker cannot run here, with what to do about it; None when it can."""
    lacking = [program for program in ("java", "mvn") if shutil.which(program) is None]
    return f"{' and '.join(lacking)} not found: install Java 17 and Maven" if lacking else None


class RealKafka:
    """A broker that is its own controller; what it keeps survives ``stop`` and ``start``."""

    def __init__(self, folder: Path) -> None:
        """Format the storage.

        :param folder: where the broker keeps everything.
        """
        fetch_jars()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._port, control = free_ports(2)
        self.bootstrap = f"127.0.0.1:{self._port}"
        self._properties = folder / "broker.properties"
        self._properties.write_text(
            "process.roles=broker,controller\nnode.id=1\n"
            f"controller.quorum.voters=1@127.0.0.1:{control}\ncontroller.listener.names=CONTROLLER\n"
            f"listeners=PLAINTEXT://{self.bootstrap},CONTROLLER://127.0.0.1:{control}\n"
            f"advertised.listeners=PLAINTEXT://{self.bootstrap}\ninter.broker.listener.name=PLAINTEXT\n"
            f"log.dirs={folder}/data\noffsets.topic.replication.factor=1\noffsets.topic.num.partitions=3\n"
            "transaction.state.log.replication.factor=1\ntransaction.state.log.min.isr=1\n"
            "group.initial.rebalance.delay.ms=0\n"
        )
        cluster = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
        command = java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties))
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it listens."""
        with (self._folder / "broker.log").open("ab") as log:
            command = ["sh", "-c", LIFE, "sh", *java("kafka.Kafka", str(self._properties))]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not listens(self._port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "broker.log").read_text()[-2000:])
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop; what was acknowledged stays."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            process.wait(STOP_SECONDS)

    async def create_topic(self, name: str, partitions: int) -> None:
        """Make a topic."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(name, partitions, 1)])
        finally:
            await admin.close()


@pytest.fixture(scope="session")
def real_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealKafka]:
    """A broker for the whole run; take a topic name of your own."""
    if reason := missing():
        pytest.skip(reason)
    with RealKafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


def fetch_jars() -> None:
    """Have Maven copy the jars of the broker, once."""
    JARS.mkdir(parents=True, exist_ok=True)
    with (JARS / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = JARS / ".fetched"
        wanted = (HERE / "pom.xml").read_text()
        if done.exists() and done.read_text() == wanted:
            return
        command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        fetched = subprocess.run([*command, f"-DoutputDirectory={JARS}"], check=False, capture_output=True, text=True)
        if fetched.returncode:
            pytest.skip(f"Maven could not fetch Apache Kafka: {fetched.stdout[:300]}; mend its network or mirror")
        done.write_text(wanted)


def java(*arguments: str) -> list[str]:
    """A command that runs a class of the broker."""
    options = ["-Xmx400m", "-XX:TieredStopAtLevel=1", f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"]
    return ["java", *options, "-cp", f"{JARS}{os.sep}*", *arguments]


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def listens(port: int) -> bool:
    """Whether somebody listens on a port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
