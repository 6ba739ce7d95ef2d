"""`soty check`: style, types, borders and drift of generated files."""

import click

from entrypoints.cli.generated.markdown import MEND
from entrypoints.cli.steps import PYTHON, Step, report, run_steps

LINT = Step("lint", (PYTHON, "-m", "ruff", "check", "."), "python -m ruff check --fix .")
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
WHOLE = ("lint", "types", "arch", "drift")
STEPS = {
    "lint": (LINT,),
    "types": (TYPES,),
    "arch": (BORDERS, ARCH),
    "drift": (DRIFT,),
    "borders": (BORDERS,),
    "exceptions": (EXCEPTIONS,),
}


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(STEPS)))
def check(parts: tuple[str, ...]) -> int:
    """Check style, types, borders between layers, and that generated files match the code.

    `borders` and `exceptions` are parts of `arch` that may be checked alone.
    """
    return report(run_steps(step for part in parts or WHOLE for step in STEPS[part]))
