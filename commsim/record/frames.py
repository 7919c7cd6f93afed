"""Records as compact columns and as pandas frames: the dtypes of everything that is written or shown.

The one module of this package that imports pandas, and only when a frame is made: what checks a scenario needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commsim.errors import BrokenInvariant
from commsim.i18n import _

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, Any]

_MONEY_SUFFIX = "_fen"
_MONEY_COLUMNS = frozenset({"fen", "opening", "money_in", "money_out", "closing", "posting"})
_DECIMAL_COLUMNS = frozenset(
    "hours_needed hours_given pledged_hours people_needed scope staff_hours quality fit readiness benefit score".split()
)
_YES_NO_COLUMNS = frozenset({"permitted", "late"})


def compact(name: str, values: Any) -> NDArray[Any]:
    """Numbers in the dtype of the store: money int64, other whole numbers int32, decimals float32.

    Raises BrokenInvariant where a count does not fit into int32.
    """
    array = np.asarray(values)
    # Names decide where the values cannot: a run without projects has the same dtypes as any other.
    if name in _DECIMAL_COLUMNS or (array.dtype.kind == "f" and array.size):
        return array.astype(np.float32)
    if array.dtype.kind == "b" or name in _YES_NO_COLUMNS:
        return array.astype(np.bool_)
    if name.endswith(_MONEY_SUFFIX) or name in _MONEY_COLUMNS:
        return array.astype(np.int64)
    limits = np.iinfo(np.int32)
    if array.size and (array.max() > limits.max or array.min() < limits.min):
        raise BrokenInvariant(
            _("column {name} goes up to {most}, beyond what a count may be").format(name=name, most=int(array.max()))
        )
    return array.astype(np.int32)


def compact_columns(columns: Columns) -> dict[str, Any]:
    """`compact` for each of some columns."""
    return {name: compact(name, values) for name, values in columns.items()}


def keyed(rule: str, replicate: int, length: int) -> dict[str, Any]:
    """The columns that every table begins with: which run a row belongs to."""
    return {
        "rule": coded(np.zeros(length, np.int8), [rule]),
        "replicate": np.full(length, replicate, dtype=np.int32),
    }


def coded(codes: NDArray[Any], values: Sequence[str]) -> pd.Categorical[str]:
    """Texts given as positions in `values` (which must be distinct)."""
    import pandas as pd

    return pd.Categorical.from_codes(codes, categories=pd.Index(list(values)))


def coded_texts(texts: Iterable[object]) -> pd.Categorical[str]:
    """Texts as they come, each kept once; other objects as `str` writes them."""
    import pandas as pd

    return pd.Categorical(list(map(str, texts)))


def frame(columns: Columns) -> pd.DataFrame:
    """Columns of one length as a frame, in their order."""
    import pandas as pd

    return pd.DataFrame(dict(columns))


def stack(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frames of the same columns one below the other, coded texts staying coded.

    Categories are united in order of first appearance, so that the same frames give the same result in every process.
    """
    import pandas as pd

    given = list(frames)
    parts = [part for part in given if len(part)] or given[:1]
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Any] = {}
    for name in parts[0].columns:
        pieces = [part[name] for part in parts]
        if isinstance(pieces[0].dtype, pd.CategoricalDtype):
            columns[name] = pd.api.types.union_categoricals([piece.array for piece in pieces])
        else:
            columns[name] = np.concatenate([piece.to_numpy() for piece in pieces])
    return pd.DataFrame(columns)
