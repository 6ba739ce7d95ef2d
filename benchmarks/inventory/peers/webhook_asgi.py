"""The limit of a message by POST: an ASGI function, msgspec, and one statement that writes the rows of Soty."""

import json
import sys
from typing import Any

import msgspec
import uvloop

from benchmarks.inventory.peers.consumer_asyncpg import DECODER, TAKE, arguments
from benchmarks.serving import open_pool, serve

ENCODE = msgspec.json.Encoder().encode


async def main(url: str) -> None:
    """Serve until SIGTERM."""
    pool = await open_pool(url)

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        assert scope["path"] == "/api/v1/kafka/webhook"
        message = await receive()
        body = message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        envelope = DECODER.decode(body)
        async with pool.acquire() as connection:
            added, known = await connection.fetchrow(TAKE, *arguments(envelope))
        assert added or known
        told = ENCODE(
            {
                "status": "processed",
                "message_id": envelope.id,
                "movement_id": envelope.data.movement_id,
                "details": {"duplicate": not added},
            }
        )
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(told))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})

    await serve(app)
    await pool.close()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
