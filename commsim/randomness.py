"""Common random numbers: one draw per decision, resident and month, the same whatever else happens.

The draw for (root seed, replicate, decision, month, item, resident) is a function of these names alone. Two rules
therefore face the same residents and the same luck and differ only by the rule; skipping a decision, adding a process
or running in another process shifts no other draw.

A block of raw 64-bit words comes from Philox4x64-10 (Salmon et al. 2011), keyed by a BLAKE2b digest of the names;
word i belongs to resident i. NumPy guarantees the bit stream of `Philox` between versions, but not what `Generator`
makes of it, so the words are turned into uniforms here.
"""

from __future__ import annotations

import hashlib
import operator
from typing import TypeAlias

import numpy as np
import scipy  # its parts load when they are used
from numpy.random import Philox
from numpy.typing import NDArray

Uniforms: TypeAlias = NDArray[np.float64]
Item: TypeAlias = int | str | tuple[int | str, ...]

_WORDS_PER_BLOCK = 4  # Philox4x64 yields four words per counter value
_WORDS_AT_ONCE = 1 << 15  # words and the uniforms made of them fit the cache together
_SHIFT = np.uint64(11)  # 53 bits fill the mantissa of a float64
_STEP = 2.0**-53
_HALF_STEP = 2.0**-54  # keeps uniforms strictly inside (0, 1)


class Draws:
    """The luck of one replicate: hands out uniforms by name.

    Arguments: `seed`, the root seed of the study; `replicate`, which of its replicates this is (from 0).
    """

    __slots__ = ("replicate", "seed")

    def __init__(self, seed: int, replicate: int = 0) -> None:
        self.seed = int(seed)
        self.replicate = int(replicate)

    def key(self, decision: str, month: int, item: Item) -> int:
        """The 128-bit Philox key of a block: a digest of the names, each written with its length.

        Raises TypeError for a name that is neither a text nor a whole number: what cannot be written down in one way
        on every machine cannot name luck.
        """
        names = (self.seed, self.replicate, decision, month, *(item if isinstance(item, tuple) else (item,)))
        digest = hashlib.blake2b(digest_size=16, person=b"commsim-draws")
        for name in names:
            written = repr(_plain(name)).encode()
            digest.update(len(written).to_bytes(4, "little") + written)
        return int.from_bytes(digest.digest(), "little")

    def words(self, decision: str, count: int, *, month: int = 0, item: Item = 0, start: int = 0) -> NDArray[np.uint64]:
        """Raw 64-bit words of positions `start` … `start + count - 1` of a block, shape (count,)."""
        words: NDArray[np.uint64] = self._from(start, decision, month, item).random_raw(count)
        return words

    def uniforms(self, decision: str, count: int, *, month: int = 0, item: Item = 0, start: int = 0) -> Uniforms:
        """Uniforms in the open interval (0, 1) for residents `start` … `start + count - 1`, shape (count,)."""
        generator = self._from(start, decision, month, item)
        uniforms = np.empty(count)
        for first in range(0, count, _WORDS_AT_ONCE):
            some = uniforms[first : first + _WORDS_AT_ONCE]
            _write_uniforms(generator.random_raw(len(some)), some)
        return uniforms

    def uniforms_of(self, decision: str, residents: NDArray[np.integer], *, month: int = 0, item: Item = 0) -> Uniforms:
        """Uniforms of some residents (their positions in address order, any order), shape like `residents`."""
        if residents.size == 0:
            return np.empty(0)
        first, last = int(residents.min()), int(residents.max())
        words = self.words(decision, last - first + 1, month=month, item=item, start=first)
        uniforms = np.empty(residents.shape)
        _write_uniforms(words[residents - first], uniforms)
        return uniforms

    def _from(self, start: int, decision: str, month: int, item: Item) -> Philox:
        """The generator of a block, at its word `start`."""
        generator = Philox(key=self.key(decision, month, item))
        skipped_blocks, skipped_words = divmod(start, _WORDS_PER_BLOCK)
        if skipped_blocks:
            generator.advance(skipped_blocks)
        if skipped_words:
            generator.random_raw(skipped_words)
        return generator

    def uniform(self, decision: str, *, month: int = 0, item: Item = 0) -> float:
        """One uniform, for a decision that no resident takes."""
        return float(self.uniforms(decision, 1, month=month, item=item)[0])

    def normals(self, decision: str, count: int, *, month: int = 0, item: Item = 0, start: int = 0) -> Uniforms:
        """Standard normals by inversion, so that each costs exactly one word, shape (count,)."""
        normal: Uniforms = scipy.special.ndtri(self.uniforms(decision, count, month=month, item=item, start=start))
        return normal


def _plain(name: object) -> int | str:
    """A name in Python's own types, so that NumPy's 3 and the plain 3 name the same luck. Raises TypeError."""
    if isinstance(name, str):
        return str.__str__(name)
    if not isinstance(name, bool):
        try:
            return int(operator.index(name))  # type: ignore[arg-type]
        except TypeError:
            pass
    raise TypeError(f"luck is named by texts and whole numbers; {name!r} ({type(name).__name__}) came")


def _write_uniforms(words: NDArray[np.uint64], uniforms: Uniforms) -> None:
    """Turn words into uniforms of the same shape; the words are used up."""
    words >>= _SHIFT
    np.multiply(words, _STEP, out=uniforms)
    uniforms += _HALF_STEP


def pick(probabilities: NDArray[np.floating], uniforms: Uniforms) -> NDArray[np.intp]:
    """One option per row by inversion. `probabilities` (rows, options), each row summing to 1; `uniforms` (rows,)."""
    chosen = np.zeros(len(uniforms), dtype=np.intp)
    cumulative = np.zeros(len(uniforms), dtype=probabilities.dtype)
    # The last step is 1 up to rounding; counting only the steps before it keeps every pick inside the options. Options
    # are few and rows are many: one option of all rows at a time runs along memory.
    for share in probabilities.T[:-1]:
        cumulative += share
        chosen += uniforms > cumulative
    return chosen
