"""Send a letter that a module wants somebody to get."""

from dataclasses import dataclass

from core.kernel.outbox import Delivery, Lanes
from core.kernel.seal import Seal
from core.notifications.events import LetterWanted
from core.notifications.ports import LetterWriter, Mail, MailSender


@dataclass(frozen=True, slots=True)
class SendLetter:
    """Send a letter at least once; no transaction is open while the gateway is spoken to."""

    seal: Seal
    writer: LetterWriter
    sender: MailSender
    lanes: Lanes

    async def __call__(self, delivery: Delivery) -> None:
        """Write the letter, send it, and only then mark the delivery done.

        :raises LetterRefused: it will never be taken.
        :raises LetterPutOff: it is not taken now.
        :raises LetterUnwritable: there is no such letter.
        :raises BrokenSeal: its secrets cannot be read.
        :raises Unavailable: the gateway or the store is away.
        """
        wanted = delivery.fact(LetterWanted)
        letter = self.writer.write(wanted.letter, wanted.language, wanted.opened(self.seal))
        await self.sender.send(Mail(delivery.id, wanted.to, delivery.occurred_at, letter))
        await self.lanes.finish([delivery])
