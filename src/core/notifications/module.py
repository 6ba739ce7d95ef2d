"""The manifest of notifications."""

from core.kernel.manifest import Module, Reaction
from core.notifications.domain import errors
from core.notifications.events import LetterWanted
from core.notifications.usecases.send_letter import SendLetter

MODULE = Module(
    name="notifications",
    summary="Letters to people: written in their language, sent at least once, with their secrets sealed on the way.",
    use_cases=(SendLetter,),
    facts=(LetterWanted,),
    errors=(errors.LetterRefused, errors.LetterPutOff, errors.LetterUnwritable),
    reactions=(Reaction(name="notifications.mail", facts=(LetterWanted,), use_case=SendLetter, first_wait=15),),
)
