"""One call of a rule: what it is shown, how long it may take, what it gives back checked, and whose fault it was."""
