"""FastAPI with a model of pydantic."""

import json
import sys

import uvloop
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.serving import serve


class Alive(BaseModel):
    """The process answers."""

    status: str


app = FastAPI(openapi_url=None)


@app.get("/health/live")
async def live() -> Alive:
    """Answer."""
    return Alive(status="alive")


if __name__ == "__main__":
    uvloop.run(serve(app, **json.loads(sys.argv[1])))
