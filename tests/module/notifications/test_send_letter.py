"""Letters over memory: sent at least once, never inside a transaction, and dead ones tell no secrets."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import pytest

from adapters.mail.kept import MemoryMail
from adapters.mail.settings import sender
from adapters.memory.clock import FakeClock
from adapters.memory.deliveries import MemoryDeliveryReader
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.memory.outbox import MemoryLanes
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from adapters.security.seal import FernetSeal
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery, Subscriptions
from core.kernel.relay import ReactionSubscriber, Relay
from core.notifications.domain.errors import LetterPutOff, LetterRefused, LetterUnwritable
from core.notifications.events import LetterWanted, letter
from core.notifications.module import MODULE
from core.notifications.ports import Letter, LetterWriter, Mail, MailSender
from core.notifications.usecases.send_letter import SendLetter
from core.operations.api import DeliveryView

(REACTION,) = MODULE.reactions
CANARY = "t0psecret-canary"


class Killed(BaseException):
    """The process ends here."""


class Writer(LetterWriter):
    """Writes what it is told, in a letter of any name but ``unknown``."""

    def write(self, name: str, language: str, params: Mapping[str, str]) -> Letter:
        if name == "unknown":
            raise LetterUnwritable(letter=name)
        return Letter(name, f"{params}\n", f"{language}\n")


class Gateway(MailSender):
    """Hands over to memory, unless it is told to fail."""

    def __init__(self, post: "Post") -> None:
        self._post = post
        self.kept = MemoryMail(sender("Soty <noreply@soty.test>"))
        self.fails: Exception | None = None
        self.dies = False

    async def send(self, mail: Mail) -> None:
        async with self._post.work():
            pass  # raises if a unit of work is open in this task
        if self.fails is not None:
            raise self.fails
        await self.kept.send(mail)
        if self.dies:
            raise Killed


class Post:
    """An outbox, a relay of letters and a gateway."""

    def __init__(self) -> None:
        self.store, self.clock, self.seal = MemoryStore(), FakeClock(), FernetSeal([b"k" * 32])
        self.lanes = MemoryLanes(self.store, self.clock)
        wanted = Subscriptions({LetterWanted: (REACTION.name,)})
        self.work = OpenMemoryWork(self.store, MemoryListener(()), wanted, self.clock, SeededIds())
        self.gateway = Gateway(self)
        react = SendLetter(self.seal, Writer(), self.gateway, self.lanes)
        patience = timedelta(seconds=REACTION.first_wait)
        self.relay = Relay(REACTION.name, ReactionSubscriber(react, self.clock), self.lanes, self.clock, patience)

    async def want(self, *names: str, to: str = "ada@example.org") -> None:
        """Ask for letters."""
        async with self.work() as work:
            for name in names:
                fact = letter(self.seal, name, to=to, language="en", params={"name": "Ada"}, secrets={"code": CANARY})
                work.publish(fact)

    async def arrived(self) -> list[str]:
        """Ids of messages, the newest first."""
        return [dict(each.headers)["Message-ID"] for each in await self.gateway.kept.letters(None, 100)]

    async def waiting(self) -> list[DeliveryView]:
        """What is not done."""
        return (await MemoryDeliveryReader(self.store).deliveries(None, None, 100, None, failed=False)).items


@pytest.fixture
def post() -> Post:
    """An empty outbox."""
    return Post()


async def test_a_letter_is_sent_once_and_done(post: Post) -> None:
    await post.want("identity.verify_email")
    assert await post.relay.work() == 1
    assert await post.relay.work() == 0
    (arrived,) = await post.gateway.kept.letters(None, 10)
    assert (arrived.to, arrived.subject, arrived.html) == ("ada@example.org", "identity.verify_email", "en\n")
    assert CANARY in arrived.text
    assert await post.waiting() == []


async def test_after_a_kill_behind_the_gateway_it_comes_again_and_can_be_recognised(post: Post) -> None:
    await post.want("identity.verify_email")
    post.gateway.dies = True
    with suppress(Killed):
        await post.relay.work()
    post.gateway.dies = False
    post.clock.advance(3600)
    await post.relay.work()
    first, again = await post.arrived()
    assert first == again
    assert await post.waiting() == []


async def test_a_refused_letter_is_dead_at_once_and_holds_back_no_other(post: Post) -> None:
    await post.want("identity.verify_email")
    post.gateway.fails = LetterRefused(reason="550 5.1.1")
    await post.relay.work()
    (dead,) = await post.waiting()
    assert (dead.state, dead.attempts) == ("dead", 1)
    assert dead.error == "LetterRefused: notifications.letter_refused(reason='550 5.1.1')"
    post.gateway.fails = None
    await post.want("identity.reset_password")
    assert await post.relay.work() == 1
    assert len(await post.arrived()) == 1


async def test_a_letter_that_is_put_off_is_sent_later(post: Post) -> None:
    await post.want("identity.verify_email")
    post.gateway.fails = LetterPutOff(reason="450 4.2.1")
    await post.relay.work()
    (waiting,) = await post.waiting()
    assert waiting.state == "pending"
    assert 7 <= (waiting.due_at - post.clock.now()).total_seconds() <= 15
    post.gateway.fails = None
    post.clock.advance(15)
    await post.relay.work()
    assert (len(await post.arrived()), await post.waiting()) == (1, [])


async def test_while_the_gateway_is_away_nothing_is_held_against_letters(post: Post) -> None:
    await post.want("identity.verify_email")
    post.gateway.fails = Unavailable(part="mail")
    for _ in range(20):
        assert await post.relay.work() == 0
        post.clock.advance(1)
    assert [each.failed for each in await post.waiting()] == [False]
    post.gateway.fails = None
    assert await post.relay.work() == 1


async def test_a_letter_that_nobody_can_write_is_dead_at_once(post: Post) -> None:
    await post.want("unknown")
    await post.relay.work()
    (dead,) = await post.waiting()
    assert (dead.state, dead.error) == ("dead", "LetterUnwritable: notifications.letter_unwritable(letter='unknown')")


async def test_no_table_and_no_error_tells_what_is_sealed(post: Post) -> None:
    await post.want("identity.verify_email", "unknown")
    post.gateway.fails = LetterRefused(reason="554")
    await post.relay.work()
    kept = [each.payload for each in post.store.committed.outbox.values()]
    assert len(kept) == 2
    assert CANARY.encode() not in b"".join(kept)
    assert CANARY not in "".join(str(each.error) for each in await post.waiting())


async def test_a_letter_whose_seal_is_broken_is_tried_again(post: Post) -> None:
    await post.want("identity.verify_email")
    other = SendLetter(FernetSeal([b"o" * 32]), Writer(), post.gateway, post.lanes)

    async def react(delivery: Delivery) -> None:
        await other(delivery)

    await Relay(REACTION.name, ReactionSubscriber(react, post.clock), post.lanes, post.clock).work()
    (failed,) = await post.waiting()
    assert (failed.state, failed.error) == ("pending", "BrokenSeal: kernel.broken_seal()")
    assert await post.arrived() == []
