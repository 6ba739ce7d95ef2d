"""What every adapter promises about one-time codes."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from contracts.ports.people import LATER, PeopleSubject, PeopleSuite, person
from core.identity.codes import Codes
from core.identity.domain.code import Code, CodePurpose
from tests.support.events import T0

ANN, BOB = person(1), person(2)
VERIFY, RESET = CodePurpose.VERIFY_EMAIL, CodePurpose.RESET_PASSWORD


def code(n: int, **changes: Any) -> Code:
    """Code ``n``, of Ann's unless told otherwise."""
    known: dict[str, Any] = {"purpose": VERIFY, "target": "person1@example.com", "account_id": ANN.id}
    return Code(id=UUID(int=3 << 120 | n), created_at=T0, expires_at=LATER, **{**known, **changes})


class CodesSuite(PeopleSuite):
    """Codes put in the place of older ones, found by owner, target or link."""

    async def test_nothing(self, people: PeopleSubject) -> None:
        async with people.open_work() as work:
            codes: Codes = work.codes
            assert await codes.of_account(VERIFY, ANN.id) is None
            assert await codes.of_target(VERIFY, "person1@example.com") is None
            assert await codes.of_link(VERIFY, b"link") is None
            await codes.void(VERIFY, ANN.id)

    async def test_a_new_one_takes_the_place_of_the_old(self, people: PeopleSubject) -> None:
        await people.add(ANN, BOB)
        others = [
            code(1, purpose=RESET, secret_hash=b"s", link_hash=b"l", tries=3, bound_to="browser", used_at=LATER),
            code(2, account_id=BOB.id),
            code(3, account_id=None),
        ]
        async with people.open_work() as work:
            for each in [*others, code(4, link_hash=b"old"), code(5, link_hash=b"new")]:
                await work.codes.put(each)
        async with people.open_work() as work:
            assert await work.codes.of_account(VERIFY, ANN.id) == code(5, link_hash=b"new")
            assert await work.codes.of_link(VERIFY, b"old") is None
            assert await work.codes.of_link(VERIFY, b"new") == code(5, link_hash=b"new")
            assert await work.codes.of_link(RESET, b"new") is None
            assert await work.codes.of_account(RESET, ANN.id) == others[0]
            assert await work.codes.of_account(VERIFY, BOB.id) == others[1]
            assert await work.codes.of_target(VERIFY, "person1@example.com") == others[2]

    async def test_a_target_without_owner_has_one(self, people: PeopleSubject) -> None:
        async with people.open_work() as work:
            for each in (code(1, account_id=None), code(2, account_id=None, target="x"), code(3, account_id=None)):
                await work.codes.put(each)
        async with people.open_work() as work:
            assert await work.codes.of_target(VERIFY, "person1@example.com") == code(3, account_id=None)
            assert await work.codes.of_target(VERIFY, "x") == code(2, account_id=None, target="x")

    async def test_it_is_changed_and_voided(self, people: PeopleSubject) -> None:
        await people.add(ANN)
        async with people.open_work() as work:
            await work.codes.put(code(1, secret_hash=b"s"))
            await work.codes.put(code(2, purpose=RESET))
        tried = replace(code(1, secret_hash=b"s"), tries=1, used_at=LATER)
        async with people.open_work() as work:
            await work.codes.save(tried)
        async with people.open_work() as work:
            assert await work.codes.of_account(VERIFY, ANN.id) == tried
            await work.codes.void(VERIFY, ANN.id)
            assert await work.codes.of_account(VERIFY, ANN.id) is None
            assert await work.codes.of_account(RESET, ANN.id) == code(2, purpose=RESET)
