"""What processes make of the manifests of modules, so that core stays free of the container."""

from collections.abc import Iterator

from dishka import Provider, Scope

from core.kernel.facts import Fact
from core.kernel.manifest import Module
from core.kernel.outbox import Subscriptions

KAFKA = "kafka"


def use_cases_of(*modules: Module) -> Provider:
    """A provider of every use case of the modules; they are stateless and live as long as the process."""
    provider = Provider(scope=Scope.APP)
    for module in modules:
        provider.provide_all(*module.use_cases)
    return provider


def subscriptions_of(*modules: Module, kafka: bool) -> Subscriptions:
    """Who is told of which facts.

    :param kafka: whether Kafka is told of every fact that is not internal.
    :raises ValueError: a name is used twice, or a reaction is to a fact of no module.
    """
    facts = [fact for module in modules for fact in module.facts]
    reactions = [reaction for module in modules for reaction in module.reactions]
    _unique([f"{fact.name} v{fact.version}" for fact in facts])
    _unique([KAFKA, *(reaction.name for reaction in reactions)])
    if unknown := {fact for reaction in reactions for fact in reaction.facts} - set(facts):
        raise ValueError(f"no module publishes {sorted(fact.__name__ for fact in unknown)}")

    def subscribers(fact: type[Fact]) -> Iterator[str]:
        if kafka and not fact.internal:
            yield KAFKA
        yield from (reaction.name for reaction in reactions if fact in reaction.facts)

    found = {fact: tuple(subscribers(fact)) for fact in facts}
    return Subscriptions({fact: names for fact, names in found.items() if names})


def _unique(names: list[str]) -> None:
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"used twice: {', '.join(doubled)}")
