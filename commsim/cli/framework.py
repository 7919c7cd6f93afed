"""Click, taught to load commands late and to show their help in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from commsim.cli.data_stream import data_alone_on_stdout
from commsim.cli.failures import debugging, exit_code_of, reader_watched
from commsim.cli.formatting import HelpFormatter
from commsim.cli.language import CHOICES, asked_language, speaking
from commsim.cli.streams import prepare_streams
from commsim.i18n import N_, _

HELP_NAMES = ("-h", "--help")


class _Translated:
    """An attribute that holds an English message (also its gettext id) and reads as its translation."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._slot = f"_{name}_message"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        message = getattr(instance, self._slot, None)
        return str(_(message)) if message else message

    def __set__(self, instance: Any, message: str | None) -> None:
        setattr(instance, self._slot, message)


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    help = _Translated()


class Argument(click.Argument):
    """An argument; its help stands in the text of its command, as is usual."""


class _Context(click.Context):
    formatter_class = HelpFormatter


def _language_option() -> Option:
    # The value was read before parsing (`asked_language`); here it is only documented and checked.
    return Option(
        ["--lang"],
        type=click.Choice(CHOICES),
        expose_value=False,
        help=N_("Language of messages and tables; auto takes it from the environment."),
    )


class Command(click.Command):
    """A command with `-h`, `--lang` and translated help."""

    context_class = _Context
    help = _Translated()
    short_help = _Translated()
    epilog = _Translated()

    def __init__(self, name: str | None, *, params: list[click.Parameter] | None = None, **settings: Any) -> None:
        settings.setdefault("context_settings", {}).setdefault("help_option_names", HELP_NAMES)
        super().__init__(name, params=[*(params or []), _language_option()], **settings)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Click's own help option; its text is in Click's words, which our catalogue translates."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = str(_("Show this message and exit."))
        return option


@dataclass(frozen=True)
class LazyCommand:
    """Where a command stands (`module:name`) and its short help, shown without importing it."""

    place: str
    short_help: str

    def load(self) -> click.Command:
        """The command itself; imports its module."""
        module, name = self.place.split(":")
        command: click.Command = getattr(import_module(module), name)
        command.short_help = self.short_help
        return command


class _Commands(MutableMapping[str, click.Command]):
    """The commands of a group by name, each imported when it is first asked for."""

    def __init__(self, lazy: Mapping[str, LazyCommand]) -> None:
        self.lazy = dict(lazy)
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            self._loaded[name] = self.lazy[name].load()
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self.lazy[name] = LazyCommand("", command.short_help or command.help or "")
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self.lazy[name]
        self._loaded.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.lazy)

    def __len__(self) -> int:
        return len(self.lazy)


class Group(Command, click.Group):
    """A group that lists its commands in the order of a reader's work and imports a command only when it is called."""

    command_class = Command

    def __init__(self, name: str | None, *, lazy_commands: Mapping[str, LazyCommand], **rest: Any) -> None:
        super().__init__(name, **rest)
        self.commands = _Commands(lazy_commands)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which they were given."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their short helps, none of them imported."""
        assert isinstance(self.commands, _Commands)
        rows = [(name, str(_(lazy.short_help))) for name, lazy in self.commands.lazy.items()]
        with formatter.section(str(_("Commands"))):
            formatter.write_dl(rows)


class CommandLine(Group):
    """The outermost group: sets the language before anything is parsed, and ends every failure with its exit code."""

    def make_context(self, *arguments: Any, **settings: Any) -> click.Context:
        """Parse the command line; help and version are written here."""
        with reader_watched():
            return super().make_context(*arguments, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        with reader_watched():
            return super().invoke(ctx)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run with `args` (default: those of the process) and exit with a code of `commsim.errors`."""
        import sys
        import warnings

        arguments = list(sys.argv[1:] if args is None else args)

        def call() -> Any:
            settings = {"complete_var": complete_var, "windows_expand_args": windows_expand_args, **extra}
            return click.Command.main(self, arguments, prog_name or "commsim", standalone_mode=False, **settings)

        with speaking(asked_language(arguments)), warnings.catch_warnings():
            if not standalone_mode:
                return call()
            if not sys.warnoptions and not debugging():
                # Libraries warn those who write programs; what a user has to know is said in our own words.
                warnings.simplefilter("ignore")
            prepare_streams()
            sys.exit(exit_code_of(call, arguments))


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Command]:
    """Decorator: a `Command` called `name`; its help is given as `help=N_(…)`, not as a docstring.

    While it works, stdout takes what it writes to `data_stream()` alone.
    """

    def decorate(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, **settings)(data_alone_on_stdout()(function))

    return decorate


def option(*names: str, **settings: Any) -> Callable[[Any], Any]:
    """Decorator: an option with translated help."""
    return click.option(*names, cls=Option, **settings)
