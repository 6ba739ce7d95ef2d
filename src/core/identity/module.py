"""The manifest of identity."""

from core.identity import secrets
from core.identity.domain import api_keys, errors, telegram, totp
from core.identity.usecases.keep_addresses import AddAddress, ChangeAddress, ChooseDefaultAddress, RemoveAddress
from core.identity.usecases.keep_avatar import RemoveAvatar, SeeAvatar, SetAvatar, SweepAvatars
from core.identity.usecases.keep_networks import AllowNetwork, ForgetNetwork
from core.identity.usecases.keep_profile import ChangeProfile
from core.identity.usecases.queries.addresses import GetAddress, ListAddresses
from core.identity.usecases.queries.networks import CheckNetwork, ListNetworks
from core.identity.usecases.queries.profiles import GetProfile, SeeProfile
from core.kernel.manifest import Module, Sweep

MODULE = Module(
    name="identity",
    summary="People: accounts, the ways to prove who one is, sessions and what they may do.",
    use_cases=(
        GetProfile,
        SeeProfile,
        ChangeProfile,
        SetAvatar,
        RemoveAvatar,
        SeeAvatar,
        SweepAvatars,
        ListAddresses,
        GetAddress,
        AddAddress,
        ChangeAddress,
        ChooseDefaultAddress,
        RemoveAddress,
        ListNetworks,
        CheckNetwork,
        AllowNetwork,
        ForgetNetwork,
    ),
    errors=(
        errors.AccountNotFound,
        errors.SessionNotFound,
        secrets.BadToken,
        api_keys.ApiKeyNotFound,
        api_keys.TooManyApiKeys,
        api_keys.ScopesNotHeld,
        api_keys.ExpiryPassed,
        totp.SecondFactorWrong,
        totp.SecondFactorOn,
        totp.SecondFactorOff,
        telegram.TelegramUnset,
        telegram.TelegramRefused,
        telegram.TelegramNotLinked,
        telegram.TelegramLinkedElsewhere,
        telegram.TelegramTokenInvalid,
        errors.AddressNotFound,
        errors.TooManyAddresses,
        errors.CountryUnknown,
        errors.TimezoneUnknown,
        errors.AvatarNotFound,
        errors.ProfileNotFound,
        errors.NetworkUnknown,
        errors.IpRuleNotFound,
        errors.TooManyIpRules,
        errors.WouldLockYouOut,
    ),
    sweeps=(Sweep(use_case=SweepAvatars, seconds=3600),),
)
