"""What happens in a month: one module a step, in the plan's order."""

from __future__ import annotations

from commsim.processes.analysis import Analysis
from commsim.processes.appraisal import Appraisal
from commsim.processes.base import Process
from commsim.processes.calendar import Calendar
from commsim.processes.contribution import Contribution
from commsim.processes.deliberation import Deliberation
from commsim.processes.delivery import Delivery
from commsim.processes.mobilisation import Mobilisation
from commsim.processes.organisations import Organisations
from commsim.processes.recording import Recording
from commsim.processes.rounds import Rounds
from commsim.processes.settlement import Settlement
from commsim.processes.visibility import Visibility

MONTH: tuple[type[Process], ...] = (
    Calendar,
    Analysis,
    Deliberation,
    Rounds,
    Mobilisation,
    Contribution,
    Settlement,
    Delivery,
    Visibility,
    Appraisal,
    Organisations,
    Recording,
)
"""The twelve steps of a month, in order."""

__all__ = ["MONTH", "Process"]
