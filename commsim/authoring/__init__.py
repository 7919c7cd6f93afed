"""For authors of rules: a file to start from, and the checks that hold a rule to its contract."""
