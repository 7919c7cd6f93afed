"""What this is: its name and its version, so that nobody below has to import the public face for them."""

from __future__ import annotations

PROJECT_NAME = "commsim"
"""The name of the distribution, of the group of entry points, and of pluggy's marks."""

__version__ = "0.1.0"
