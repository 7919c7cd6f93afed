"""How plugins come in: hooks, sources, loading, validation, the catalogue. It knows no rule."""

from commsim.plugin_host.catalogue import Catalogue, CatalogueSpecification, Entry
from commsim.plugin_host.loader import load_catalogue

__all__ = ["Catalogue", "CatalogueSpecification", "Entry", "load_catalogue"]
