"""The command `aisle`: which commands there are, loaded only when called, and how trouble becomes an exit code.

Knows no command's options and imports no room: `aisle --help` must not wait for a model library.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import click

from aisle import __version__
from errors import AisleError, BadBackup, FeedUnavailable, ImportRefused, LLMError

DONE, FAILED, UNUSABLE, UNREACHABLE = 0, 1, 2, 3
"""Exit codes: done; the thing asked about failed; wrong usage or unreadable input; a needed service is not there."""


def exit_code(error: AisleError) -> int:
    """The exit code that a kind of trouble ends a command with."""
    if isinstance(error, LLMError | FeedUnavailable):
        return UNREACHABLE
    return FAILED if isinstance(error, ImportRefused | BadBackup) else UNUSABLE


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command's click object is, and the one line about it that `aisle --help` prints."""

    module: str
    name: str
    help: str

    def load(self) -> click.Command:
        command = getattr(importlib.import_module(self.module), self.name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.module}:{self.name} is not a click command")
        return command


COMMANDS = {
    "import": Entry("aisle.cli.importing", "import_", "Read feeds into a catalogue."),
    "enrich": Entry("aisle.cli.enriching", "enrich", "Let a model read in texts what records leave out."),
    "chat": Entry("aisle.cli.chat", "chat", "Talk to a shop in the terminal; JSON lines when piped."),
    "serve": Entry("aisle.cli.serve", "serve", "Serve the chat page and the API."),
    "llm": Entry("aisle.cli.llm", "llm", "Serve a model with vLLM, or check a served one."),
    "search": Entry("aisle.cli.search", "search", "Ask retrieval alone, without a dialogue."),
    "test": Entry("aisle.cli.testing", "test", "Run scripted dialogues."),
    "inspect": Entry("aisle.cli.inspecting", "inspect", "Show what a catalogue can be asked about."),
    "prompts": Entry("aisle.cli.prompts", "prompts", "List, show and render the prompts."),
    "export": Entry("aisle.cli.people", "export", "Write out everything kept on a person."),
    "erase": Entry("aisle.cli.people", "erase", "Delete everything kept on a person."),
    "backup": Entry("aisle.cli.backup", "backup", "Write a shop to one file, or check such a file."),
    "doctor": Entry("aisle.cli.doctor", "doctor", "Check that everything a command needs is here."),
    "demo": Entry("aisle.cli.demo", "demo", "Import and serve the demo shop."),
}


class Commands(click.Group):
    """A group that knows its commands by name and help, and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return COMMANDS[cmd_name].load() if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise  # it shows the help
        except click.UsageError as error:
            click.echo(f"aisle: {_wrong_usage(error, ctx)}", err=True)
            ctx.exit(UNUSABLE)
        except AisleError as error:
            click.echo(f"aisle: {error}", err=True)
            ctx.exit(exit_code(error))


def _wrong_usage(error: click.UsageError, ctx: click.Context) -> str:
    """Wrong usage in one line, as all other trouble is told, and where more can be read."""
    said = " ".join(error.format_message().split()).rstrip(".")
    return f"{said}; see {(error.ctx or ctx).command_path} --help"


@click.group(name="aisle", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aisle")
def main() -> None:
    """Aisle talks with shoppers about a shop's own products.

    Exit codes: 0 done, 1 the thing asked about failed, 2 wrong usage or unreadable input, 3 a needed service is
    not there. Every setting can also be given by environment: AISLE_DB, AISLE_LLM and so on.
    """
