"""No use case of operations works for an actor that may not use it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.kernel.actor import ANONYMOUS, Actor, ActorKind, system_actor
from core.kernel.errors import Forbidden
from core.operations.api import ChosenDeliveries
from core.operations.module import MODULE
from core.operations.permissions import ALL, DELIVERIES, READ
from tests.support.desk import Desk

Call = Callable[[Any, Actor], Awaitable[object]]
ALL_OF_ONE = ChosenDeliveries(subscriber="one")
CALLS: list[tuple[str, str, Call]] = [
    ("list", READ, lambda run, actor: run(actor)),
    ("backlog", READ, lambda run, actor: run(actor)),
    ("processes", READ, lambda run, actor: run(actor)),
    ("follow", READ, lambda run, actor: run(actor)),
    ("replay", DELIVERIES, lambda run, actor: run(actor, ALL_OF_ONE)),
    ("drop", DELIVERIES, lambda run, actor: run(actor, ALL_OF_ONE, note="no")),
]
FAILING: list[tuple[str, str, Call]] = [("get", READ, lambda run, actor: run(actor, "one", 1))]


def holder(*permissions: str) -> Actor:
    return Actor(ActorKind.SERVICE, "somebody", frozenset(permissions))


def test_every_use_case_is_tried(desk: Desk) -> None:
    assert {type(getattr(desk, name)) for name, _, _ in [*CALLS, *FAILING]} == set(MODULE.use_cases)


@pytest.mark.parametrize("name,permission,call", [*CALLS, *FAILING])
async def test_others_are_refused(desk: Desk, name: str, permission: str, call: Call) -> None:
    for actor in (ANONYMOUS, holder(*set(ALL) - {permission})):
        with pytest.raises(Forbidden) as refusal:
            await call(getattr(desk, name), actor)
        assert refusal.value.params == {"permission": permission}


@pytest.mark.parametrize("name,permission,call", CALLS)
async def test_the_permission_is_enough(desk: Desk, name: str, permission: str, call: Call) -> None:
    await call(getattr(desk, name), holder(permission))
    await call(getattr(desk, name), system_actor("scheduler"))
