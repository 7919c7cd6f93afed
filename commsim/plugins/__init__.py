"""Allocation rules and how they come in: hooks, loading, contract checks, the view of a round, the rules themselves."""

from commsim.plugins.calling import call_rule
from commsim.plugins.catalogue import Catalogue, CatalogueSpecification, Entry
from commsim.plugins.checks import check_award, check_review, check_terms
from commsim.plugins.loader import load_catalogue
from commsim.plugins.origins import Origin
from commsim.plugins.views import make_view

__all__ = [
    "Catalogue",
    "CatalogueSpecification",
    "Entry",
    "Origin",
    "call_rule",
    "check_award",
    "check_review",
    "check_terms",
    "load_catalogue",
    "make_view",
]
