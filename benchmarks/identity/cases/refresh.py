"""Exchanges of refresh tokens, each durable when it is answered."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from benchmarks.cases import Bench, Case
from benchmarks.goals import within
from benchmarks.identity.people import Renewals, everybody, refresh
from benchmarks.identity.rows import check
from benchmarks.identity.variants import CACHED, OURS, PEER, Compared
from benchmarks.served import COMPARED, Figures, Size, garbage_goals, side_by_side, speeds
from benchmarks.servers import Servers

FLOOR, CONTROL = 2, 0.08
SERVERS = (OURS, CACHED, PEER, Compared("ours:again", "identity"))
TOKENS = ("access_token", "refresh_token")
ABOUT = """`POST /api/v1/auth/refresh` with the token that the answer before gave, for 1950 sessions in turn over 32
connections: the token is marked as used, its child is kept and the session renewed, in one transaction. The peer loads
token, session and person with one joined statement; it knows no race of two exchanges, no allowed networks, and no
child that can be made again.
"""


def measure(bench: Bench[Servers], size: Size) -> None:
    """Let every server exchange the same tokens, each in a database of its own."""
    people = everybody()
    compared = [refresh(each.refresh) for each in people[:COMPARED]]

    def round_of() -> dict[str, Figures]:
        with ExitStack() as stack:
            urls = {each.name: stack.enter_context(bench.servers.database()) for each in SERVERS}
            renewals = {each.name: Renewals(people[COMPARED:]) for each in SERVERS}
            variants = [
                each.variant(bench.servers, urls[each.name], told.requests(), hear=told.hear)
                for each, told in zip(SERVERS, renewals.values(), strict=True)
            ]
            bench.servers.checkpoint()
            found = side_by_side(variants, size.seconds, compared, equal=_without_tokens)
            for each in SERVERS:
                sent, held = found[each.name].sent, renewals[each.name].tokens
                check(urls[each.name], each.schema, exchanged=sent, held=held)
        return {name: served.figures() for name, served in found.items()}

    found = bench.together("refresh", size.rounds, round_of)
    speed, by = speeds(found)
    for ours in (OURS, CACHED):
        what = f"refresh{', with Redis' * ours.redis}"
        bench.at_least(f"{what} / FastAPI + ORM", speed[ours.name], speed[PEER.name], FLOOR, by=by)
    garbage_goals(bench, "refresh", found["ours"])
    bench.goals.append(within("control: refresh / the same again", speed["ours"], speed["ours:again"], CONTROL))


def _without_tokens(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    assert all(answer[name] for name in TOKENS)
    return {**answer, **dict.fromkeys(TOKENS)}


CASE = Case(
    "refresh",
    {"tiny": Size(1, 0.2), "smoke": Size(1, 0.4), "quick": Size(5, 1), "full": Size(9, 1.5)},
    measure,
    ABOUT,
)
