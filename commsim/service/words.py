"""Words and marks that every face shares with the page of a comparison."""

from __future__ import annotations

from commsim.natural_order import natural_key
from commsim.report.number_words import headed
from commsim.report.pairwise import APART, TOO_FEW
from commsim.study.paired import FEW
from commsim.study.skipped import MARK as SKIPPED
from commsim.suggestions import listing

__all__ = ["APART", "FEW", "SKIPPED", "TOO_FEW", "headed", "listing", "natural_key"]
