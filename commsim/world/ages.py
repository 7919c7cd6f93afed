"""Ages by which residents are told apart: the age of majority, and the bands of the indicators."""

from __future__ import annotations

ADULT_AGE = 18
"""Residents of eighteen and over vote and decide, by statute."""
BANDS = {"18_39": (18, 39), "40_59": (40, 59), "60_plus": (60, 255)}
"""Age groups of the indicators, in years, both ends included (district.md E); 255 is the oldest that a column holds."""
