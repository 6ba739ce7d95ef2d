"""All pages of the shell."""

from entrypoints.http.panel.landing import LANDING
from entrypoints.http.panel.preferences import PREFERENCES
from entrypoints.http.panel.screens import Screen


class Pages:
    """Every page there is, made from the use cases it needs."""

    def screens(self) -> list[Screen]:
        """The pages of this build."""
        return [LANDING, PREFERENCES]
