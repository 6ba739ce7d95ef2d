"""People and roles over HTTP, as the staff sees them."""

from typing import Any

from core.identity.usecases.add_person import AddPerson
from core.kernel.actor import system_actor
from entrypoints.shared.settings import Settings
from tests.support.http import Client, memory_settings, serving

PASSWORD = "a walrus plays the tuba"
USERS, ROLES = "/api/v1/users", "/api/v1/roles"
WAREHOUSES = "/api/v1/warehouse"


async def hired(client: Client, login: str, *roles: str) -> tuple[str, dict[str, str]]:
    """An account with roles: its id, and what it sends."""
    add = await client.container.get(AddPerson)
    person = await add(system_actor("tests"), login=login, password=PASSWORD, roles=roles)
    answer = await client.post("/api/v1/auth/login", {"login": login, "password": PASSWORD})
    return str(person.id), {"authorization": f"Bearer {answer.json()['access_token']}"}


async def patch(client: Client, path: str, body: Any, **headers: str) -> Any:
    """Change something."""
    return await client.http.patch(path, json=body, headers=headers)


async def test_a_role_holds_at_the_very_next_call() -> None:
    async with serving(memory_settings(), key=None) as client:
        _, olga = await hired(client, "olga@example.com", "owner")
        ann_id, ann = await hired(client, "ann@example.com")
        assert (await client.get(WAREHOUSES, **ann)).status_code == 403
        made = await client.post(ROLES, {"name": "clerk", "permissions": ["inventory.read"]}, **olga)
        role = made.json()
        assert (made.status_code, role["built_in"]) == (201, False)
        given = await patch(client, f"{USERS}/{ann_id}/roles", {"give": ["clerk"]}, **olga)
        assert given.json()["permissions"] == ["inventory.read"]
        assert (await client.get(WAREHOUSES, **ann)).status_code == 200
        await patch(client, f"{ROLES}/{role['id']}", {"permissions": []}, **olga)
        assert (await client.get(WAREHOUSES, **ann)).status_code == 403
        assert (await client.http.delete(f"{ROLES}/{role['id']}", headers=olga)).json()[
            "code"
        ] == "identity.role_in_use"
        await patch(client, f"{USERS}/{ann_id}/roles", {"take": ["clerk"]}, **olga)
        assert (await client.http.delete(f"{ROLES}/{role['id']}", headers=olga)).status_code == 204
        changes = (await client.get(f"{USERS}/{ann_id}/roles/changes", **olga)).json()["items"]
        assert [(each["role"], each["given"]) for each in changes] == [("clerk", False), ("clerk", True)]


async def test_staff_asks_somebody_to_move_to_another_address(empty_storage: Settings) -> None:
    async with serving(empty_storage, key=None) as client:
        _, olga = await hired(client, "olga@example.com", "owner")
        ann_id, ann = await hired(client, "ann@example.com")
        path = f"{USERS}/{ann_id}"
        wrong = await patch(client, path, {"email": "nonsense"}, **olga)
        assert (wrong.status_code, [each["field"] for each in wrong.json()["errors"]]) == (422, ["/email"])
        taken = await patch(client, path, {"email": "Olga@example.com"}, **olga)
        assert (taken.status_code, taken.json()["code"]) == (409, "identity.name_taken")
        assert (await patch(client, path, {"email": "new@example.org"}, **ann)).status_code == 403
        asked = await patch(client, path, {"email": "new@example.org"}, **olga)
        assert (asked.status_code, asked.json()["email"]) == (200, "ann@example.com")
        (told, *_) = (await client.get(f"{path}/activity", **olga)).json()["items"]
        assert told["details"] == {
            "fields": ["email"],
            "email": {"before": "a***@example.com", "after": "n***@example.org"},
        }


async def test_people_are_paged_by_number_too() -> None:
    async with serving(memory_settings(), key=None) as client:
        olga_id, olga = await hired(client, "olga@example.com", "owner")
        ids = [(await hired(client, f"p{number}@example.com"))[0] for number in range(2)]
        pages = [(await client.get(f"{USERS}?page={page}&page_size=2", **olga)).json() for page in (1, 2, 3)]
        assert [[each["id"] for each in page["items"]] for page in pages] == [[*reversed(ids)], [olga_id], []]
        assert [(page["page"], page["total"], page["next_cursor"]) for page in pages] == [
            (n, 3, None) for n in (1, 2, 3)
        ]
        cursor = (await client.get(f"{USERS}?limit=1", **olga)).json()["next_cursor"]
        both = await client.get(f"{USERS}?page=1&cursor={cursor}", **olga)
        assert (both.status_code, both.json()["code"]) == (422, "kernel.invalid_cursor")
        for wrong in ("page=-1", "page=x", "page_size=0", "page_size=201&page=1"):
            assert (await client.get(f"{USERS}?{wrong}", **olga)).status_code == 422


async def test_staff_finds_blocks_and_acts_as_people() -> None:
    async with serving(memory_settings(), key=None) as client:
        olga_id, olga = await hired(client, "olga@example.com", "owner")
        ann_id, ann = await hired(client, "ann@example.com")
        found = (await client.get(f"{USERS}?text=ann", **olga)).json()["items"]
        assert [person["id"] for person in found] == [ann_id]
        acting = (await client.post(f"{USERS}/{ann_id}/impersonate", {"reason": "to see"}, **olga)).json()
        as_ann = {"authorization": f"Bearer {acting['access_token']}"}
        assert (await client.get("/api/v1/auth/me", **as_ann)).json()["id"] == ann_id
        nested = await client.post(f"{USERS}/{olga_id}/impersonate", {"reason": "x"}, **as_ann)
        assert nested.status_code == 403
        blocked = await patch(client, f"{USERS}/{ann_id}/status", {"status": "blocked", "reason": "spam"}, **olga)
        assert blocked.json()["status"] == "blocked"
        for headers in (ann, as_ann):
            assert (await client.get("/api/v1/auth/me", **headers)).status_code == 401
        last = await patch(client, f"{USERS}/{olga_id}/status", {"status": "blocked"}, **olga)
        assert (last.status_code, last.json()["code"]) == (409, "identity.last_owner")
        acts = (await client.get(f"{USERS}/{ann_id}/activity", **olga)).json()["items"]
        assert [act["action"] or act["method"] for act in acts[:3]] == [
            "identity.status",
            "identity.impersonate",
            "impersonation",
        ]
        assert [(act["by"], act["actor"]) for act in acts[:3]] == [*[("staff", f"user:{olga_id}")] * 2, ("staff", None)]
        assert (await client.get(f"{USERS}/{ann_id}", **olga)).json()["blocked_reason"] == "spam"
