"""The plugins that come with commsim, a family a folder; they enter through commsim's own entry points like anybody's.

A family is taken out by leaving its line out of `[project.entry-points.commsim]` in pyproject.toml, or for one call
with `COMMSIM_BLOCK_PLUGINS=committees`.
"""

from commsim.old_addresses import old_names

__getattr__ = old_names(__name__)
