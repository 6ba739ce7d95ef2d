"""`soty chaos`: the tests that look for what goes wrong when parts fail."""

import click

from entrypoints.cli.steps import PYTHON, Step, run_steps


@click.group()
def chaos() -> None:
    """Fail on purpose and check what is left; exit 1 when a promise was broken."""


@chaos.command()
@click.option("--seeds", type=click.IntRange(min=1), default=1000, show_default=True, help="How many to run.")
@click.option("--seed", type=click.IntRange(min=0), help="Replay this one and show what happened.")
@click.option("--scenario", help="Only this one.")
def sim(seeds: int, seed: int | None, scenario: str | None) -> int:
    """Simulate the core over memory in virtual time, one run a seed."""
    what = ("--seed", str(seed)) if seed is not None else ("--seeds", str(seeds))
    only = ("--scenario", scenario) if scenario else ()
    return run_steps([Step("sim", (PYTHON, "-m", "tests.simulation", *what, *only))])[0].code


@chaos.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def inventory(words: tuple[str, ...]) -> int:
    """Real processes and a real Kafka under load, kills and cuts; exit 2 when a kind of harm never happened.

    Words: --seed N --minutes M --brokers 1|3 --events N --rate N --schedulers N --kills N --unnamed.
    """
    return _with_processes("inventory", words)


@chaos.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def postgres(words: tuple[str, ...]) -> int:
    """PostgreSQL silent, down and stopped for a minute each under load; exit 2 when nobody was refused meanwhile.

    Words: --seed N --seconds N --way blackhole|down|stopped --rate N.
    """
    return _with_processes("postgres", words)


@chaos.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def redis(words: tuple[str, ...]) -> int:
    """Redis emptied again and again, stopped and killed under reads and writes; then calls at a limit, all at once.

    Words: --seed N --minutes M --between SECONDS --rounds N.
    """
    return _with_processes("redis", words)


@chaos.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def relay(words: tuple[str, ...]) -> int:
    """Relays killed a hundred times under 50 000 facts; exit 2 when there were fewer kills.

    Words: --seed N --events N --kills N --rate N --relays N.
    """
    return _with_processes("relay", words)


def _with_processes(what: str, words: tuple[str, ...]) -> int:
    return run_steps([Step(what, (PYTHON, "-m", "tests.chaos", what, *words))])[0].code
