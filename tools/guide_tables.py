"""Write the tables of docs/writing-a-rule.md that are made from the contract: python tools/guide_tables.py."""

from __future__ import annotations

import re
from pathlib import Path

from commsim.authoring.guide_tables import table_of_needs

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "writing-a-rule.md"
_TABLE = re.compile(r"(?<=### Words of `needs`\n\n)(\|.*\n)+")


def main() -> None:
    """Put the table of needs in place of the one that is there."""
    text = GUIDE.read_text(encoding="utf-8")
    GUIDE.write_text(_TABLE.sub(lambda _old: table_of_needs(), text, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
