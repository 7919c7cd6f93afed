"""Words and marks that every face shares with the page of a comparison (lists in sentences: `sentences`)."""

from __future__ import annotations

from commsim.report.number_words import headed
from commsim.report.page_words import LEVELS as BASELINE_LEVELS
from commsim.report.pairwise import APART, TOO_FEW
from commsim.report.parts_of_effects import NAMES as PART_NAMES
from commsim.report.who_gains import DIMENSIONS, GROUPS
from commsim.study.paired import FEW
from commsim.study.skipped import MARK as SKIPPED

__all__ = ["APART", "BASELINE_LEVELS", "DIMENSIONS", "FEW", "GROUPS", "PART_NAMES", "SKIPPED", "TOO_FEW", "headed"]
