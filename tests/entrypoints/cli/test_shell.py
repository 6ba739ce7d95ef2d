"""The prompt: awaits, shows, fails and goes on."""

from pathlib import Path

from entrypoints.shared.settings import ROOT
from tests.support.program import Program

IPYTHON = """
class TerminalInteractiveShell:
    @classmethod
    def instance(cls, user_ns, banner1, confirm_exit):
        made = cls()
        made.names, made.banner = user_ns, banner1
        return made

    def show_banner(self):
        print(self.banner)

    def mainloop(self):
        print(self.loop_runner(self.names["use"].get_backlog(self.names["actor"])))
"""

LINES = """
found = await use.list_warehouses(actor)
found.items
1 / 0
for number in range(2):
    print("number", number)

[each.part for each in await use.list_processes(actor)]
from core.kernel.clock import Clock
await get(Clock) is clock
def broken(
exit()
"""


def test_code_is_run_and_its_end_is_the_end_of_the_command(program: Program) -> None:
    done = program.run("shell", "-c", "import sys; print((await use.get_backlog(actor)), settings.app.profile)")
    assert (done.returncode, done.stdout) == (0, "[] dev\n")
    failed = program.run("shell", "-c", "raise ValueError('no')")
    assert failed.returncode == 1
    assert failed.stderr.endswith("ValueError: no\n")
    left = program.run("shell", "-c", "raise SystemExit(7)")
    assert left.returncode == 7


def test_the_prompt_shows_what_is_at_hand_and_goes_on_after_an_error(program: Program) -> None:
    done = program.run("shell", text=LINES)
    assert done.returncode == 0
    assert "Use cases: accept_invite, accept_password, acknowledge_alert, add_address," in done.stderr
    assert done.stderr.count("Traceback") == 1
    assert 'File "<console>", line 1, in <module>\nZeroDivisionError: division by zero' in done.stderr
    assert "SyntaxError" in done.stderr
    for words in ("[]", "True", "number 0", "number 1", "['shell']"):
        assert words in done.stdout


def test_on_the_memory_profile_too(program: Program) -> None:
    done = program.run("shell", "--profile", "memory", "-c", "print(await use.list_processes(actor))")
    assert done.returncode == 3
    assert "there is no database here" in done.stderr


def test_the_prompt_of_ipython_where_it_is_installed(data_dir: Path, tmp_path: Path) -> None:
    package = tmp_path / "IPython" / "terminal"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "interactiveshell.py").write_text(IPYTHON, encoding="utf-8")
    program = Program(data_dir, PYTHONPATH=f"{ROOT / 'src'}:{tmp_path}")
    done = program.run("shell")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "[]")
    assert "At hand:" in done.stdout
