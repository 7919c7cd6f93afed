"""What runs leave behind: run records, and the registry of indicators computed from them."""

from commsim.record.indicators import Indicator, IndicatorRegistry
from commsim.record.inequality import gini
from commsim.record.run_result import RunResult, record_run
from commsim.record.standard_indicators import standard_indicators

__all__ = ["Indicator", "IndicatorRegistry", "RunResult", "gini", "record_run", "standard_indicators"]
