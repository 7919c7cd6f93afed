"""How a resident decides: asked → yes → how much, and what is learned. Pure functions of columns.

Used by the district (`commsim.processes`) and meant for a laboratory as well; knows neither. Every coefficient comes
from the parameter registry; this package holds none.
"""
