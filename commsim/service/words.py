"""Words and marks that every face shares with the page of a comparison (lists in sentences: `sentences`)."""

from __future__ import annotations

from commsim.report.number_words import headed
from commsim.report.pairwise import APART, TOO_FEW
from commsim.study.paired import FEW
from commsim.study.skipped import MARK as SKIPPED

__all__ = ["APART", "FEW", "SKIPPED", "TOO_FEW", "headed"]
