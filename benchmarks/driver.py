"""Keep-alive HTTP clients on one processor: plain sockets and epoll, so that the driver costs less than any server."""

import json
import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

LARGEST = 65_536
KEY = "the-key-of-the-benchmarks"
KEYED = f"Authorization: Bearer {KEY}"
SILENCE = 10.0


class Told(msgspec.Struct):
    """What clients saw: answers, how many of them were no success, seconds, and the latency of each in seconds."""

    answers: int = 0
    errors: int = 0
    seconds: float = 0.0
    latencies: list[float] = []

    def add(self, other: "Told") -> None:
        """Put what was seen later to it."""
        self.answers += other.answers
        self.errors += other.errors
        self.seconds += other.seconds
        self.latencies += other.latencies

    def percentile(self, share: float) -> float:
        """A latency in milliseconds that this share of all did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3


def get(path: str, *headers: str) -> bytes:
    """A request that reads.

    :param headers: lines; the service key where there is none.
    """
    return _request(f"GET {path}", headers or (KEYED,))


def post(path: str, body: bytes, *headers: str) -> bytes:
    """A request that sends JSON.

    :param headers: lines; the service key where there is none.
    """
    told = "Content-Type: application/json", f"Content-Length: {len(body)}"
    return _request(f"POST {path}", (*(headers or (KEYED,)), *told)) + body


def drive(
    port: int,
    requests: Iterator[bytes],
    connections: int,
    seconds: float,
    least: int = 0,
    hear: Callable[[bytes], object] = len,
) -> Told:
    """Ask on every connection until the time is over, each next request with an answer, and wait for the last ones.

    :param requests: more of them than can be asked.
    :param least: requests that are sent even if it takes longer.
    :param hear: gets every answer before the next request is taken, which may depend on it.
    :raises RuntimeError: the server closed a connection or fell silent.
    """
    poll = select.epoll()
    waiting = {}
    for _ in range(connections):
        client = _connected(port)
        waiting[client.fileno()] = client
        poll.register(client, select.EPOLLIN)
    clock = time.perf_counter
    sent_at, sent, errors = {}, connections, 0
    latencies: list[float] = []
    began = now = clock()
    for fileno, client in waiting.items():
        client.sendall(next(requests))
        sent_at[fileno] = clock()
    end = began + seconds
    while waiting:
        ready = poll.poll(SILENCE)
        if not ready:
            raise RuntimeError("the server fell silent")
        for fileno, _ in ready:
            client = waiting[fileno]
            answer = _read(client)
            now = clock()
            latencies.append(now - sent_at[fileno])
            if not answer.startswith(b"HTTP/1.1 200"):
                errors += 1
            hear(answer)
            if now < end or sent < least:
                client.send(next(requests))
                sent_at[fileno] = now
                sent += 1
            else:
                poll.unregister(client)
                waiting.pop(fileno).close()
    poll.close()
    return Told(len(latencies), errors, now - began, latencies)


def answer_to(port: int, request: bytes) -> Any:
    """What a server answers to one request, as JSON.

    :raises AssertionError: it is no success.
    """
    with _connected(port) as client:
        client.sendall(request)
        answer = _read(client)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return json.loads(body_of(answer))


def body_of(answer: bytes) -> bytes:
    """What stands behind the head."""
    return answer.partition(b"\r\n\r\n")[2]


def is_whole(answer: bytes) -> bool:
    """Whether head and body are there; every server measured here sends a content-length."""
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    start = answer.lower().find(b"content-length:", 0, head) + 15
    return start >= 15 and len(answer) - head - 4 >= int(answer[start : answer.find(b"\r", start)])


def _request(line: str, headers: Iterable[str]) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: 127.0.0.1", *headers, "\r\n"]).encode()


def _connected(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), SILENCE)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def _read(client: socket.socket) -> bytes:
    answer = client.recv(LARGEST)
    while not is_whole(answer):
        more = client.recv(LARGEST)
        if not more:
            raise RuntimeError(f"the server closed a connection after {answer[:200]!r}")
        answer += more
    return answer
