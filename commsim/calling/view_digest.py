"""A digest of all that a rule can reach of its view, by which a rule that writes into one is found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

import numpy as np

from commsim.contracts import RoundView, Table


def view_digest(view: RoundView) -> bytes:
    """A digest of every value of a view, hidden ones left out; it changes if a rule manages to write into one.

    Whatever a need opens is in it, of whichever kind: arrays by their bytes, tables by column, and what is made of
    others by its pieces.
    """
    digest = hashlib.blake2b(digest_size=16)
    # Parts stand in a view by name; what begins with _ is those once more, and luck, a function that holds nothing.
    shown = {name: value for name, value in vars(view).items() if not name.startswith("_")}
    _take_in(digest, "view", shown)
    return digest.digest()


_PLAIN = (str, int, float, bool, type(None))
"""Types whose `repr` says all, asked first since most values are of them."""


def _take_in(digest: Any, path: str, value: Any) -> None:
    """Add the bytes of a value, or of its pieces, each with where it lies."""
    if isinstance(value, np.ndarray):
        _add(digest, path, np.ascontiguousarray(value).tobytes())
        return
    pieces = _pieces(value)
    made_of_others = {name: piece for name, piece in pieces.items() if _has_pieces(piece)}
    plain = [(name, piece) for name, piece in pieces.items() if name not in made_of_others]
    _add(digest, path, repr((list(pieces), plain)).encode(errors="backslashreplace"))
    for name, piece in made_of_others.items():
        _take_in(digest, f"{path}.{name}", piece)


def _add(digest: Any, path: str, written: bytes) -> None:
    digest.update(f"{path}:{len(written)};".encode(errors="backslashreplace"))
    digest.update(written)


def _pieces(value: Any) -> Mapping[Any, Any]:
    """What a value is made of, by name."""
    if isinstance(value, Table):
        return value._columns
    if isinstance(value, tuple | list):
        return dict(enumerate(value))
    return value if isinstance(value, Mapping) else vars(value)


def _has_pieces(value: Any) -> bool:
    """Whether the `repr` of a value does not say it wholly: an array, or what is made of others."""
    if isinstance(value, _PLAIN):
        return False
    if isinstance(value, tuple | list):
        return any(not isinstance(piece, _PLAIN) and isinstance(piece, Mapping | np.ndarray) for piece in value)
    return isinstance(value, np.ndarray | Table) or is_dataclass(value) or isinstance(value, Mapping)
