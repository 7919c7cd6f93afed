"""`python -m commsim.scenario` writes the JSON Schema beside the shipped scenarios, after the schema has changed."""

from __future__ import annotations

from commsim.scenario.loading import SCHEMA_FILE, schema_text
from commsim.scenario.scenario_files import shipped_folder

if __name__ == "__main__":
    (shipped_folder() / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
