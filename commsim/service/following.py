"""How a face follows work that takes long: it is told how far it is, and may call it off.

Work is called off between two steps of it (a month of a run, an experiment of the laboratory), never while a folder is
written, so that nothing half written stays.
"""

from __future__ import annotations

from collections.abc import Callable

from commsim.errors import Cancelled
from commsim.i18n import Text, _

Progress = Callable[[int, int, Text], None]
"""Told (done, total, what is being done); `done` never falls."""
Cancel = Callable[[], bool]
"""Asked at every step; once it says True, the work ends with `commsim.errors.Cancelled`."""
Tell = Callable[[Text], None]
"""Told a sentence that the user should read: a note on what is given, or a warning of what became of it."""


class Followed:
    """What work is given to tell how far it is: call it with (done, total, what is being done).

    Arguments: `progress` and `cancel` as the face gave them, or None; `doing`, what is said where the work says nothing
    itself (None: which month of the run it is). Raises Cancelled from within the work once that is called off.
    """

    def __init__(self, progress: Progress | None, cancel: Cancel | None, doing: Text | None = None) -> None:
        self._progress = progress
        self._cancel = cancel
        self._doing = doing
        self._most = 0
        self.check()

    def __call__(self, done: int, total: int, text: Text | None = None) -> None:
        """Pass on how far the work is, and end it where it was called off."""
        self.check()
        self._most = max(self._most, done)
        if self._progress is not None:
            self._progress(self._most, total, text or self._doing or _month(done, total))

    def check(self) -> None:
        """End the work where it was called off. Raises Cancelled."""
        if self.is_set():
            raise Cancelled

    def is_set(self) -> bool:
        """Whether the work was called off (called as that of a `threading.Event`)."""
        return self._cancel is not None and self._cancel()


def _month(done: int, total: int) -> Text:
    return _("month {done} of {total}").format(done=done, total=total)


def untold(_text: Text) -> None:
    """For faces that have nowhere to tell a note or a warning."""
