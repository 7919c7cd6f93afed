"""What runs leave behind: run records, and the registry of indicators computed from them."""

from commsim.record.indicators import Indicator, IndicatorRegistry, standard_indicators
from commsim.record.inequality import gini
from commsim.record.run_record import RunResult, record_run

__all__ = ["Indicator", "IndicatorRegistry", "RunResult", "gini", "record_run", "standard_indicators"]
