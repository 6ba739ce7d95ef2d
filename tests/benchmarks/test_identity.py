"""What the benchmarks of identity go by: rows that are wrong are seen, and answers lead to requests."""

import asyncio

import click
import msgspec
import pytest

from benchmarks.__main__ import measure
from benchmarks.driver import body_of
from benchmarks.identity.people import PEOPLE, Renewals, everybody, fill, refresh, sign_in
from benchmarks.identity.rows import check
from benchmarks.servers import connected

HELD = [each.refresh for each in everybody()]
TOKENS = "{0}.refresh_token"
HARMS = {
    "a token is missing": f"DELETE FROM {TOKENS} WHERE session_id = (SELECT min(session_id::text)::uuid FROM {TOKENS})",
    "a session has no good token": f"UPDATE {TOKENS} SET used_at = now()",
    "a session ended": "UPDATE {0}.session SET ended_at = now() {1}",
    "clients hold other tokens": f"UPDATE {TOKENS} SET hash = sha256(hash)",
}
REASONS = {"identity": ", end_reason = 'logout'", "peer": ""}


@pytest.mark.parametrize("schema", REASONS)
def test_rows_are_held_against_the_answers(fresh_postgres_url: str, schema: str) -> None:
    asyncio.run(fill(fresh_postgres_url))
    check(fresh_postgres_url, schema, held=HELD)
    for exchanged, begun in ((1, 0), (0, 1)):
        with pytest.raises(AssertionError):
            check(fresh_postgres_url, schema, exchanged=exchanged, begun=begun)


@pytest.mark.parametrize("schema", REASONS)
@pytest.mark.parametrize("harm", HARMS)
def test_rows_that_are_wrong_are_seen(fresh_postgres_url: str, schema: str, harm: str) -> None:
    asyncio.run(_fill_and_do(fresh_postgres_url, HARMS[harm].format(schema, REASONS[schema])))
    with pytest.raises(AssertionError):
        check(fresh_postgres_url, schema, held=HELD)


async def _fill_and_do(url: str, statement: str) -> None:
    await fill(url)
    async with connected(url) as connection:
        await connection.execute(statement)


def test_an_exchange_is_of_the_token_of_the_answer_before() -> None:
    renewals = Renewals(everybody()[:1])
    requests = renewals.requests()
    assert next(requests) == refresh(everybody()[0].refresh)
    renewals.hear(b'HTTP/1.1 200 OK\r\n\r\n{"refresh_token":"child"}')
    assert msgspec.json.decode(body_of(next(requests))) == {"refresh_token": "child"}


def test_nobody_signs_in_twice_from_one_place() -> None:
    asked = [sign_in(each, number) for number, each in enumerate(everybody())]
    places = {each.partition(b"X-Forwarded-For: ")[2].partition(b"\r\n")[0] for each in asked}
    assert len(places) == PEOPLE


def test_a_case_that_an_area_does_not_have_is_told() -> None:
    with pytest.raises(click.BadParameter, match="webhook: identity has budgets, me, refresh, sign-in"):
        measure("identity", "tiny", ["webhook"])
