"""A rule on a plain dictionary, without a model: for examples, tests and notebooks."""
