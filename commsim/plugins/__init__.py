"""Allocation rules and how they come in: hooks, loading, contract checks, the view of a round, the rules themselves."""

from commsim.calling.call import call_rule
from commsim.plugin_host.catalogue import Catalogue, CatalogueSpecification, Entry
from commsim.calling.checks import check_award, check_review, check_terms
from commsim.plugin_host.loader import load_catalogue
from commsim.calling.origins import Origin
from commsim.calling.views import make_view

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
