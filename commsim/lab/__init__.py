"""The virtual laboratory: published experiments, and new ones, with the residents of the district.

>>> from commsim.lab import Appeal, Experiment, Population
>>> people = Population.sample(5000, seed=1)
>>> arms = {"control": Appeal(base_rate=0.02), "match": Appeal(base_rate=0.02, match_rate=1)}
>>> Experiment(arms).summary(people, replicates=3, seed=1).groupby("arm")["acted"].mean().idxmax()
'match'
"""

from commsim.lab.appeal import Appeal
from commsim.lab.decision_parameters import kernel_parameters
from commsim.lab.diffusion import Diffusion
from commsim.lab.experiment import Experiment
from commsim.lab.fundraiser import Fundraiser, Organisation
from commsim.lab.message import Message
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome, Protocol
from commsim.lab.public_goods import PublicGoodsGame, Punishment
from commsim.lab.recruitment import Recruitment
from commsim.lab.vote import Vote

__all__ = [
    "Appeal",
    "Diffusion",
    "Experiment",
    "Fundraiser",
    "Message",
    "Organisation",
    "Outcome",
    "Population",
    "Protocol",
    "PublicGoodsGame",
    "Punishment",
    "Recruitment",
    "Vote",
    "kernel_parameters",
]
