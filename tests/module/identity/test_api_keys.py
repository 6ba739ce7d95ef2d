"""API keys: made, listed and revoked."""

from datetime import datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from core.identity.domain.api_keys import (
    MOST_KEYS,
    ApiKeyNotFound,
    ExpiryOutOfRange,
    ScopesNotHeld,
    TooManyApiKeys,
    read,
    written,
)
from core.kernel.actor import ANONYMOUS, PersonNeeded, ProofNeeded, system_actor
from core.kernel.errors import SotyError, Unauthenticated
from tests.support.persons import Persons


@pytest.fixture
def persons() -> Persons:
    """People over an empty store."""
    return Persons()


async def test_a_key_is_shown_once_and_kept_as_a_digest(persons: Persons) -> None:
    anna = await persons.person("a.read", "b.write")
    made = await persons.create_key(anna, "deploy", ["b.write", "a.read", "a.read"])
    assert made.key.startswith(f"soty_{made.view.prefix}_")
    assert made.view.scopes == ["a.read", "b.write"]
    kept = await persons.keys.by_prefix(made.view.prefix)
    secret = read(made.key)
    assert kept is not None
    assert secret is not None
    assert kept[0].digest == secret.digest
    shown = await persons.list_keys(anna)
    assert shown == [made.view]
    everything = repr((shown, kept, await persons.trail(anna), list(persons.store.committed.api_keys.items())))
    assert made.key.rpartition("_")[2] not in everything


async def test_nobody_makes_a_key_that_may_do_more_than_himself(persons: Persons) -> None:
    anna = await persons.person("a.read")
    with pytest.raises(ScopesNotHeld) as refused:
        await persons.create_key(anna, "", ["a.read", "b.write"])
    assert refused.value.params == {"scopes": ["b.write"]}


async def test_making_one_needs_a_proof(persons: Persons) -> None:
    anna = await persons.person()
    persons.clock.advance(601)
    by_key = replace(anna, session=None, proven_at=None)
    as_anna = replace(anna, proven_at=persons.clock.now(), impersonator=persons.ids.new())
    wanted: list[tuple[object, type[SotyError]]] = [
        (anna, ProofNeeded),
        (by_key, ProofNeeded),
        (as_anna, ProofNeeded),
        (ANONYMOUS, Unauthenticated),
        (system_actor("soty"), PersonNeeded),
    ]
    for actor, error in wanted:
        with pytest.raises(error):
            await persons.create_key(actor, "", [])  # type: ignore[arg-type]
    assert await persons.list_keys(anna) == []


async def test_a_key_may_end_by_itself_but_not_in_the_past(persons: Persons) -> None:
    anna = await persons.person()
    soon = persons.clock.now() + timedelta(seconds=1)
    assert (await persons.create_key(anna, "", [], soon)).view.expires_at == soon
    with pytest.raises(ExpiryOutOfRange):
        await persons.create_key(anna, "", [], persons.clock.now())
    far = datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-23)))
    with pytest.raises(ExpiryOutOfRange):
        await persons.create_key(anna, "", [], far)


async def test_there_is_an_end_to_them(persons: Persons) -> None:
    anna = await persons.person()
    for _ in range(MOST_KEYS):
        await persons.create_key(anna, "", [])
    with pytest.raises(TooManyApiKeys):
        await persons.create_key(anna, "", [])


async def test_only_the_owner_revokes_a_key(persons: Persons) -> None:
    anna, boris = await persons.person(), await persons.person()
    made = await persons.create_key(anna, "", [])
    for actor, key_id in ((boris, made.view.id), (anna, persons.ids.new())):
        with pytest.raises(ApiKeyNotFound):
            await persons.revoke_key(actor, key_id)
    await persons.revoke_key(anna, made.view.id)
    assert await persons.list_keys(anna) == []
    with pytest.raises(ApiKeyNotFound):
        await persons.revoke_key(anna, made.view.id)
    actions = [(entry.action, entry.details["prefix"], entry.origin.address) for entry in await persons.trail(anna)]
    assert actions == [
        ("identity.api_key.create", made.view.prefix, "192.0.2.1"),
        ("identity.api_key.revoke", made.view.prefix, "192.0.2.1"),
    ]


@pytest.mark.parametrize(
    "text", ["", "soty_", "soty_0123abcd_short", "SOTY_0123abcd_" + "a" * 43, "soty_0123abcd_" + "ю" * 43]
)
def test_what_is_no_key_is_not_read(text: str) -> None:
    assert read(text) is None


def test_a_key_of_url_characters_is_read(persons: Persons) -> None:
    key_id = persons.ids.new()
    secret = read(written(key_id, "_-" * 21 + "a"))
    assert secret is not None
    assert secret.prefix == key_id.hex[-8:]
