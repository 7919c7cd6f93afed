"""Why a figure or its interval is missing, where more than one table says it."""

from __future__ import annotations

from commsim.i18n import _

TOO_FEW = _("one pair of runs gives no interval; run more replicates")
UNBOUNDED = _("the denominator cannot be told from zero, so any figure would be chance; run more replicates")
