"""A real Apache Kafka of one or three brokers, whose clients come through ports of the test's choice."""

import base64
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.support.real_kafka import LIFE, START_SECONDS, STOP_SECONDS, fetch_jars, free_ports, java, listens

INSIDE = "INSIDE"


class KafkaCluster:
    """Brokers that are their own controllers.

    Each has two doors: ``inside``, for the other brokers and for the harness, and an outer one that it advertises at
    the ``fronts``, so that proxies can stand before it.
    """

    def __init__(self, folder: Path, brokers: int) -> None:
        """Choose ports; nothing runs yet.

        :param folder: where the brokers keep everything.
        """
        fetch_jars()
        self._folder = folder
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        ports = free_ports(3 * brokers)
        self.doors, self._insides, self._controls = (ports[start::3] for start in range(3))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in list(self._processes):
            self.kill(number)

    def __enter__(self) -> Self:
        return self

    @property
    def inside(self) -> str:
        """Addresses for the harness, past the proxies."""
        return ",".join(f"127.0.0.1:{port}" for port in self._insides)

    def begin(self, fronts: Sequence[int]) -> None:
        """Format the storage and start all brokers.

        :param fronts: the port at which each broker tells clients to come.
        """
        cluster = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
        for number, front in enumerate(fronts):
            properties = self._folder / f"broker{number}.properties"
            properties.write_text(self._properties(number, front))
            command = java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties))
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for number in range(len(fronts)):
            self.launch(number)
        for number in range(len(fronts)):
            self.wait(number)

    def launch(self, number: int) -> None:
        """Start a broker that does not run."""
        with (self._folder / f"broker{number}.log").open("ab") as log:
            command = ["sh", "-c", LIFE, "sh", *java("kafka.Kafka", str(self._folder / f"broker{number}.properties"))]
            self._processes[number] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self, number: int) -> None:
        """Wait until a broker listens."""
        deadline = time.monotonic() + START_SECONDS
        while not listens(self.doors[number]):
            if self._processes[number].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / f"broker{number}.log").read_text()[-2000:])
            time.sleep(0.1)

    def kill(self, number: int) -> None:
        """End a broker by kill -9; what was acknowledged stays."""
        process = self._processes.pop(number)
        found = subprocess.run(["pgrep", "-P", str(process.pid), "java"], capture_output=True, text=True, check=False)
        subprocess.run(["kill", "-9", *found.stdout.split()], check=False, stderr=subprocess.DEVNULL)
        if process.stdin is not None:
            process.stdin.close()
        process.wait(STOP_SECONDS)

    async def create_topic(self, name: str, partitions: int) -> None:
        """Make a topic, on all brokers."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.inside)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(name, partitions, len(self.doors))])
        finally:
            await admin.close()

    def _properties(self, number: int, front: int) -> str:
        voters = ",".join(f"{each + 1}@127.0.0.1:{port}" for each, port in enumerate(self._controls))
        copies = len(self.doors)
        enough = max(1, copies - 1)
        door, inside, control = self.doors[number], self._insides[number], self._controls[number]
        return (
            f"process.roles=broker,controller\nnode.id={number + 1}\ncontroller.quorum.voters={voters}\n"
            f"listeners=PLAINTEXT://127.0.0.1:{door},{INSIDE}://127.0.0.1:{inside},CONTROLLER://127.0.0.1:{control}\n"
            f"advertised.listeners=PLAINTEXT://127.0.0.1:{front},{INSIDE}://127.0.0.1:{inside}\n"
            f"listener.security.protocol.map=PLAINTEXT:PLAINTEXT,{INSIDE}:PLAINTEXT,CONTROLLER:PLAINTEXT\n"
            f"controller.listener.names=CONTROLLER\ninter.broker.listener.name={INSIDE}\n"
            f"log.dirs={self._folder}/data{number}\nnum.partitions=8\ndefault.replication.factor={copies}\n"
            f"min.insync.replicas={enough}\noffsets.topic.replication.factor={copies}\n"
            f"offsets.topic.num.partitions=3\ntransaction.state.log.replication.factor={copies}\n"
            f"transaction.state.log.min.isr={enough}\ngroup.initial.rebalance.delay.ms=0\n"
        )
