"""All pages of the shell."""

from typing import Protocol

from entrypoints.http.panel.acting import ActingPages
from entrypoints.http.panel.activity import ActivityPages
from entrypoints.http.panel.addresses import AddressPages
from entrypoints.http.panel.api_keys import ApiKeys
from entrypoints.http.panel.being_invited import BeingInvited
from entrypoints.http.panel.confirming import Confirming
from entrypoints.http.panel.joining import JoiningPages
from entrypoints.http.panel.landing import LANDING
from entrypoints.http.panel.leaving import Leaving
from entrypoints.http.panel.moving import Moving
from entrypoints.http.panel.networks import Networks
from entrypoints.http.panel.people import People
from entrypoints.http.panel.preferences import PREFERENCES
from entrypoints.http.panel.profile import Profile
from entrypoints.http.panel.recovering import Recovering
from entrypoints.http.panel.returning import Returning
from entrypoints.http.panel.screens import Screen
from entrypoints.http.panel.second_factor import SecondFactor
from entrypoints.http.panel.second_step import SecondStep
from entrypoints.http.panel.security import Security
from entrypoints.http.panel.setting_up import SettingUp
from entrypoints.http.panel.signing_in import SigningIn
from entrypoints.http.panel.signing_in_by_code import SigningInByCode
from entrypoints.http.panel.telegram import Telegram


class Pages(Protocol):
    """Pages that share use cases."""

    def screens(self) -> list[Screen]:
        """The pages."""


OPEN = (LANDING, PREFERENCES)
"""Pages that need no use case."""

PAGES: tuple[type[Pages], ...] = (
    SettingUp,
    BeingInvited,
    SigningIn,
    SigningInByCode,
    SecondStep,
    Confirming,
    JoiningPages,
    Recovering,
    Moving,
    Leaving,
    Returning,
    Profile,
    Security,
    SecondFactor,
    Telegram,
    ApiKeys,
    Networks,
    ActivityPages,
    AddressPages,
    People,
    ActingPages,
)
