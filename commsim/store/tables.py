"""Tables on disk: Parquet and CSV written by DuckDB so that the same table gives the same bytes; digests of tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from commsim.no_space import from_words


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write `frame` as zstd Parquet, rows in the order they have.

    One thread: the row groups, and with them the bytes, would otherwise depend on scheduling. Raises OSError where the
    disk is full.
    """
    columns = ", ".join(
        f'CAST("{name}" AS VARCHAR) AS "{name}"' if is_text(frame[name]) else f'"{name}"' for name in frame.columns
    )
    _copy(frame, columns, path, "FORMAT parquet, COMPRESSION zstd")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write `frame` as CSV, gzipped where `path` ends in `.gz`: UTF-8, commas, decimal points, undefined left empty.

    It begins with a byte order mark, without which Excel on a Chinese Windows reads GBK; R, pandas and DuckDB leave it
    out. No text is altered: an apostrophe before "=", "+", "-" or "@" would keep Excel from taking a text for a
    formula, but every other program would read another text than the Parquet holds; Excel has `summary.xlsx`, where
    texts are texts. Raises OSError where the disk is full.
    """
    first, *others = frame.columns
    columns = ", ".join([f'"{first}" AS "{_BYTE_ORDER_MARK}{first}"', *(f'"{name}"' for name in others)])
    _copy(frame, columns, path, f"FORMAT csv, HEADER true, COMPRESSION {'gzip' if path.suffix == '.gz' else 'none'}")


def _copy(frame: pd.DataFrame, columns: str, path: Path, form: str) -> None:
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.register("frame", _writable(frame))
        target = str(path).replace("'", "''")
        try:
            connection.execute(f"COPY (SELECT {columns} FROM frame) TO '{target}' ({form})")
        except duckdb.IOException as error:
            raise from_words(str(error), path) or error from error


def is_text(column: pd.Series[Any]) -> bool:
    """Whether a column holds texts, coded or plain."""
    return isinstance(column.dtype, pd.CategoricalDtype) or column.dtype.kind not in "biuf"


def table_digest(frame: pd.DataFrame) -> str:
    """SHA-256 over the columns in alphabetical order, rows in the order they have.

    Of each column: its name, its type and its values, little-endian; of texts the sorted distinct values (UTF-8, each
    after its length), then each row's position among them (int32). Independent of compression and of coding.
    """
    digest = hashlib.sha256()
    for name in sorted(frame.columns):
        column = frame[name]
        _add(digest, name.encode())
        if is_text(column):
            codes, values = pd.factorize(np.asarray(column, dtype=object), sort=True)
            _add(digest, b"text")
            for value in values:
                _add(digest, str(value).encode())
            digest.update(codes.astype("<i4").tobytes())
        else:
            array = column.to_numpy()
            little = array.dtype.newbyteorder("<")
            _add(digest, little.str.encode())
            digest.update(np.ascontiguousarray(array, dtype=little).tobytes())
    return digest.hexdigest()


def describe(frame: pd.DataFrame) -> dict[str, Any]:
    """What a manifest says of a table: rows, columns with their types, digest."""
    types: Sequence[str] = ["text" if is_text(frame[name]) else str(frame[name].dtype) for name in frame.columns]
    return {
        "rows": len(frame),
        "columns": dict(zip(frame.columns, types, strict=True)),
        "sha256": table_digest(frame),
    }


def _writable(frame: pd.DataFrame) -> pd.DataFrame:
    # DuckDB reads NaN of floats as NaN, which readers take for a number; undefined has to be NULL.
    gaps = [name for name in frame.columns if str(frame[name].dtype) in _NULLABLE and frame[name].isna().any()]
    return frame.astype({name: _NULLABLE[str(frame[name].dtype)] for name in gaps})


_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_NULLABLE = {"float32": "Float32", "float64": "Float64"}


def _add(digest: Any, data: bytes) -> None:
    digest.update(len(data).to_bytes(4, "little") + data)
