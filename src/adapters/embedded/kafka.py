"""librdkafka's mock Kafka cluster inside this process: for development and tests, nothing is kept.

It serves one consumer per group well, and drops the head of a full partition without a word.
"""

import ctypes
from collections.abc import Iterable
from ctypes import POINTER, c_char_p, c_int, c_int16, c_int32, c_size_t, c_void_p
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from adapters.embedded.errors import EmbeddedError

PRODUCER = 0
ERROR_SIZE = 512
SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "rd_kafka_conf_new": (c_void_p, []),
    "rd_kafka_conf_set": (c_int, [c_void_p, c_char_p, c_char_p, c_char_p, c_size_t]),
    "rd_kafka_new": (c_void_p, [c_int, c_void_p, c_char_p, c_size_t]),
    "rd_kafka_destroy": (None, [c_void_p]),
    "rd_kafka_mock_cluster_new": (c_void_p, [c_void_p, c_int]),
    "rd_kafka_mock_cluster_destroy": (None, [c_void_p]),
    "rd_kafka_mock_cluster_bootstraps": (c_char_p, [c_void_p]),
    "rd_kafka_mock_topic_create": (c_int, [c_void_p, c_char_p, c_int, c_int]),
    "rd_kafka_mock_broker_set_down": (c_int, [c_void_p, c_int32]),
    "rd_kafka_mock_broker_set_up": (c_int, [c_void_p, c_int32]),
    "rd_kafka_mock_broker_set_rtt": (c_int, [c_void_p, c_int32, c_int]),
    "rd_kafka_mock_push_request_errors_array": (None, [c_void_p, c_int16, c_size_t, POINTER(c_int)]),
    "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, [c_void_p, c_int32]),
}


class MockBroker:
    """A one-node mock cluster on a free loopback port; its threads are librdkafka's own."""

    def __init__(self) -> None:
        """Start the cluster.

        :raises EmbeddedError: when the packaged librdkafka is missing or refuses.
        """
        self._library = _library()
        error = ctypes.create_string_buffer(ERROR_SIZE)
        configuration = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(configuration, b"log_level", b"2", error, ERROR_SIZE)
        self._client = self._library.rd_kafka_new(PRODUCER, configuration, error, ERROR_SIZE)
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._client, 1) if self._client else None
        if not self._cluster:
            raise EmbeddedError(f"the mock Kafka broker did not start: {error.value!r}", "librdkafka", _FIX)
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)
        self.bootstrap: str = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def create_topic(self, name: str, partitions: int = 8) -> None:
        """Make a topic.

        :param name: its name.
        :param partitions: how many partitions it has.
        :raises EmbeddedError: when the cluster refuses.
        """
        code = self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1)
        if code:
            raise EmbeddedError(f"the mock broker refused a topic (code {code})", name, "choose another topic name")

    def push_errors(self, api_key: int, codes: Iterable[int]) -> None:
        """Answer the next requests of one kind with errors.

        :param api_key: number of the request in the Kafka protocol.
        :param codes: Kafka error codes, one for each next request.
        """
        errors = list(codes)
        array = (c_int * len(errors))(*errors)
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, api_key, len(errors), array)

    def set_down(self, *, down: bool) -> None:
        """Cut or restore all connections.

        :param down: whether the broker is away.
        """
        change = self._library.rd_kafka_mock_broker_set_down if down else self._library.rd_kafka_mock_broker_set_up
        change(self._cluster, 1)

    def set_delay(self, milliseconds: int) -> None:
        """Slow every answer.

        :param milliseconds: round-trip time to add.
        """
        self._library.rd_kafka_mock_broker_set_rtt(self._cluster, 1, milliseconds)

    def close(self) -> None:
        """End the cluster and forget everything."""
        if self._cluster:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
            self._library.rd_kafka_destroy(self._client)
            self._cluster = None


_FIX = "install the packages again: rm -r .venv; ./soty version"


def _library() -> ctypes.CDLL:
    spec = find_spec("confluent_kafka")
    root = Path(spec.origin).parent.parent if spec and spec.origin else Path()
    found = [
        *root.glob("confluent_kafka.libs/librdkafka-*.so*"),
        *root.glob("confluent_kafka/.dylibs/librdkafka*.dylib"),
    ]
    if not found:
        raise EmbeddedError("librdkafka was not found", "package confluent-kafka", _FIX)
    library = ctypes.CDLL(str(found[0]))
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
