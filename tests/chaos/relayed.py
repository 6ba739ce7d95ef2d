"""Judges of what relays brought to their subscribers while they were killed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tests.chaos.published import Seen

CLOCK_SECONDS = 0.05


@dataclass
class Relayed:
    """A run: ids by key in the order of their commits, and what came of them.

    ``noted`` is what the reaction left, in the order in which it was kept; ``told`` is the topic; ``kills`` are spans
    in seconds since 1970, in each of which one relay died. ``poison`` is the poisonous fact of a key, of which those
    that were ``dropped`` must never be noted. ``stuck`` is what was left while poison was dead: deliveries of the
    reaction, and what had been noted of the keys of poison by then.
    """

    committed: Mapping[str, Sequence[UUID]]
    noted: Mapping[str, Sequence[UUID]]
    told: Sequence[Seen]
    kills: Sequence[tuple[float, float]] = ()
    poison: Mapping[str, UUID] = field(default_factory=dict)
    dropped: frozenset[UUID] = frozenset()
    stuck: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    noted_then: Mapping[str, Sequence[UUID]] = field(default_factory=dict)


def the_effect_is_there_once_and_in_order(relayed: Relayed) -> Iterator[str]:
    """The reaction left its effect of every fact once, in the order of its key."""
    for key in relayed.committed.keys() | relayed.noted.keys():
        wanted = [each for each in relayed.committed.get(key, ()) if each not in relayed.dropped]
        noted = list(relayed.noted.get(key, ()))
        if noted != wanted:
            yield f"{key}: {len(noted)} effects of {len(wanted)} facts, {_difference(wanted, noted)}"


def kafka_has_every_fact_in_order(relayed: Relayed) -> Iterator[str]:
    """Without repetitions, the facts of one key are on the topic as they were committed."""
    by_key: dict[str, dict[UUID, None]] = {}
    for seen in relayed.told:
        by_key.setdefault(seen.key, {}).setdefault(seen.id)
    for key in relayed.committed.keys() | by_key.keys():
        wanted, told = list(relayed.committed.get(key, ())), list(by_key.get(key, ()))
        if told != wanted:
            yield f"{key}: {len(told)} of {len(wanted)} facts are told, {_difference(wanted, told)}"


def kafka_repeats_only_what_a_kill_hit(relayed: Relayed) -> Iterator[str]:
    """Whatever is on the topic twice was sent, then its relay was killed, then it was sent again."""
    last: dict[UUID, Seen] = {}
    for seen in relayed.told:
        before = last.get(seen.id)
        if before is not None and not any(
            before.at - CLOCK_SECONDS <= end and begin <= seen.at for begin, end in relayed.kills
        ):
            yield f"{seen.key}: {seen.id} was told twice, and nobody was killed between"
        last[seen.id] = seen


def poison_holds_back_its_key_alone(relayed: Relayed) -> Iterator[str]:
    """While poison was dead the rest of its key was held, in front of it all was done, and so were all other keys."""
    for key in relayed.stuck.keys() | relayed.poison.keys():
        if key not in relayed.poison:
            yield f"{key}: {len(relayed.stuck[key])} facts were held back, and none of them is poison"
            continue
        facts = relayed.committed[key]
        place = facts.index(relayed.poison[key])
        if list(relayed.noted_then.get(key, ())) != list(facts[:place]):
            yield f"{key}: {len(relayed.noted_then.get(key, ()))} effects while number {place} was dead"
        if list(relayed.stuck.get(key, ())) != list(facts[place:]):
            yield f"{key}: {len(relayed.stuck.get(key, ()))} held back of {len(facts) - place}"


CHECKERS = (
    the_effect_is_there_once_and_in_order,
    kafka_has_every_fact_in_order,
    kafka_repeats_only_what_a_kill_hit,
    poison_holds_back_its_key_alone,
)


def _difference(wanted: Sequence[UUID], found: Sequence[UUID]) -> str:
    lost, extra = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    if lost or extra:
        return f"{lost.total()} lost and {extra.total()} too many"
    return "in another order"
