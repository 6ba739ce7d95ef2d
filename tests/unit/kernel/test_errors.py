"""Errors, actors and permissions."""

import pytest

from core.kernel.actor import ANONYMOUS, Actor, ActorKind, system_actor
from core.kernel.errors import Contended, Forbidden, Kind, SotyError, Unavailable


def test_an_error_tells_its_code_and_parameters() -> None:
    error = Forbidden(permission="a.read")
    assert (error.code, error.kind, error.params) == ("kernel.forbidden", Kind.FORBIDDEN, {"permission": "a.read"})
    assert str(error) == "kernel.forbidden(permission='a.read')"
    assert isinstance(error, SotyError)


def test_contention_is_a_kind_of_unavailability() -> None:
    assert issubclass(Contended, Unavailable)
    assert Contended.kind is Kind.UNAVAILABLE


def test_an_actor_may_do_what_it_has_the_permission_for() -> None:
    actor = Actor(ActorKind.SERVICE, "s", frozenset({"a.read"}))
    actor.require("a.read")
    for other in ("a.write", "a", "", "A.READ"):
        with pytest.raises(Forbidden) as caught:
            actor.require(other)
        assert caught.value.params == {"permission": other}


def test_the_system_may_do_everything_and_nobody_nothing() -> None:
    system_actor("consumer").require("anything")
    assert system_actor("consumer").kind is ActorKind.SYSTEM
    with pytest.raises(Forbidden):
        ANONYMOUS.require("anything")
