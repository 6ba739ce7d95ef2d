"""Roles, what they allow, and who has them."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from core.identity.permissions import READ, ROLES
from core.identity.rights import AccountRoles, PermissionView, RoleChange, RoleName, RoleView
from core.identity.usecases.change_roles import ChangeRoles
from core.identity.usecases.make_roles import ChangeRole, MakeRole, RemoveRole
from core.identity.usecases.queries.roles import (
    GetAccountRoles,
    GetRole,
    ListPermissions,
    ListRoleChanges,
    ListRoles,
)
from core.kernel.paging import Page
from entrypoints.http.answer import Answer
from entrypoints.http.operation import Call, NoQuery, Operation, PageQuery

LIST = "/api/v1/roles"
ONE = LIST + "/{role_id}"
OF_ACCOUNT = "/api/v1/users/{user_id}/roles"
SECRET = [(b"cache-control", b"no-store")]
PROOF = ("kernel.person_needed", "kernel.proof_needed")
Names = Annotated[list[str], msgspec.Meta(max_length=50)]


class RoleList(msgspec.Struct, frozen=True):
    """All roles, those built in first."""

    items: list[RoleView]


class PermissionList(msgspec.Struct, frozen=True):
    """All permissions, by name."""

    items: list[PermissionView]


class RoleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role to make."""

    name: RoleName
    permissions: Annotated[list[str], msgspec.Meta(max_length=200)]


class RolePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be another; what is null or absent stays."""

    name: RoleName | None = None
    permissions: Annotated[list[str], msgspec.Meta(max_length=200)] | None = None


class RolesPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of roles that an account is given, and of those that are taken away."""

    give: Names = []
    take: Names = []


async def list_roles(roles: ListRoles, call: Call[NoQuery, None]) -> RoleList:
    """All roles."""
    return RoleList(await roles(call.actor))


async def read_role(get: GetRole, call: Call[NoQuery, None]) -> RoleView:
    """One role."""
    return await get(call.actor, call.ids["role_id"])


async def list_permissions(permissions: ListPermissions, call: Call[NoQuery, None]) -> PermissionList:
    """All permissions."""
    return PermissionList(await permissions(call.actor))


async def make_role(make: MakeRole, call: Call[NoQuery, RoleRequest]) -> RoleView:
    """Make one."""
    return await make(call.actor, name=call.body.name, permissions=call.body.permissions)


async def change_role(change: ChangeRole, call: Call[NoQuery, RolePatch]) -> RoleView:
    """Change one."""
    return await change(call.actor, call.ids["role_id"], name=call.body.name, permissions=call.body.permissions)


async def remove_role(remove: RemoveRole, call: Call[NoQuery, None]) -> Answer:
    """Remove one."""
    await remove(call.actor, call.ids["role_id"])
    return Answer(204, b"", SECRET)


async def read_account_roles(get: GetAccountRoles, call: Call[NoQuery, None]) -> AccountRoles:
    """What somebody has."""
    return await get(call.actor, call.ids["user_id"])


async def change_account_roles(change: ChangeRoles, call: Call[NoQuery, RolesPatch]) -> AccountRoles:
    """Give and take."""
    return await change(call.actor, call.ids["user_id"], give=call.body.give, take=call.body.take)


async def list_role_changes(changes: ListRoleChanges, call: Call[PageQuery, None]) -> Page[RoleChange]:
    """One page of how it came to be."""
    return await changes(call.actor, call.ids["user_id"], limit=call.query.limit, cursor=call.query.cursor)


PACKER = RoleView(UUID("01951930-0000-7000-8000-00000000000a"), "packer", ["inventory.read", "inventory.record"], False)
ACCOUNT = UUID("01951930-0000-7000-8000-00000000000b")
PACKING = AccountRoles(ACCOUNT, ["packer"], PACKER.permissions)
GIVEN = RoleChange(
    UUID("01951930-0000-7000-8000-00000000000c"),
    ACCOUNT,
    PACKER.id,
    "packer",
    True,
    "user:01951930-0000-7000-8000-00000000000d",
    datetime(2025, 2, 18, 12, 12, 56, tzinfo=UTC),
)

OPERATIONS = (
    Operation(
        method="GET",
        path=LIST,
        tag="roles",
        summary="List roles, those built in first",
        acts_on=ListRoles,
        act=list_roles,
        permission=READ,
        answer=RoleList,
        example=RoleList([PACKER]),
    ),
    Operation(
        method="POST",
        path=LIST,
        tag="roles",
        summary="Make a role out of permissions that you have",
        acts_on=MakeRole,
        act=make_role,
        permission=ROLES,
        status=201,
        answer=RoleView,
        example=PACKER,
        body=RoleRequest,
        body_example=RoleRequest("packer", PACKER.permissions),
        errors=(*PROOF, "identity.role_name_taken", "identity.permission_unknown", "identity.above_self"),
    ),
    Operation(
        method="GET",
        path=ONE,
        tag="roles",
        summary="Read a role",
        acts_on=GetRole,
        act=read_role,
        permission=READ,
        answer=RoleView,
        example=PACKER,
        errors=("identity.role_not_found",),
    ),
    Operation(
        method="PATCH",
        path=ONE,
        tag="roles",
        summary="Change a role; it holds at the next call of everybody who has it",
        acts_on=ChangeRole,
        act=change_role,
        permission=ROLES,
        answer=RoleView,
        example=PACKER,
        body=RolePatch,
        body_example=RolePatch(permissions=PACKER.permissions),
        errors=(
            *PROOF,
            "identity.role_not_found",
            "identity.role_built_in",
            "identity.role_name_taken",
            "identity.permission_unknown",
            "identity.above_self",
        ),
    ),
    Operation(
        method="DELETE",
        path=ONE,
        tag="roles",
        summary="Remove a role that nobody has",
        acts_on=RemoveRole,
        act=remove_role,
        permission=ROLES,
        status=204,
        answer=None,
        example=None,
        errors=(*PROOF, "identity.role_not_found", "identity.role_built_in", "identity.role_in_use"),
    ),
    Operation(
        method="GET",
        path="/api/v1/permissions",
        tag="roles",
        summary="List everything that somebody may be allowed to do",
        acts_on=ListPermissions,
        act=list_permissions,
        permission=READ,
        answer=PermissionList,
        example=PermissionList([PermissionView("inventory.read", "inventory")]),
    ),
    Operation(
        method="GET",
        path=OF_ACCOUNT,
        tag="users",
        summary="Read the roles of an account, and what they allow together",
        acts_on=GetAccountRoles,
        act=read_account_roles,
        permission=READ,
        answer=AccountRoles,
        example=PACKING,
        errors=("identity.account_not_found",),
    ),
    Operation(
        method="PATCH",
        path=OF_ACCOUNT,
        tag="users",
        summary="Give an account roles and take others away; it holds at its next call",
        acts_on=ChangeRoles,
        act=change_account_roles,
        permission=ROLES,
        answer=AccountRoles,
        example=PACKING,
        body=RolesPatch,
        body_example=RolesPatch(give=["packer"]),
        errors=(
            *PROOF,
            "identity.account_not_found",
            "identity.role_unknown",
            "identity.above_self",
            "identity.last_owner",
        ),
    ),
    Operation(
        method="GET",
        path=OF_ACCOUNT + "/changes",
        tag="users",
        summary="List how the roles of an account came to be, the last change first",
        acts_on=ListRoleChanges,
        act=list_role_changes,
        permission=READ,
        query=PageQuery,
        answer=Page[RoleChange],
        example=Page([GIVEN]),
        errors=("identity.account_not_found", "kernel.invalid_cursor"),
    ),
)
