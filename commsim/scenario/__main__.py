"""`python -m commsim.scenario` writes the JSON Schema beside the shipped scenarios, after the schema has changed."""

from __future__ import annotations

from commsim.scenario.finding import shipped_folder
from commsim.scenario.loading import SCHEMA_FILE, schema_text

if __name__ == "__main__":
    (shipped_folder() / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
