"""Write the parts of the docs that the code knows: the commands' help and the codebook's tables.

    python docs/write.py

tests/test_docs.py fails when they are out of date.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from tertius.cli import COMMANDS, tertius
from tertius.datasets.tables import rows
from tertius.ontology import INTERNATIONAL, QUAD_NAMES, SECTORS, TYPES

HERE = Path(__file__).parent
INTRODUCTION = """# Commands

Written from the commands themselves by `python docs/write.py`. All commands end with exit code 0 when everything went
well; errors are one line on standard error that says the cure.
"""


def commands() -> str:
    """The page of commands: the help of each, as the terminal shows it."""
    parts = [INTRODUCTION, _help(tertius, "tertius")]
    context = click.Context(tertius, info_name="tertius", **tertius.context_settings)
    for name in COMMANDS:
        command = tertius.get_command(context, name)
        assert command is not None
        parts.append(f"\n## tertius {name}\n\n" + _help(command, name, context))
    return "\n".join(parts)


def _help(command: click.Command, name: str, parent: click.Context | None = None) -> str:
    # click keeps the help option that it made first: the same names everywhere, whatever ran before.
    settings = {"terminal_width": 100, "max_content_width": 100} | tertius.context_settings | command.context_settings
    context = click.Context(command, info_name=name, parent=parent, **settings)
    return f"```text\n{command.get_help(context)}\n```\n"


def codebook(page: str) -> str:
    """The codebook with its tables filled in."""
    types = ["| type | quad class | intensity | modes (intensity) | meaning |", "|---|---|---|---|---|"]
    for kind in TYPES.values():
        modes = ", ".join(f"{mode} {score:+g}" for mode, score in kind.modes.items()) or "-"
        types.append(f"| `{kind.name}` | {QUAD_NAMES[kind.quad]} | {kind.intensity:+g} | {modes} | {kind.meaning} |")
    codes = ["| code | meaning |", "|---|---|"]
    codes += [f"| `{code}` | {meaning} |" for code, meaning in (SECTORS | INTERNATIONAL).items()]
    for mark, lines in (("types", types), ("sectors", codes)):
        table = f"<!-- {mark} -->\n\n" + "\n".join(lines) + "\n"
        page = re.sub(rf"<!-- {mark} -->\n(\n(\|.*\n)+)?", lambda _, table=table: table, page)
    return page


def datasets(page: str) -> str:
    """The page of data sets with the columns of an export filled in."""
    lines = [
        "| column | meaning |",
        "|---|---|",
        *(f"| `{column}` | {meaning} |" for column, meaning in rows("codebook")),
    ]
    table = "<!-- columns -->\n\n" + "\n".join(lines) + "\n"
    return re.sub(r"<!-- columns -->\n(\n(\|.*\n)+)?", lambda _: table, page)


def main() -> None:
    """Write the pages."""
    (HERE / "commands.md").write_text(commands(), encoding="utf-8")
    page = HERE / "codebook.md"
    page.write_text(codebook(page.read_text(encoding="utf-8")), encoding="utf-8")
    page = HERE / "datasets.md"
    page.write_text(datasets(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
