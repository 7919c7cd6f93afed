"""Every number that the model uses, one subject a file; `commsim.scenario.registry` reads them."""

from commsim.old_addresses import old_names

__getattr__ = old_names(__name__)
