"""Published experiments beyond the thirteen facts, at the registry's values: the table of docs/evidence.md.

python -m benchmarks.posed_experiments

Published figures are from memory and unverified; nothing is fitted to them. Every replicate plays with people of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator

from commsim.lab import Experiment, Fundraiser, Organisation, Population, PublicGoodsGame

REPLICATES = 40
GROUPS = 40
Row = tuple[str, str, str]


def given(**game: object) -> float:
    """Mean gift over all rounds, % of the endowment."""
    arm = PublicGoodsGame(groups=GROUPS, **game)  # type: ignore[arg-type]
    return 100.0 * float(Experiment({"x": arm}).summary(None, REPLICATES, 1)["amount"].mean()) / arm.endowment


def reached() -> float:
    """Share of groups and rounds in which a provision point with refund is reached."""
    arm = PublicGoodsGame(10, 25, 55, 0.4, size=5, matching="partners", provision_point=125, refund=True)
    frame = Experiment({"x": arm}).run(None, 10, 1, detail=True)
    return float((frame.groupby(["replicate", "round", "group"])["amount"].sum() >= 125).mean())


def crowded_out(effort: str) -> float:
    """Own money lost per unit of a grant of 2,000 to an organisation that could use 20,000."""
    body, people = Organisation(need=20_000, cost_per_ask=0.6), Population.sample(40_000, seed=1)
    own = {
        grant: Experiment({"x": Fundraiser(body, grant, effort)}).summary(people, 5, 1)["total_own"].mean()
        for grant in (0.0, 2_000.0)
    }
    return float(own[0.0] - own[2_000.0]) / 2_000.0


def rows() -> Iterator[Row]:
    """Experiment, published, simulated."""

    def both(**game: object) -> str:
        return ", ".join(f"{given(matching=one, **game):.0f}" for one in ("strangers", "partners"))

    def sizes(return_: float) -> str:
        low, high = (given(size=one, return_=return_, matching="partners", endowment=50) for one in (4, 10))
        return f"{low:.0f}, {high:.0f}"

    yield "Fehr and Gächter 2000: strangers, partners", "19, 38", both()
    yield "the same with punishment", "58, 85", both(punishment=True)
    yield "Isaac and Walker 1988: return 0.3, groups of 4 and 10", "19, 33", sizes(0.3)
    yield "the same, return 0.75", "57, 59", sizes(0.75)
    talk = ", ".join(f"{given(talk=one, return_=0.3, matching='partners'):.0f}" for one in ("none", "every"))
    yield "Isaac and Walker 1988b: no talk, talk before every round", "under 50, above 80", talk
    seen, hidden = (given(size=5, rounds=8, return_=0.5, visible=one) for one in ("named", "none"))
    yield "Andreoni and Petrie 2004: gifts that are seen", "+59%", f"{100 * (seen / hidden - 1):+.0f}%"
    yield "Marks and Croson 1998: provision point with refund, how often reached", "about a half", f"{reached():.2f}"
    lost = f"{crowded_out('chosen'):.2f}, of which {crowded_out('fixed'):.2f} at the same effort"
    yield "Andreoni and Payne 2011: own money lost per unit of a grant", "0.75, mostly by less asking", lost


def main() -> int:
    """Print the table as Markdown."""
    print("| experiment | published | simulated |\n| --- | --- | --- |")
    for row in rows():
        print("| " + " | ".join(row) + " |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
