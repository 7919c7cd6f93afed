"""A console on which no text steers the terminal; what the console itself sends to it (colours, moves) stays."""

from __future__ import annotations

import errno
import os
from typing import Any

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment

from commsim.cli.visible import visible


def visible_console(file: Any, width: int | None) -> Console:
    """A console on `file`, `width` columns wide (None: as wide as the terminal). Brackets in names are no markup."""
    console = _Console(file=file, width=width, markup=False, emoji=False, highlight=False, soft_wrap=False)
    console.push_render_hook(_VisibleHook())
    return console


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave a pipe that nobody reads to `commsim.cli.failures`: rich would end the program with exit code 1."""
        self.quiet = True
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


class _VisibleHook(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Visible(renderable) for renderable in renderables]


class _Visible:
    def __init__(self, renderable: ConsoleRenderable) -> None:
        self.renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)
