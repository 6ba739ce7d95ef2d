"""The manifest of notifications."""

from core.kernel.manifest import Module
from core.notifications.events import LetterWanted

MODULE = Module(
    name="notifications",
    summary="Letters to people: written in their language, sent at least once, with their secrets sealed on the way.",
    facts=(LetterWanted,),
)
