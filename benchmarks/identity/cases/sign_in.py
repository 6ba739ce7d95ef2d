"""Sign-in by name and password, with Argon2 as it is by default, and with one that costs next to nothing."""

import itertools
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from benchmarks.cases import Bench, Case
from benchmarks.identity.people import CHEAP, USUAL, everybody, sign_in
from benchmarks.identity.rows import check, rehash
from benchmarks.identity.variants import CACHED, OURS, PEER
from benchmarks.served import COMPARED, Figures, Size, garbage_goals, side_by_side, speeds
from benchmarks.servers import Servers

SERVERS = (OURS, CACHED, PEER)
COSTS = {"sign-in": USUAL, "sign-in without Argon2": CHEAP}
RANDOM = ("session_id", "expires_at", "access_token", "refresh_token")
ABOUT = """`POST /api/v1/auth/login` of 2000 people, each time from another address, so that no limit is met. With
Argon2 all servers hash with 19 MiB and two passes in threads, and little else is measured; without, a hash of 8 KiB
and one pass shows the rest. Soty counts the attempt against three limits and takes two of them back, looks for a second
factor, allowed networks and a place that is new, and notes the sign-in in its log; `ours:cached` counts in Redis. The
peer reads the person, verifies, and writes session and token.
"""


def measure(bench: Bench[Servers], size: Size) -> None:
    """Let the same people sign in everywhere, into databases of their own."""
    people = everybody()
    for name, cost in COSTS.items():

        def round_of(cost: tuple[int, int] = cost) -> dict[str, Figures]:
            with ExitStack() as stack:
                urls = {each.name: stack.enter_context(bench.servers.database()) for each in SERVERS}
                for url in urls.values():
                    rehash(url, cost)
                variants = []
                for each in SERVERS:
                    told = map(sign_in, itertools.cycle(people), itertools.count(COMPARED))
                    variants.append(each.variant(bench.servers, urls[each.name], told, password=cost))
                bench.servers.checkpoint()
                compared = [sign_in(each, number) for number, each in enumerate(people[:COMPARED])]
                found = side_by_side(variants, size.seconds, compared, equal=_names)
                for each in SERVERS:
                    check(urls[each.name], each.schema, begun=found[each.name].sent)
            return {name: served.figures() for name, served in found.items()}

        found = bench.together(name, size.rounds, round_of)
        speed, by = speeds(found)
        for ours in (OURS, CACHED):
            what = f"{name}{', with Redis' * ours.redis}"
            bench.shown(f"{what} / FastAPI + ORM", speed[ours.name], speed[PEER.name], by=by)
    garbage_goals(bench, "sign-in", found["ours"])


def _names(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    assert all(answer[name] for name in RANDOM)
    return {**answer, **dict.fromkeys(RANDOM)}


CASE = Case(
    "sign-in",
    {"tiny": Size(1, 0.2), "smoke": Size(1, 0.4), "quick": Size(5, 1), "full": Size(9, 1.5)},
    measure,
    ABOUT,
)
