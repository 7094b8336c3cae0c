"""Help pages and usage errors in the chosen language; the words are in ``locale/commands.toml``."""

from __future__ import annotations

import difflib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from workbench.words import Language, knows, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer import TyperException


def language_of(arguments: Sequence[str]) -> Language:
    """The language that a command line asks for, read before anything else so that its own errors are in it."""
    chosen = Language.DA
    for name, value in pairwise([*arguments, ""]):
        word = value if name == "--language" else name.removeprefix("--language=")
        if word in tuple(Language) and (name == "--language" or name != word):
            chosen = Language(word)
    return chosen


class _Spoken:
    """Writes the help page from the locale files: command and options by their names."""

    def format_help(self: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  typer keeps these types to itself
        """Write usage, purpose, options and commands."""
        language = ctx.obj
        arguments = [p.name.upper() for p in self.params if p.param_type_name == "argument"]
        names = arguments or ([say(language, "help.command_name")] if hasattr(self, "commands") else [])
        formatter.write_usage(ctx.command_path, " ".join([*names, "[--...]"]), say(language, "help.usage"))
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(language, f"help.command.{self.name}"))
        shown = [p for p in self.get_params(ctx) if not p.hidden]
        rows = [(_shape(p, ctx), _purpose(language, self.name, p.name)) for p in shown]
        with formatter.section(say(language, "help.options")):
            formatter.write_dl(rows)
        commands = getattr(self, "commands", {})
        if commands:
            with formatter.section(say(language, "help.commands")):
                formatter.write_dl([(name, say(language, f"help.command.{name}")) for name in commands])


def _shape(parameter: Any, ctx: Any) -> str:  # noqa: ANN401
    """How an option or argument is written."""
    return str(parameter.get_help_record(ctx)[0])


def _purpose(language: str, command: str, name: str) -> str:
    """What an option is for; a command's own sentence stands above the common one."""
    own = f"help.option.{command}.{name}"
    return say(language, own if knows(own) else f"help.option.{name}")


class SpokenCommand(_Spoken, TyperCommand):
    """A command whose help speaks the chosen language."""


class SpokenGroup(_Spoken, TyperGroup):
    """All commands together."""


def usage_error(language: str, error: TyperException, commands: Sequence[str]) -> str:
    """Say what is wrong with a command line; typer's own sentences are English only."""
    kind = type(error).__name__
    facts: dict[str, Any] = vars(error)
    context: Any = facts.get("ctx")
    if kind == "NoSuchOption":
        nearest = difflib.get_close_matches(facts["option_name"], _options(context), n=1)
        return _with_nearest(language, say(language, "usage.no_such_option", option=facts["option_name"]), nearest)
    if kind == "BadOptionUsage":
        return say(language, "usage.option_needs_value", option=facts["option_name"])
    if kind == "MissingParameter":
        return say(language, "usage.missing", what=_hint(error))
    if kind == "BadParameter":
        name = facts["param"].name
        expected = say(language, f"usage.expected.{name}") if knows(f"usage.expected.{name}") else facts["message"]
        return say(language, "usage.bad_value", what=_hint(error), expected=expected)
    return _about_commands(language, error, context, commands)


def _about_commands(language: str, error: TyperException, context: Any, commands: Sequence[str]) -> str:  # noqa: ANN401
    """No command, an unknown one, or words too many."""
    if context is None or context.parent is not None:
        extra = error.message.partition("(")[2].rpartition("(")[2].rstrip(")")
        return say(language, "usage.too_much", what=extra)
    _, quote, name = error.message.partition("'")
    if not quote:
        return say(language, "usage.no_command", commands=", ".join(commands))
    name = name.partition("'")[0]
    return _with_nearest(
        language,
        say(language, "usage.no_such_command", name=name, commands=", ".join(commands)),
        difflib.get_close_matches(name, commands, n=1),
    )


def _with_nearest(language: str, sentence: str, nearest: Sequence[str]) -> str:
    return f"{sentence} {say(language, 'usage.nearest', nearest=nearest[0])}" if nearest else sentence


def _options(context: Any) -> list[str]:  # noqa: ANN401
    return [option for parameter in context.command.params for option in parameter.opts] if context else []


def _hint(error: Any) -> str:  # noqa: ANN401
    """The option or argument an error is about, as it is written."""
    parameter = error.param
    return parameter.opts[-1] if parameter.param_type_name == "option" else str(parameter.name).upper()
