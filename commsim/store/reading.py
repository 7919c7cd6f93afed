"""Results folders read back: whose run it was, and the stories of its projects.

What is read was written by commsim, by this version or another one, and may have been touched since: whatever is not
there or not as expected is told with the folder, the file and what to do.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.errors import InvalidInput
from commsim.i18n import Bilingual, _
from commsim.record.stories import STORY, RunStories, stories_of
from commsim.suggestions import listing

if TYPE_CHECKING:
    from commsim.scenario import Scenario

MANIFEST = "manifest.json"
KINDS = ("run", "compare")


@dataclass(frozen=True)
class ResultsFolder:
    """A results folder of a run or a comparison: where it lies, and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def rules(self) -> tuple[str, ...]:
        """Labels of its rules; of a comparison the baseline first."""
        return tuple(str(rule["label"]) for rule in self.manifest["rules"])

    @property
    def replicates(self) -> Sequence[int]:
        """Numbers of its replicates."""
        if self.manifest["kind"] == "run":
            return [int(self.manifest["replicate"])]
        return range(int(self.manifest["replicates"]))

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as it was run. Raises InvalidInput where this version of commsim does not take it."""
        from commsim.scenario import load_scenario

        about = self.manifest["scenario"]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{about['name']}.yaml"
            path.write_text(about["yaml"], encoding="utf-8")
            try:
                return load_scenario(path)
            except InvalidInput:
                raise InvalidInput(
                    _(
                        "{file}: the scenario in it is not one that this version of commsim takes (the folder was "
                        "written by commsim {version}). Run it again: commsim run {name}"
                    ).format(file=self.folder / MANIFEST, version=self._version, name=about["name"])
                ) from None

    @property
    def _version(self) -> str:
        return str(self.manifest.get("surroundings", {}).get("commsim", "?"))

    def stories(self, rule: str, replicate: int) -> RunStories:
        """The stories of one of its runs.

        Raises InvalidInput where it has no such rule or replicate, where that run failed, or where the folder is of a
        version that told no stories.
        """
        self._check(rule, replicate)
        title = next(about["title"] for about in self.manifest["rules"] if about["label"] == rule)
        return RunStories(
            scenario=self.scenario,
            rule=rule,
            title=Bilingual(en=title["en"], zh=title["zh"]),
            seed=int(self.manifest["seed"]),
            replicate=replicate,
            stories=self._stories(rule, replicate),
        )

    def _check(self, rule: str, replicate: int) -> None:
        if rule not in self.rules:
            raise InvalidInput(
                _("{folder}: no rule {rule!r} was run in it; there are: {rules}").format(
                    folder=self.folder, rule=rule, rules=listing(self.rules)
                )
            )
        if replicate not in self.replicates:
            raise InvalidInput(
                _("{folder}: a replicate of {first} to {last} was expected; {given} came").format(
                    folder=self.folder, first=self.replicates[0], last=self.replicates[-1], given=replicate
                )
            )

    def _stories(self, rule: str, replicate: int) -> Any:
        import duckdb

        files = sorted(str(path) for path in self.folder.glob("projects-*.parquet"))
        if not files:
            raise InvalidInput(
                _("{folder}: the table of projects (projects-000.parquet) is not there. Run it again").format(
                    folder=self.folder
                )
            )
        with duckdb.connect(":memory:") as connection:
            try:
                columns = connection.read_parquet(files).columns
                if STORY in columns:
                    query = "SELECT * FROM read_parquet($files) WHERE rule = $rule AND replicate = $replicate"
                    asked = {"files": files, "rule": rule, "replicate": replicate}
                    return stories_of(connection.execute(query, asked).df())
            except (duckdb.Error, ValueError, KeyError, TypeError) as error:
                raise InvalidInput(
                    _("{file}: the projects in it cannot be read: {error}. Run it again").format(
                        file=files[0], error=str(error)
                    )
                ) from error
        raise InvalidInput(
            _(
                "{file}: its projects have no stories (column {column!r}), since it was written by an older version "
                "of commsim. Run it again: commsim run {name}"
            ).format(file=files[0], column=STORY, name=self.manifest["scenario"]["name"])
        )


def is_results_folder(path: Path) -> bool:
    """Whether `path` is a folder at all: what is one is read as results, never as a scenario."""
    return path.is_dir()


def read_folder(folder: Path) -> ResultsFolder:
    """The results folder of a run or a comparison. Raises InvalidInput where it is none."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        kind = manifest["kind"]
        if kind in KINDS:
            return _checked(folder, manifest)
    except OSError:
        raise InvalidInput(
            _(
                "{folder}: this is no results folder (there is no {file} in it). Give a folder that commsim run or "
                "commsim compare wrote, or the name of a scenario"
            ).format(folder=folder, file=MANIFEST)
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            _("{file}: this is not the manifest of a run or a comparison ({error}). Run it again").format(
                file=path, error=repr(error)
            )
        ) from error
    raise InvalidInput(
        _("{folder}: a folder of {kinds} was expected; this is one of {kind!r}, whose projects have no stories").format(
            folder=folder, kinds=listing(f"commsim {known}" for known in KINDS), kind=kind
        )
    )


def _checked(folder: Path, manifest: Mapping[str, Any]) -> ResultsFolder:
    """Raises KeyError, ValueError or TypeError where the manifest lacks what is needed."""
    found = ResultsFolder(folder, manifest)
    for needed in (found.rules, found.replicates, manifest["scenario"]["yaml"], manifest["scenario"]["name"]):
        if needed is None:
            raise ValueError(needed)
    return found
