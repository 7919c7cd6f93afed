"""What is wrong with amounts that should be whole fen, one for each proposal, and what to do about it."""

from __future__ import annotations

from typing import Any

import numpy as np

from commsim.i18n import Text, _

_CONVERT = _("Divide with commsim.rules.largest_remainder, or round: np.rint(values).astype(np.int64)")
NOT_TAKEN = _("A rule cannot take money from a project here; see review")
"""What to do where amounts that are paid are below zero."""
_SHOWN = 40
"""Most letters of a value that a message repeats."""


def fault_in_fen(
    name: str, amounts: Any, length: int, *, below_zero: Text | None = NOT_TAKEN
) -> tuple[Text, Text] | None:
    """What came instead of int64 fen of 0 or more, shape (length,), and the remedy; None where all is as it should be.

    Where single values are wrong, the first of them is shown with its position. `below_zero`: the remedy for amounts
    below zero; None where they are allowed.
    """
    if not isinstance(amounts, np.ndarray) or amounts.dtype != np.int64 or amounts.shape != (length,):
        came = type(amounts).__name__
        if isinstance(amounts, np.ndarray):
            came = f"{amounts.dtype} {amounts.shape}"
        text = _("{name} is {came}; expected int64 fen, shape ({length},)")
        first, remedy = _first_wrong(name, amounts, length)
        if str(first):
            text = _("{name} is {came}; expected int64 fen, shape ({length},); {first}")
        return text.format(name=name, came=came, length=length, first=first), remedy
    if below_zero is not None and np.any(amounts < 0):
        at = int(np.flatnonzero(amounts < 0)[0])
        return (
            _("{name}[{at}] is {came} fen; expected 0 or more").format(name=name, at=at, came=int(amounts[at])),
            below_zero,
        )
    return None


def _first_wrong(name: str, amounts: Any, length: int) -> tuple[Text, Text]:
    """The first value that is no whole number, and what to do; an empty text where only the form is wrong."""
    values = amounts.tolist() if isinstance(amounts, np.ndarray) else amounts
    if not isinstance(values, list | tuple):
        return Text(""), _("Give an array with whole fen for each proposal: np.array(values, dtype=np.int64)")
    if len(values) != length:
        text = _("{came} values came for {n}").format(came=len(values), n=length)
        return text, _("Give one amount for each, in the order of the view")
    for at, value in enumerate(values):
        shown = _("{name}[{at}] is {value}").format(name=name, at=at, value=repr(value)[:_SHOWN])
        if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
            return shown, _("Give whole fen there, a number and nothing else")
        if not np.isfinite(value):
            return shown, _(
                "Look for a division by zero or a missing value in the rule, and pay 0 where nothing is due"
            )
        if value != int(value):
            return shown, _CONVERT
    return Text(""), _("The values are whole: convert them with np.array(values, dtype=np.int64)")
