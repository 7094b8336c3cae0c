"""What a person sees while a command works: answers on standard output, messages and progress on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from workbench.options import Format
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from workbench.options import Options


def prepare(*streams: TextIO) -> None:
    """Never fail on a letter that a terminal cannot show."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@dataclass(frozen=True)
class Screen:
    """Where words go. With ``--format json`` standard output is for JSON alone."""

    options: Options

    def answer(self, text: str) -> None:
        """Show what was asked for."""
        if self.options.format is Format.TEXT:
            print(text)  # noqa: T201  this is the one place that prints answers

    def data(self, text: str) -> None:
        """Print the JSON, in UTF-8 whatever the terminal's own encoding."""
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        print(text)  # noqa: T201

    def tell(self, text: str) -> None:
        """Show a message beside the answer."""
        print(text, file=sys.stderr)  # noqa: T201

    def say(self, key: str, **facts: object) -> None:
        """Show a message from the locale files."""
        self.tell(say(self.options.language, key, **facts))

    def working(self, key: str, **facts: object) -> AbstractContextManager[None]:
        """Show that something goes on, where somebody is looking."""
        if self.options.format is Format.JSON or not sys.stderr.isatty():
            return nullcontext()
        return _spinner(say(self.options.language, key, **facts))

    @contextmanager
    def progress(self, key: str) -> Iterator[Callable[[str], None]]:
        """Show how far long work is: a line that changes where somebody is looking, else a line whenever there is news.

        Gives the function that is told the news. With ``--format json`` nothing is shown.
        """
        if self.options.format is Format.JSON:
            yield lambda _: None
        elif sys.stderr.isatty():
            yield from _live(say(self.options.language, key))
        else:
            self.say(key)
            yield self.tell


def _live(text: str) -> Iterator[Callable[[str], None]]:
    from rich.console import Console  # noqa: PLC0415  only where a person is looking

    with Console(stderr=True).status(text) as status:
        yield lambda news: status.update(f"{text} {news}")


@contextmanager
def _spinner(text: str) -> Iterator[None]:
    from rich.console import Console  # noqa: PLC0415  only where a person is looking

    with Console(stderr=True).status(text):
        yield
