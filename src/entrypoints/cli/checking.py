"""`soty check`: style, types, borders and drift of generated files."""

import click

from entrypoints.cli.generated.markdown import MEND
from entrypoints.cli.steps import PYTHON, Step, report, run_steps

LINT = Step("lint", (PYTHON, "-m", "ruff", "check", "."), "./soty check --fix lint")
FORMAT = Step("format", (PYTHON, "-m", "ruff", "format", "--check", "."), "./soty check --fix format")
TYPES = Step("types", (PYTHON, "-m", "mypy"), "each line above names file, line and rule")
IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
BORDERS = Step(
    "borders",
    (PYTHON, "-c", IMPORTS, "--config", "importlinter.ini"),
    "move the import named above behind a port or a container",
)
ARCH = Step("arch", (PYTHON, "-m", "pytest", "-q", "tests/arch"), "each failure above names the file, the rule and why")
DRIFT = Step("drift", (PYTHON, "-m", "entrypoints.cli.main", "reference"), MEND)
EXCEPTIONS = Step(
    "exceptions",
    (PYTHON, "-m", "pytest", "-q", "tests/arch/test_rules.py", "-k", "raised_errors or declared or error_codes"),
    "./soty exceptions fix   or as the failures above say",
)
WHOLE = ("lint", "format", "types", "arch", "drift")
STEPS = {
    "lint": (LINT,),
    "format": (FORMAT,),
    "types": (TYPES,),
    "arch": (BORDERS, ARCH),
    "drift": (DRIFT,),
    "borders": (BORDERS,),
    "exceptions": (EXCEPTIONS,),
}

MENDING = {
    "lint": Step("lint", (PYTHON, "-m", "ruff", "check", "--fix", "."), "mend by hand what is left"),
    "format": Step("format", (PYTHON, "-m", "ruff", "format", "."), "mend by hand what is left"),
}


@click.command()
@click.option("--fix", is_flag=True, help="Mend what can be mended: lint, format.")
@click.argument("parts", nargs=-1, type=click.Choice(list(STEPS)))
def check(fix: bool, parts: tuple[str, ...]) -> int:
    """Check style, form, types, borders between layers, and that generated files match the code.

    `borders` and `exceptions` are parts of `arch` that may be checked alone.
    """
    if not fix:
        return report(run_steps(step for part in parts or WHOLE for step in STEPS[part]))
    if by_hand := [part for part in parts if part not in MENDING]:
        raise click.UsageError(f"--fix mends {' and '.join(MENDING)}, not {by_hand[0]}")
    return report(run_steps(MENDING[part] for part in parts or MENDING))
