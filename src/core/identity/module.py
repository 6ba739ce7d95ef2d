"""The manifest of identity."""

from core.identity import permissions, secrets
from core.identity.domain import api_keys, errors, refusals, telegram, totp
from core.identity.events import AccountPurged, ResetAsked, SessionsStale, SignInCodeAsked, VerificationAsked
from core.identity.usecases.accept_password import AcceptPassword
from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.ask_for_letter import AskForLetter, SendAskedLetter
from core.identity.usecases.begin_session import BeginSession
from core.identity.usecases.change_email import AskEmailChange, ConfirmEmailChange, UndoEmailChange
from core.identity.usecases.change_password import ChangePassword
from core.identity.usecases.change_person import ChangePerson
from core.identity.usecases.change_roles import ChangeRoles
from core.identity.usecases.clear_networks import ClearNetworks
from core.identity.usecases.complete_sign_in import CompleteSignIn
from core.identity.usecases.delete_account import DeleteAccount, PurgeAccounts, UndoDeletion
from core.identity.usecases.end_sessions import RevokeSessions, SignOut
from core.identity.usecases.find_authority import FindAuthority
from core.identity.usecases.forget_person import ForgetPerson
from core.identity.usecases.forget_sessions import ForgetSessions
from core.identity.usecases.identify_by_key import IdentifyByKey
from core.identity.usecases.identify_person import IdentifyPerson
from core.identity.usecases.impersonate import Impersonate
from core.identity.usecases.invite import AcceptInvite, InvitePerson
from core.identity.usecases.keep_account import KeepAccount
from core.identity.usecases.keep_addresses import AddAddress, ChangeAddress, ChooseDefaultAddress, RemoveAddress
from core.identity.usecases.keep_api_keys import CreateApiKey, RevokeApiKey
from core.identity.usecases.keep_avatar import RemoveAvatar, SeeAvatar, SetAvatar, SweepAvatars
from core.identity.usecases.keep_networks import AllowNetwork, ForgetNetwork
from core.identity.usecases.keep_profile import ChangeProfile
from core.identity.usecases.keep_second_factor import ConfirmTotp, DisableTotp, RenewRecoveryCodes, StartTotp
from core.identity.usecases.link_telegram import InviteTelegram, LinkTelegram, UnlinkTelegram
from core.identity.usecases.link_to_reset import LinkToReset
from core.identity.usecases.make_roles import ChangeRole, MakeRole, RemoveRole
from core.identity.usecases.note_attempt import NoteAttempt
from core.identity.usecases.open_account import OpenAccount
from core.identity.usecases.pass_second_factor import PassSecondFactor
from core.identity.usecases.prove_again import CheckPassword, ProveAgain, RenewTokens
from core.identity.usecases.queries.activity import ListActivity, ListActivityOf
from core.identity.usecases.queries.addresses import GetAddress, ListAddresses
from core.identity.usecases.queries.api_keys import ListApiKeys
from core.identity.usecases.queries.me import GetMe, ListSessions
from core.identity.usecases.queries.networks import CheckNetwork, ListNetworks
from core.identity.usecases.queries.people import GetPerson, ListPeople, ListSessionsOf
from core.identity.usecases.queries.personal import GetOwnTelegram, ListOwnActs, ListOwnRoleChanges, ListOwnSignIns
from core.identity.usecases.queries.profiles import GetProfile, SeeProfile
from core.identity.usecases.queries.roles import (
    GetAccountRoles,
    GetRole,
    ListPermissions,
    ListRoleChanges,
    ListRoles,
)
from core.identity.usecases.queries.second_factor import GetSecondFactor
from core.identity.usecases.refresh_session import RefreshSession
from core.identity.usecases.register import Register
from core.identity.usecases.reset_password import ResetPassword
from core.identity.usecases.send_code import SendCode
from core.identity.usecases.set_up import OfferSetUp, SetUp
from core.identity.usecases.sign_in import SignIn
from core.identity.usecases.sign_in_by_code import AskSignInCode, SendSignInCode, SignInByCode
from core.identity.usecases.sign_in_by_telegram import SignInByTelegram
from core.identity.usecases.sweep_traces import SweepTraces
from core.identity.usecases.verify_contact import VerifyContact
from core.identity.usecases.watch_over_people import ChangeStatus, EndSessionsOf
from core.identity.usecases.write_last_seen import WriteLastSeen
from core.kernel.manifest import Module, Personal, Reaction, Sweep

MODULE = Module(
    name="identity",
    summary="People: accounts, the ways to prove who one is, sessions and what they may do.",
    uses=("notifications",),
    use_cases=(
        Register,
        OpenAccount,
        AcceptPassword,
        SendCode,
        VerifyContact,
        AskForLetter,
        SendAskedLetter,
        SignIn,
        BeginSession,
        NoteAttempt,
        RefreshSession,
        IdentifyPerson,
        WriteLastSeen,
        SweepTraces,
        ForgetSessions,
        SignOut,
        RevokeSessions,
        CheckPassword,
        RenewTokens,
        ProveAgain,
        ChangePassword,
        ResetPassword,
        LinkToReset,
        AskEmailChange,
        ConfirmEmailChange,
        UndoEmailChange,
        DeleteAccount,
        UndoDeletion,
        KeepAccount,
        PurgeAccounts,
        GetMe,
        ListSessions,
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
        ClearNetworks,
        ListRoles,
        GetRole,
        ListPermissions,
        MakeRole,
        ChangeRole,
        RemoveRole,
        GetAccountRoles,
        ChangeRoles,
        ListRoleChanges,
        FindAuthority,
        ForgetPerson,
        IdentifyByKey,
        CreateApiKey,
        RevokeApiKey,
        ListApiKeys,
        StartTotp,
        ConfirmTotp,
        DisableTotp,
        RenewRecoveryCodes,
        GetSecondFactor,
        GetOwnTelegram,
        ListOwnRoleChanges,
        ListOwnActs,
        ListOwnSignIns,
        PassSecondFactor,
        CompleteSignIn,
        AskSignInCode,
        SendSignInCode,
        SignInByCode,
        InviteTelegram,
        LinkTelegram,
        UnlinkTelegram,
        SignInByTelegram,
        ListPeople,
        GetPerson,
        ListActivity,
        ListActivityOf,
        AddPerson,
        ChangePerson,
        ChangeStatus,
        ListSessionsOf,
        EndSessionsOf,
        Impersonate,
        OfferSetUp,
        InvitePerson,
        AcceptInvite,
        SetUp,
    ),
    facts=(VerificationAsked, ResetAsked, SignInCodeAsked, SessionsStale, AccountPurged),
    errors=(
        errors.AccountNotFound,
        errors.SessionNotFound,
        secrets.BadToken,
        refusals.WrongCredentials,
        refusals.RefreshRefused,
        refusals.ActingNotRenewed,
        refusals.CodeRefused,
        refusals.RegistrationClosed,
        refusals.NoTexts,
        refusals.UsernameTaken,
        refusals.EmailTaken,
        refusals.AccountBlocked,
        refusals.AccountDeleted,
        refusals.NetworkRefused,
        api_keys.ApiKeyNotFound,
        api_keys.TooManyApiKeys,
        api_keys.ScopesNotHeld,
        api_keys.ExpiryOutOfRange,
        totp.SecondFactorWrong,
        totp.ChallengeVoid,
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
        errors.RoleNotFound,
        errors.RoleUnknown,
        errors.RoleNameTaken,
        errors.RoleBuiltIn,
        errors.RoleInUse,
        errors.PermissionUnknown,
        errors.AboveSelf,
        errors.LastOwner,
        errors.NameTaken,
        errors.NotToBeImpersonated,
    ),
    permissions=permissions.ALL,
    sweeps=(
        Sweep(use_case=SweepAvatars, seconds=3600),
        Sweep(use_case=PurgeAccounts, seconds=600),
        Sweep(use_case=SweepTraces, seconds=600),
    ),
    personal=(
        Personal(part="account", use_case=GetMe),
        Personal(part="profile", use_case=GetProfile),
        Personal(part="addresses", use_case=ListAddresses),
        Personal(part="networks", use_case=ListNetworks),
        Personal(part="sessions", use_case=ListSessions, pages=True),
        Personal(part="api_keys", use_case=ListApiKeys),
        Personal(part="second_factor", use_case=GetSecondFactor),
        Personal(part="telegram", use_case=GetOwnTelegram),
        Personal(part="role_changes", use_case=ListOwnRoleChanges, pages=True),
        Personal(part="acts", use_case=ListOwnActs),
        Personal(part="sign_ins", use_case=ListOwnSignIns, pages=True),
    ),
    reactions=(
        Reaction(name="identity.verification", facts=(VerificationAsked,), use_case=SendAskedLetter),
        Reaction(name="identity.sign_in_code", facts=(SignInCodeAsked,), use_case=SendSignInCode),
        Reaction(name="identity.cache", facts=(SessionsStale,), use_case=ForgetSessions),
        Reaction(name="identity.reset", facts=(ResetAsked,), use_case=SendAskedLetter),
    ),
)
