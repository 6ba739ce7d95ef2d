"""Keep-alive HTTP clients on one processor: plain sockets and epoll, so that the driver costs less than any server."""

import json
import select
import socket
import sys
import time
from collections.abc import Sequence

LARGEST = 65_536


def drive(port: int, paths: Sequence[str], connections: int, seconds: float, least: int = 0) -> dict[str, float]:
    """Ask in turn on every connection until the time is over; each next request goes out with an answer.

    :param least: requests that are sent even if it takes longer.
    :returns: requests, seconds, errors, and the latencies p50 and p99 in milliseconds.
    """
    requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for path in paths]
    poll = select.epoll()
    open_ones = {}
    for _ in range(connections):
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        open_ones[client.fileno()] = client
        poll.register(client, select.EPOLLIN)
    clock, size = time.perf_counter, len(requests)
    sent_at, number, errors = {}, 0, 0
    latencies: list[float] = []
    began = clock()
    for fileno, client in open_ones.items():
        client.sendall(requests[number % size])
        sent_at[fileno] = clock()
        number += 1
    now = began
    end = began + seconds
    while now < end or number < least:
        for fileno, _ in poll.poll(1.0):
            client = open_ones[fileno]
            answer = client.recv(LARGEST)
            while not is_whole(answer):
                more = client.recv(LARGEST)
                if not more:
                    raise RuntimeError(f"the server closed a connection after {answer[:200]!r}")
                answer += more
            now = clock()
            latencies.append(now - sent_at[fileno])
            if not answer.startswith(b"HTTP/1.1 200"):
                errors += 1
            client.send(requests[number % size])
            sent_at[fileno] = now
            number += 1
    for client in open_ones.values():
        client.close()
    latencies.sort()
    return {
        "requests": len(latencies),
        "seconds": now - began,
        "errors": errors,
        "p50": latencies[len(latencies) // 2] * 1e3,
        "p99": latencies[int(len(latencies) * 0.99)] * 1e3,
    }


def is_whole(answer: bytes) -> bool:
    """Whether head and body are there; every server measured here sends a content-length."""
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    start = answer.lower().find(b"content-length:", 0, head) + 15
    return start >= 15 and len(answer) - head - 4 >= int(answer[start : answer.find(b"\r", start)])


if __name__ == "__main__":
    print(json.dumps(drive(**json.loads(sys.argv[1]))), flush=True)
