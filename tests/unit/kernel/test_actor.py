"""Who may do what."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from core.kernel.actor import ANONYMOUS, FRESH, Actor, ActorKind, PersonNeeded, ProofNeeded, system_actor
from core.kernel.errors import Unauthenticated

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ANN = Actor(ActorKind.USER, "user:1", account=UUID(int=1), session=UUID(int=2), proven_at=NOW)


def test_a_person_has_an_account() -> None:
    assert ANN.person() == UUID(int=1)


def test_nobody_is_no_person() -> None:
    with pytest.raises(Unauthenticated):
        ANONYMOUS.person()


@pytest.mark.parametrize("actor", [system_actor("consumer"), Actor(ActorKind.SERVICE, "api-key")])
def test_a_service_is_no_person(actor: Actor) -> None:
    with pytest.raises(PersonNeeded):
        actor.person()


def test_a_proof_holds_for_ten_minutes() -> None:
    assert ANN.require_proof(NOW + FRESH) == UUID(int=1)
    with pytest.raises(ProofNeeded):
        ANN.require_proof(NOW + FRESH + timedelta(microseconds=1))


@pytest.mark.parametrize("actor", [replace(ANN, proven_at=None), replace(ANN, impersonator=UUID(int=3))])
def test_what_is_sensitive_needs_a_proof_of_ones_own(actor: Actor) -> None:
    with pytest.raises(ProofNeeded):
        actor.require_proof(NOW)
