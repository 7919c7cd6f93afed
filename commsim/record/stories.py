"""The stories of a run's projects, read back from their columns: what happened when, and what it comes to.

Pure reading: the same from a run in memory and from the table of projects in a results folder.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from commsim.behaviour.acts import Channel
from commsim.community.procedures import Stage
from commsim.community.story import ASKED, CAME, StoryKey
from commsim.i18n import Bilingual
from commsim.money import FEN_PER_YUAN

if TYPE_CHECKING:
    import pandas as pd

    from commsim.record.run_result import RunResult
    from commsim.scenario import Scenario

STORY = "story"
"""Column of the projects' table that holds the stories."""


@dataclass(frozen=True)
class StoryLine:
    """One line: in which month of the run, what, how much (in the unit of its key), and what was said, if anything."""

    month: int
    key: StoryKey
    number: float
    said: Bilingual | None = None


class ProjectStory:
    """A project with its story. `columns`: its row of the projects' table by name of the column."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self.columns = columns
        self.lines = tuple(_line(*written) for written in json.loads(columns[STORY]))

    @property
    def id(self) -> str:
        """The project's id, the same under every rule."""
        return str(self.columns["project"])

    @property
    def short_id(self) -> str:
        """The id without its fund, which is the same for most projects of a run."""
        return self.id.removeprefix(f"{self.columns['fund']}-")

    @property
    def stage(self) -> Stage:
        """Where it stands at the end of the run."""
        return Stage(self.columns["stage"])

    @cached_property
    def totals(self) -> Counter[StoryKey]:
        """By key the sum of its numbers over all months."""
        found: Counter[StoryKey] = Counter()
        for line in self.lines:
            found[line.key] += line.number  # type: ignore[assignment]  # hours and yuan are no whole numbers
        return found

    def months(self) -> Iterable[tuple[int, Sequence[StoryLine]]]:
        """Its months, ascending, each with its lines in the order in which they happened."""
        for month, lines in groupby(self.lines, key=lambda line: line.month):
            yield month, list(lines)

    def yuan(self, column: str) -> float:
        """A column of fen in yuan."""
        return float(self.columns[column]) / FEN_PER_YUAN

    @property
    def public_yuan(self) -> float:
        """Public money that it was paid and did not give back, and bonuses that its donors got."""
        return self.yuan("paid_fen") - self.totals[StoryKey.RETURNED] + self.totals[StoryKey.BONUS]

    @property
    def partner_yuan(self) -> float:
        """Money of local units that it did not give back."""
        return self.yuan("partner_fen") - self.totals[StoryKey.PARTNERS_RETURNED]

    @property
    def people(self) -> int:
        """Residents who gave it hours, or money that stayed when its round was settled, each once."""
        return int(self.totals[StoryKey.JOINED])

    @property
    def new_faces(self) -> int:
        """Of these: who had given nothing and started nothing within memory."""
        return int(self.totals[StoryKey.NEW_FACES])

    @property
    def hours(self) -> float:
        """Hours that residents gave it."""
        return float(self.columns["hours_given"])

    def asked(self, channel: Channel) -> int:
        """How often residents of its place were asked through a channel; who was asked in two months counts twice."""
        return int(self.totals[ASKED[channel]]) if channel in ASKED else 0

    def came(self, channel: Channel) -> int:
        """How many of its people had been asked through a channel when they first gave to it."""
        return int(self.totals[CAME[channel]])


@dataclass(frozen=True)
class RunStories:
    """A run with the stories of its projects: the `scenario`, the `rule` (its label) with its `title`, the `seed` and
    `replicate`, and the `stories`, newest project first."""

    scenario: Scenario
    rule: str
    title: Bilingual
    seed: int
    replicate: int
    stories: Sequence[ProjectStory]

    def date(self, month: int) -> str:
        """A month of the run as "YYYY-MM"."""
        return self.scenario.month_date(month)


def stories_of(projects: pd.DataFrame) -> list[ProjectStory]:
    """Stories of the projects of one run, newest first; lines of service plans have none."""
    told = [ProjectStory(row) for row in projects.to_dict(orient="records") if row[STORY] != "[]"]  # type: ignore[arg-type]
    return sorted(told, key=lambda story: (-int(story.columns["proposed"]), story.id))


def stories_of_run(result: RunResult) -> RunStories:
    """The stories of a run in memory."""
    return RunStories(
        scenario=result.scenario,
        rule=result.rule,
        title=result.title,
        seed=result.seed,
        replicate=result.replicate,
        stories=stories_of(result.projects),
    )


def _line(month: int, key: str, number: float, said: Mapping[str, str] | None = None) -> StoryLine:
    return StoryLine(month, StoryKey(key), number, None if said is None else Bilingual(en=said["en"], zh=said["zh"]))
