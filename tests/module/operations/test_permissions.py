"""No use case of operations works for an actor that may not use it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.kernel.actor import ANONYMOUS, Actor, ActorKind, system_actor
from core.kernel.errors import Forbidden
from core.operations.api import ChosenDeliveries
from core.operations.module import MODULE
from core.operations.permissions import ALL, DELIVERIES, READ
from core.operations.usecases.decide_deliveries import DropDeliveries, ReplayDeliveries
from core.operations.usecases.follow_facts import FollowFacts
from core.operations.usecases.read_deliveries import GetBacklog, GetDelivery, ListDeliveries
from core.operations.usecases.read_processes import ListProcesses
from tests.support.app import App

Call = Callable[[Any, Actor], Awaitable[object]]
ALL_OF_ONE = ChosenDeliveries(subscriber="one")
CALLS: list[tuple[type, str, Call]] = [
    (ListDeliveries, READ, lambda run, actor: run(actor)),
    (GetBacklog, READ, lambda run, actor: run(actor)),
    (ListProcesses, READ, lambda run, actor: run(actor)),
    (FollowFacts, READ, lambda run, actor: run(actor)),
    (ReplayDeliveries, DELIVERIES, lambda run, actor: run(actor, ALL_OF_ONE)),
    (DropDeliveries, DELIVERIES, lambda run, actor: run(actor, ALL_OF_ONE, note="no")),
]
FAILING: list[tuple[type, str, Call]] = [(GetDelivery, READ, lambda run, actor: run(actor, "one", 1))]


def holder(*permissions: str) -> Actor:
    return Actor(ActorKind.SERVICE, "somebody", frozenset(permissions))


def test_every_use_case_is_tried() -> None:
    assert {use_case for use_case, _, _ in [*CALLS, *FAILING]} == set(MODULE.use_cases)


@pytest.mark.parametrize("use_case,permission,call", [*CALLS, *FAILING])
async def test_others_are_refused(app: App, use_case: type, permission: str, call: Call) -> None:
    run: Any = await app.get(use_case)
    for actor in (ANONYMOUS, holder(*set(ALL) - {permission})):
        with pytest.raises(Forbidden) as refusal:
            await call(run, actor)
        assert refusal.value.params == {"permission": permission}


@pytest.mark.parametrize("use_case,permission,call", CALLS)
async def test_the_permission_is_enough(app: App, use_case: type, permission: str, call: Call) -> None:
    run: Any = await app.get(use_case)
    await call(run, holder(permission))
    await call(run, system_actor("scheduler"))
