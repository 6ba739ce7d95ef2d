"""G7: one message by POST, answered when it is durable."""

import itertools
from contextlib import ExitStack

from benchmarks.cases import Bench, Case
from benchmarks.inventory.webhook import Sender
from benchmarks.served import COMPARED, Figures, Size, Variant, garbage_goals, side_by_side, speeds
from benchmarks.servers import Servers

MODULES = {
    "ours": "benchmarks.http_ours",
    "bare_asgi": "benchmarks.inventory.peers.webhook_asgi",
    "fastapi": "benchmarks.inventory.peers.webhook_fastapi",
}
ABOUT = """`POST /api/v1/kafka/webhook` with a message of 560 bytes, answered when its rows are durable. The peers write
the same rows with one statement a message, the one of the careful consumer above.
"""


def measure(bench: Bench[Servers], size: Size) -> None:
    """Send every server the same messages."""

    def round_of() -> dict[str, Figures]:
        with ExitStack() as stack:
            urls = {name: stack.enter_context(bench.servers.database()) for name in MODULES}
            senders = {name: Sender() for name in MODULES}
            requests = {name: sender.requests() for name, sender in senders.items()}
            compared = list(itertools.islice(Sender().requests(), COMPARED))
            for each in requests.values():
                next(itertools.islice(each, COMPARED - 1, None))
            variants = [Variant(n, module, {"url": urls[n]}, requests[n]) for n, module in MODULES.items()]
            bench.servers.checkpoint()
            found = side_by_side(variants, size.seconds, compared)
            for name, served in found.items():
                senders[name].check(urls[name], name, served.sent)
        return {name: served.figures() for name, served in found.items()}

    found = bench.together("webhook", size.rounds, round_of)
    speed, by = speeds(found)
    bench.at_least("G7 message by POST / FastAPI + asyncpg, the same rows", speed["ours"], speed["fastapi"], 1.4, by=by)
    bench.at_least("G7 message by POST / bare ASGI, the same rows", speed["ours"], speed["bare_asgi"], 0.32, by=by)
    garbage_goals(bench, "message by POST", found["ours"])


CASE = Case(
    "webhook", {"tiny": Size(1, 0.2), "smoke": Size(1, 0.4), "quick": Size(7, 1), "full": Size(9, 1.5)}, measure, ABOUT
)
