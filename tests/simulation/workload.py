"""What warehouses send in a run: movements, repeats in the same and in other envelopes, contradictions, rubbish."""

from random import Random

from msgspec.structs import replace

from core.inventory.domain.movement import MovementEvent
from tests.support.events import World, message_of

Sent = tuple[bytes, MovementEvent | None]


def world() -> World:
    """A world whose ids are the same in every run."""
    made = World()
    made.number = 1
    return made


def envelopes(w: World, event: MovementEvent, n: int) -> MovementEvent:
    """The same event in another envelope."""
    return replace(event, envelope_id=w.envelope(n), source=1 + n % 3)


def movements(rng: Random, w: World, first: int, count: int) -> list[MovementEvent]:
    """Both halves of some movements between three warehouses, and arrivals from outside."""
    events = []
    for n in range(first, first + count):
        start, end = rng.sample(range(1, 4), 2)
        left, product = rng.randint(1, 12), rng.randint(1, 2)
        if rng.random() < 0.35:
            events.append(w.arrival(n, rng.randint(5, 30), warehouse=end, product=product))
            continue
        events.append(w.departure(n, left, warehouse=start, product=product, minute=rng.randint(0, 3)))
        if rng.random() < 0.8:
            events.append(w.arrival(n, rng.randint(1, left), warehouse=end, product=product))
    numbered = [envelopes(w, event, number) for number, event in enumerate(events, first * 10)]
    rng.shuffle(numbered)
    return numbered


def stream(rng: Random, w: World, events: list[MovementEvent]) -> list[Sent]:
    """Messages of some events, with repeats and with some that cannot be applied."""
    sent: list[Sent] = [(message_of(event), event) for event in events]
    for number, event in enumerate(events, 10_000):
        if rng.random() < 0.2:
            sent.append((message_of(event), event))
        if rng.random() < 0.2:
            other = envelopes(w, event, number)
            sent.append((message_of(other), other))
    sent += [(b"rubbish %d" % number, None) for number in range(rng.randint(0, 2))]
    rng.shuffle(sent)
    return sent


def half_of(event: MovementEvent) -> tuple[object, str]:
    """What makes an event one."""
    return event.movement_id, str(event.half)


def short(event: MovementEvent) -> str:
    """An event in a line of the trace."""
    return f"{event.half} {event.movement_id.int & 0xFFFF} x{event.quantity}"
