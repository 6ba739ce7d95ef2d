"""What identity goes by in every process."""

from dishka import Provider, Scope

from core.identity.api import IdentityRules, Registration
from core.identity.grants import Grants, RoleGrants
from core.identity.rights import Rights
from core.identity.traces import LastSeen
from entrypoints.shared.modules import MODULES
from entrypoints.shared.settings import Settings


def people(settings: Settings) -> list[Provider]:
    """Providers of the rules of identity, of the roles that are built in, and of what the roles of accounts allow.

    :param settings: of the process; texts to phones are shown in development, and nothing sends them otherwise.
    """
    rules = IdentityRules(
        registration=Registration(settings.identity.registration),
        texts=settings.app.profile != "prod",
        staff_second_factor=settings.identity.staff_mfa == "required",
    )
    rights = Rights(permission for module in MODULES for permission in module.permissions)
    given = Provider(scope=Scope.APP)
    given.provide(lambda: rules, provides=IdentityRules)
    given.provide(lambda: rights, provides=Rights)
    given.provide(LastSeen)
    given.provide(RoleGrants, provides=Grants)
    return [given]
