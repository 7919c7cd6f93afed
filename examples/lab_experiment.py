"""A laboratory experiment: does doubling each gift draw more than promising one lead gift?

python examples/lab_experiment.py
"""

from commsim.lab import Appeal, Experiment, Population


def main() -> None:
    """The same people meet three letters with the same luck; what each letter changes, with 95% intervals."""
    people = Population.sample(3000, seed=1)
    letters = {
        "plain": Appeal(base_rate=0.05),
        "match": Appeal(base_rate=0.05, match_rate=1),
        "triple match": Appeal(base_rate=0.05, match_rate=3),
    }
    experiment = Experiment(letters)
    print(experiment.summary(people, replicates=10, seed=1).groupby("arm")["acted"].mean())
    print(experiment.differences(people, replicates=10, seed=1).to_string(index=False))


if __name__ == "__main__":
    main()
