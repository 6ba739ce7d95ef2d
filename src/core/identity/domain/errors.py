"""What identity refuses."""

from core.kernel.errors import Kind, SotyError


class AccountNotFound(SotyError):
    """There is no such account, or it is not for the eyes of the one who asks."""

    code = "identity.account_not_found"
    kind = Kind.NOT_FOUND


class SessionNotFound(SotyError):
    """There is no such session, or it is somebody else's."""

    code = "identity.session_not_found"
    kind = Kind.NOT_FOUND


class AddressNotFound(SotyError):
    """The person has no such address."""

    code = "identity.address_not_found"
    kind = Kind.NOT_FOUND


class TooManyAddresses(SotyError):
    """The person has ``max`` addresses already."""

    code = "identity.too_many_addresses"
    kind = Kind.CONFLICT


class CountryUnknown(SotyError):
    """``country`` is no code of ISO 3166-1."""

    code = "identity.country_unknown"
    kind = Kind.INVALID


class TimezoneUnknown(SotyError):
    """``timezone`` is no name of the IANA database."""

    code = "identity.timezone_unknown"
    kind = Kind.INVALID


class AvatarNotFound(SotyError):
    """There is no such picture."""

    code = "identity.avatar_not_found"
    kind = Kind.NOT_FOUND


class ProfileNotFound(SotyError):
    """There is no such profile, or the person does not show it."""

    code = "identity.profile_not_found"
    kind = Kind.NOT_FOUND


class NetworkUnknown(SotyError):
    """``network`` is neither an address nor a network."""

    code = "identity.network_unknown"
    kind = Kind.INVALID


class IpRuleNotFound(SotyError):
    """The person has no such rule."""

    code = "identity.ip_rule_not_found"
    kind = Kind.NOT_FOUND


class TooManyIpRules(SotyError):
    """The person has ``max`` rules already."""

    code = "identity.too_many_ip_rules"
    kind = Kind.CONFLICT


class WouldLockYouOut(SotyError):
    """The rules would shut out ``address``, from which the person calls."""

    code = "identity.would_lock_you_out"
    kind = Kind.CONFLICT


class RoleNotFound(SotyError):
    """There is no such role."""

    code = "identity.role_not_found"
    kind = Kind.NOT_FOUND


class RoleUnknown(SotyError):
    """There is no role of this name that could be given or taken."""

    code = "identity.role_unknown"


class RoleNameTaken(SotyError):
    """Another role has this name."""

    code = "identity.role_name_taken"
    kind = Kind.CONFLICT


class RoleBuiltIn(SotyError):
    """A role that is built in, which nobody changes."""

    code = "identity.role_built_in"
    kind = Kind.CONFLICT


class RoleInUse(SotyError):
    """A role that somebody still has; ``holders`` says how many."""

    code = "identity.role_in_use"
    kind = Kind.CONFLICT


class PermissionUnknown(SotyError):
    """No module declares these permissions."""

    code = "identity.permission_unknown"


class AboveSelf(SotyError):
    """It would reach above the one who asks: ``permissions`` are those that he lacks."""

    code = "identity.above_self"
    kind = Kind.FORBIDDEN


class LastOwner(SotyError):
    """Nobody would be left who may do everything."""

    code = "identity.last_owner"
    kind = Kind.CONFLICT


class NameTaken(SotyError):
    """An account has the address, the number or the username; told to staff alone."""

    code = "identity.name_taken"
    kind = Kind.CONFLICT


class NotToBeImpersonated(SotyError):
    """One's own account, or one that cannot be used."""

    code = "identity.not_to_be_impersonated"
    kind = Kind.CONFLICT
