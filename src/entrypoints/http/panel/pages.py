"""All pages of the shell."""

from entrypoints.http.panel.addresses import AddressPages
from entrypoints.http.panel.confirming import Confirming
from entrypoints.http.panel.joining import JoiningPages
from entrypoints.http.panel.landing import LANDING
from entrypoints.http.panel.moving import Moving
from entrypoints.http.panel.preferences import PREFERENCES
from entrypoints.http.panel.profile import Profile
from entrypoints.http.panel.recovering import Recovering
from entrypoints.http.panel.screens import Screen
from entrypoints.http.panel.security import Security
from entrypoints.http.panel.signing_in import SigningIn


class Pages:
    """Every page there is, made from the use cases it needs."""

    def __init__(
        self,
        signing_in: SigningIn,
        joining: JoiningPages,
        recovering: Recovering,
        profile: Profile,
        security: Security,
        addresses: AddressPages,
        confirming: Confirming,
        moving: Moving,
    ) -> None:
        """:param signing_in: and all others are groups of pages that share use cases."""
        self._groups = (signing_in, joining, recovering, profile, security, addresses, confirming, moving)

    def screens(self) -> list[Screen]:
        """The pages of this build."""
        return [LANDING, PREFERENCES, *(screen for group in self._groups for screen in group.screens())]
