"""The types that commsim shares with its plugins: what a rule is given, what it announces, what it returns.

A rule has two outputs. With its **terms** it tells residents what will happen to their money, hours and votes; that is
how seed money draws people in. With its **award** it settles the round. It sees a frozen view of the round, holding
only what its `needs` list, and it never moves money: the core checks the award and posts it to the ledger.

A complete rule:

>>> import numpy as np
>>> class HalfOfEverything(Rule):
...     id = "example.half"
...     title = Bilingual(en="Half of everything", zh="各给一半")
...     def settle(self, view):
...         paid = np.minimum(view.proposals.ask // 2, view.budget // max(len(view.proposals), 1))
...         return Award(paid=paid, reasons=("half of what was asked",) * len(paid))
"""

from __future__ import annotations

from commsim.about import PROJECT_NAME
from commsim.contracts.awards import Award, Review
from commsim.contracts.domains import DOMAIN_NAMES, Domain
from commsim.contracts.needs import NEEDS
from commsim.contracts.plain_inputs import PlainFunction, PlainInput, PlainInputRegistrar
from commsim.contracts.rule import (
    API_VERSION,
    Modifier,
    NoParams,
    Registrar,
    Rule,
    hookimpl,
    hookspec,
    parameter,
)
from commsim.contracts.tables import Choices, Influence, Splits, Table
from commsim.contracts.terms import BALLOT_KINDS, COUNTED, Ballot, Calls, Fen, Terms
from commsim.contracts.view import RoundKey, RoundView
from commsim.i18n import Bilingual

__all__ = [
    "API_VERSION",
    "Award",
    "Bilingual",
    "BALLOT_KINDS",
    "COUNTED",
    "Ballot",
    "Calls",
    "Choices",
    "DOMAIN_NAMES",
    "Domain",
    "Fen",
    "Influence",
    "Modifier",
    "NEEDS",
    "NoParams",
    "PROJECT_NAME",
    "PlainFunction",
    "PlainInput",
    "PlainInputRegistrar",
    "Registrar",
    "Review",
    "RoundKey",
    "RoundView",
    "Rule",
    "Splits",
    "Table",
    "Terms",
    "hookimpl",
    "hookspec",
    "parameter",
]
