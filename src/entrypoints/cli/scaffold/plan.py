"""What a scaffold is going to write: new files from templates, and edits of files that are there."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from string import Template

import click
from msgspec import Struct, field

from entrypoints.cli.catalogues import FOLDER, Key, add_texts
from entrypoints.cli.scaffold.inserting import Edit, appending
from entrypoints.cli.steps import PYTHON
from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.settings import ROOT

TEMPLATES = Path(__file__).parents[1] / "templates"
TIDY = (("check", "--quiet", "--select", "I", "--fix"), ("format", "--quiet"))
GENERATED = ("-m", "entrypoints.cli.main", "reference", "--write")


class Plan(Struct):
    """New files and changed ones by path from the root, in the order in which they are told, and texts by language."""

    made: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[Key, str]] = field(default_factory=dict)

    def render(self, folder: str, values: Mapping[str, str]) -> None:
        """Add every template of a folder.

        A template lies at the path of its file, whose ``__name__`` is replaced by a value as ``${name}`` is inside.

        :raises KeyError: a template names a value that is not given.
        """
        root = TEMPLATES / folder
        for path in sorted(root.rglob("*.tmpl")):
            name = path.relative_to(root).with_suffix("").as_posix()
            for key, value in values.items():
                name = name.replace(f"__{key}__", value)
            self.made[name] = Template(path.read_text(encoding="utf-8")).substitute(values)

    def add(self, path: str, part: str, values: Mapping[str, str]) -> None:
        """Add a file, or more to the end of one that is there, from a single template."""
        text = (TEMPLATES / "parts" / f"{part}.tmpl").read_text(encoding="utf-8")
        added = Template(text).substitute(values)
        if path in self.made or (ROOT / path).exists():
            self.edit(path, appending(added))
        else:
            self.made[path] = added

    def edit(self, path: str, *edits: Edit) -> None:
        """Change a file that is there, or that this plan makes."""
        where = self.made if path in self.made else self.changed
        text = where[path] if path in where else (ROOT / path).read_text(encoding="utf-8")
        for each in edits:
            text = each(text)
        where[path] = text

    def refuse_overwriting(self) -> None:
        """Let the plan be carried out only where none of its files is there.

        :raises FaultError: with each that is.
        """
        there = [path for path in self.made if (ROOT / path).exists()]
        if there:
            fix = "choose another name, or move them away"
            raise FaultError([Fault(f"{path} is there already", "new files", fix) for path in there])

    def tell(self) -> None:
        """Write the list of files."""
        for path in self.made:
            click.echo(f"  new      {path}")
        for path in (*self.changed, *(f"{FOLDER}/{language}.po" for language in self.texts)):
            click.echo(f"  changed  {path}")

    def carry_out(self) -> None:
        """Write the files, put them in order, and write everything that is generated from code again.

        :raises FaultError: a program that does so failed.
        """
        for path, text in (self.made | self.changed).items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, encoding="utf-8")
        for language, texts in self.texts.items():
            add_texts(language, texts)
        code = [path for path in (*self.made, *self.changed) if path.endswith(".py")]
        for words in TIDY:
            _run("-m", "ruff", *words, *code)
        _run(*GENERATED)


def _run(*words: str) -> None:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("SOTY_")}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        (PYTHON, *words), cwd=ROOT, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        told = (done.stderr or done.stdout).strip()
        raise FaultError([Fault(f"python {' '.join(words[:4])} failed: {told}", "after writing", "git status")])
