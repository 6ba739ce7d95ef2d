"""The `soty` program: one form of error, fixed exit codes."""

import sys

import click

from entrypoints.cli.lazy_group import LazyGroup
from entrypoints.shared.fault import Exit, Fault, FaultError

HERE = "entrypoints.cli."
PATHS = {
    "up": (f"{HERE}up:up", "Everything in one process, on servers of our own where no address is set."),
    "http": (f"{HERE}http:http", "The HTTP process alone."),
    "consumer": (f"{HERE}consumer:consumer", "The Kafka consumer process alone."),
    "scheduler": (f"{HERE}scheduler:scheduler", "The scheduler process alone: relays and sweeps."),
    "test": (f"{HERE}testing:test", "Tests, then what was skipped and how to enable it."),
    "check": (f"{HERE}checking:check", "Style, types, borders and drift of generated files."),
    "doctor": (f"{HERE}doctor:doctor", "Is this machine ready? Every line ok or fix."),
    "config": (f"{HERE}config:config", "Settings: what is in force, the page that lists them."),
    "db": (f"{HERE}db:db", "Migrations of every module."),
    "events": (f"{HERE}events:events", "Send warehouse messages; follow facts, and mend deliveries that failed."),
    "mail": (f"{HERE}mail:mail", "Letters that stayed on this machine, and one to try the gateway."),
    "modules": (f"{HERE}lists:modules", "The modules of this build, and how they are wired."),
    "adapters": (f"{HERE}lists:adapters", "Ports, the adapters that keep them, and the suites that hold both to it."),
    "routes": (f"{HERE}lists:routes", "Everything a client can do over HTTP."),
    "permissions": (f"{HERE}lists:permissions", "What an actor may be allowed, and what asks for it."),
    "reference": (f"{HERE}reference:reference", "Every file that is written from the code: write or compare them."),
    "docs": (f"{HERE}docs:docs", "The pages of docs as a site."),
    "openapi": (f"{HERE}openapi:openapi", "The description of the HTTP API."),
    "asyncapi": (f"{HERE}asyncapi:asyncapi", "The description of what goes through Kafka."),
    "new": (f"{HERE}new:new", "A new module, use case, fact or adapter that passes every check at once."),
    "i18n": (f"{HERE}i18n:i18n", "Texts for people in every language: what is missing, what changed."),
    "backup": (f"{HERE}backup:backup", "Database and files as one archive: made, checked, put back."),
    "exceptions": (f"{HERE}exceptions:exceptions", "Errors: who raises them, and who declares them."),
    "bench": (f"{HERE}bench:bench", "Speed beside peers; exit 1 when a goal falls short."),
    "chaos": (f"{HERE}chaos:chaos", "Fail on purpose, and check what is left."),
    "demo": (f"{HERE}demo.commands:demo", "Data to try things on: load, reset, and a tour of calls."),
    "user": (f"{HERE}people:user", "People: the first owner, roles, blocks, sessions."),
    "shell": (f"{HERE}shell:shell", "Python with the application inside."),
    "version": (f"{HERE}version:version", "What to paste into an issue."),
}


@click.group(cls=LazyGroup, paths=PATHS, context_settings={"help_option_names": ["-h", "--help"]})
def soty() -> None:
    """Soty: warehouse movements in, stock you can query out.

    Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 wrong settings, 4 a needed service is down.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with its exit code.

    :param arguments: words of the command line; unset: those of the process.
    """
    try:
        outcome = soty.main(arguments, prog_name="soty", standalone_mode=False)
    except FaultError as error:
        sys.exit(_report(error))
    except click.ClickException as error:
        sys.exit(_report(_usage(error)))
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    sys.exit(outcome if isinstance(outcome, int) else Exit.OK)


def _report(error: FaultError) -> Exit:
    click.echo("\n".join(map(str, error.faults)), err=True)
    return error.code


def _usage(error: click.ClickException) -> FaultError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "soty"
    return FaultError([Fault(error=error.format_message(), where="command line", fix=f"{command} --help")], Exit.USAGE)


if __name__ == "__main__":
    main()
