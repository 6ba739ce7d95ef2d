"""Who calls, by an access token and by a cookie."""

import itertools
from collections.abc import Callable

from benchmarks.cases import Bench, Case
from benchmarks.goals import within
from benchmarks.identity.people import PEOPLE, Person, everybody, me_by_bearer, me_by_cookie
from benchmarks.identity.variants import CACHED, OURS, PEER, Compared
from benchmarks.served import Figures, Size, garbage_goals, side_by_side, speeds
from benchmarks.servers import Servers

FLOOR, CONTROL = 2, 0.08
WAYS: dict[str, Callable[[Person], bytes]] = {"bearer": me_by_bearer, "cookie": me_by_cookie}
COMPARED = (OURS, CACHED, PEER, Compared("ours:again", "identity"))
ABOUT = """`GET /api/v1/auth/me` of 2000 people over 32 keep-alive connections. The peer decodes the token, loads
session, person and roles with one joined statement, and answers with them. `ours` reads session, account, rights and
allowed networks of every call in the database, and account and roles once more; `ours:cached` has Redis to keep what
is known of a session for 5 s, so each of its turns begins with one call of everybody that is not counted. All of
them refuse a session that was ended at the next call.
"""


def measure(bench: Bench[Servers], size: Size) -> None:
    """Ask every server for the same people."""
    url = bench.servers.keep("me")
    for way, request_of in WAYS.items():
        requests = [request_of(each) for each in everybody()]

        def round_of(requests: list[bytes] = requests) -> dict[str, Figures]:
            variants = [
                each.variant(bench.servers, url, itertools.cycle(requests), first=PEOPLE if each.redis else 0)
                for each in COMPARED
            ]
            found = side_by_side(variants, size.seconds, requests, PEOPLE)
            return {name: served.figures() for name, served in found.items()}

        found = bench.together(f"me by {way}", size.rounds, round_of)
        speed, by = speeds(found)
        for ours in (OURS, CACHED):
            what = f"me by {way}{', cached' * ours.redis}"
            bench.at_least(f"{what} / FastAPI + ORM", speed[ours.name], speed[PEER.name], FLOOR, by=by)
            garbage_goals(bench, what, found[ours.name])
        control = within(f"control: me by {way} / the same again", speed["ours"], speed["ours:again"], CONTROL)
        bench.goals.append(control)


CASE = Case(
    "me", {"tiny": Size(1, 0.2), "smoke": Size(1, 0.4), "quick": Size(5, 1), "full": Size(9, 1.5)}, measure, ABOUT
)
