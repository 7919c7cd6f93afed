"""A digest of all that a rule can reach of its view, by which a rule that writes into one is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from commsim.contracts import RoundView, Table


def view_digest(view: RoundView) -> bytes:
    """A digest of every value of a view, hidden ones left out; it changes if a rule manages to write into one.

    Whatever a need opens is in it, of whichever kind: arrays by their bytes, tables by column, and what is made of
    others by its pieces.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name in view.__dataclass_fields__:
        if name != "_draw":  # a function, which holds nothing of the round
            for path, written in _written(name, getattr(view, name)):
                digest.update(f"{path}:{len(written)};".encode())
                digest.update(written)
    return digest.digest()


def _written(path: str, value: Any) -> Iterator[tuple[str, bytes]]:
    """The bytes of a value, or of its pieces, each with where it lies."""
    if isinstance(value, np.ndarray):
        yield path, np.ascontiguousarray(value).tobytes()
        return
    pieces = _pieces(value)
    if pieces is None:
        yield path, repr(value).encode(errors="backslashreplace")
        return
    yield path, repr(list(pieces)).encode(errors="backslashreplace")
    for name, piece in pieces.items():
        yield from _written(f"{path}.{name}", piece)


def _pieces(value: Any) -> Mapping[Any, Any] | None:
    """What a value is made of, by name; None for one that its `repr` says wholly."""
    if isinstance(value, Table):
        return {name: getattr(value, name) for name in value.columns}
    if isinstance(value, Mapping):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: getattr(value, part.name) for part in fields(value)}
    if isinstance(value, tuple | list) and any(isinstance(piece, Mapping | np.ndarray) for piece in value):
        return dict(enumerate(value))
    return None
