"""The story of one project, from the first complaint to the appraisal, and the list of projects it is chosen from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.record import RunResult
from commsim.record.stories import ProjectStory, RunStories, stories_of_run
from commsim.report.stories import ToldProject, project_row, told
from commsim.service.catalogues import catalogue_of
from commsim.service.following import Cancel, Followed, Progress, Tell, untold
from commsim.service.scenarios import loaded_scenario
from commsim.store.plain import plain
from commsim.store.reading import is_results_folder, read_folder
from commsim.study import simulate
from commsim.suggestions import listing, nearest_names

_SCENARIO_FILES = (".yaml", ".yml")
MOST_NAMED = 5
"""Projects that an error names."""


@dataclass(frozen=True)
class Traced:
    """What was found: the `document`, which is the list of a run's projects or the story of one."""

    document: dict[str, Any]


def trace(
    run: str | Path,
    project: str | None = None,
    rule: str | None = None,
    replicate: int | None = None,
    seed: int | None = None,
    *,
    overrides: Sequence[str] = (),
    plugin_files: Sequence[str | Path] = (),
    installed_plugins: bool = True,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    note: Tell = untold,
) -> Traced:
    """The projects of a run, newest first, or the story of one of them.

    Arguments: `run`, a folder that a run or a comparison wrote, or a scenario (a name or a file) to run first, with
    `rule`, `seed`, `overrides` and plugins as for `commsim.service.running.run`; `project`, the id of a project or a
    part of it that no other has (None: all are listed); of a folder, `rule` and `replicate` say which of its runs
    (None: the first rule that has projects, and the first replicate); `note`, told which.
    Raises InvalidInput or RuleError for what is wrong, Cancelled where it was called off.
    """
    path = Path(run)
    if is_results_folder(path):
        _refuse_for_folder(path, seed, overrides, plugin_files)
        stories = _of_folder(path, project, rule, replicate, note)
    elif not path.exists() and len(path.parts) > 1 and path.suffix not in _SCENARIO_FILES:
        text = _("{path}: there is no such folder. Give one that commsim run or commsim compare wrote, or a scenario")
        raise InvalidInput(text.format(path=path))
    else:
        scenario = loaded_scenario(run, overrides, note)
        catalogue = catalogue_of(plugin_files, installed_plugins)
        followed = Followed(progress, cancel)
        stories = stories_of_run(simulate(scenario, rule, seed, replicate or 0, catalogue=catalogue, progress=followed))
    return Traced(plain(_document(str(run), stories, project)))


def told_of_run(result: RunResult, project: str) -> ToldProject:
    """The story of a project of a run in memory. Raises InvalidInput where there is no such project."""
    stories = stories_of_run(result)
    return told(_chosen(stories, project), stories)


def _refuse_for_folder(
    folder: Path, seed: int | None, overrides: Sequence[str], plugin_files: Sequence[str | Path]
) -> None:
    """A folder was run already: what would change the run cannot be meant."""
    given = {"--seed": seed is not None, "--set": bool(overrides), "--plugin": bool(plugin_files)}
    meant = [option for option, there in given.items() if there]
    if meant:
        text = _("{folder}: {options} cannot change a run that is there already; leave it out, or give a scenario")
        raise InvalidInput(text.format(folder=folder, options=listing(meant)))


def _of_folder(path: Path, project: str | None, rule: str | None, replicate: int | None, note: Tell) -> RunStories:
    """The run of a folder that is meant; which it is, is told where there are several."""
    folder = read_folder(path)
    number = folder.replicates[0] if replicate is None else replicate
    if rule is not None:
        return folder.stories(rule, number)
    found = [folder.stories(label, number) for label in folder.rules]
    having = [stories for stories in found if _matching(stories, project)] or found
    chosen = having[0]
    if len(found) > 1:
        others = listing(stories.rule for stories in having[1:]) if having[1:] else _("none")
        text = _(
            "replicate {replicate} under {rule}; --rule and --replicate choose another (also with projects: {others})"
        )
        note(text.format(replicate=number, rule=chosen.rule, others=others))
    return chosen


def _matching(stories: RunStories, project: str | None) -> list[ProjectStory]:
    """Projects that are meant by an id or a part of one; all where none is given."""
    if project is None:
        return list(stories.stories)
    exact = [story for story in stories.stories if project in (story.id, story.short_id)]
    return exact or [story for story in stories.stories if project in story.id]


def _chosen(stories: RunStories, project: str) -> ProjectStory:
    """The one project that is meant. Raises InvalidInput where none is, or several are."""
    found = _matching(stories, project)
    if len(found) == 1:
        return found[0]
    ids = [story.short_id for story in stories.stories]
    if found:
        text = _("{project!r} is part of {n} ids: {ids}. Give more of the one that is meant")
        shown = listing([story.short_id for story in found[:MOST_NAMED]])
        raise InvalidInput(text.format(project=project, n=len(found), ids=_cut(shown, len(found))))
    if not ids:
        text = _("under {rule} there are no projects, so none has a story; choose another rule")
        raise InvalidInput(text.format(rule=stories.rule))
    near = list(nearest_names(project, ids)) or ids[:MOST_NAMED]
    text = _("there is no project {project!r} under {rule}; ids are like: {ids}. Leave --project out to list them all")
    raise InvalidInput(text.format(project=project, rule=stories.rule, ids=listing(near)))


def _cut(shown: Text, found: int) -> Text:
    return shown if found <= MOST_NAMED else _("{shown}, …").format(shown=shown)


def _document(source: str, stories: RunStories, project: str | None) -> dict[str, Any]:
    about = {
        "command": "trace",
        "run": source,
        "scenario": stories.scenario.name,
        "rule": {"label": stories.rule, "title": stories.title},
        "seed": stories.seed,
        "replicate": stories.replicate,
    }
    if project is None:
        return {**about, "projects": [project_row(story, stories) for story in stories.stories]}
    return {**about, **story_document(told(_chosen(stories, project), stories))}


def story_document(found: ToldProject) -> dict[str, Any]:
    """A project's story as data: its columns, lines and sentences by month, sums, and who came through whom."""
    columns = {name: value for name, value in found.story.columns.items() if name != "story"}
    return {
        "project": found.story.id,
        "title": found.title,
        "columns": columns,
        "months": [
            {"date": date, "lines": _lines(lines), "sentences": sentences}
            for (date, sentences), (_month, lines) in zip(found.months, found.story.months(), strict=True)
        ],
        "sums": found.sums,
        "figures": [{"name": name, "value": value} for name, value in found.figures],
        "through": [
            {
                "channel": row.channel.name.lower(),
                "label": row.asker,
                "asked": row.asked,
                "came": row.came,
                "parameter": row.assumption,
                "value": row.value,
            }
            for row in found.through
        ],
        "remarks": found.remarks,
    }


def _lines(lines: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"key": line.key.value, "number": line.number} | ({} if line.said is None else {"said": line.said})
        for line in lines
    ]
