"""Anything that commsim makes as JSON's own types: what documents hold, and what a use case hands to a face."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from commsim.i18n import LANGUAGES, Text


def plain(value: Any) -> Any:
    """`value` in JSON's own types: texts in both languages, NaN as null, arrays as lists, data frames as rows.

    >>> from pathlib import Path
    >>> from commsim.i18n import Bilingual
    >>> plain({"title": Bilingual(en="Fund", zh="资金"), "share": float("nan"), "folder": Path("results")})
    {'title': {'en': 'Fund', 'zh': '资金'}, 'share': None, 'folder': 'results'}
    """
    if isinstance(value, Text):
        return {language: value.to(language) for language in LANGUAGES}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "to_dict"):  # a data frame
        return [plain(row) for row in value.to_dict(orient="records")]
    if hasattr(value, "tolist"):  # an array or a NumPy number
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int | bool | None) else str(value)
