"""Real elections in Pabulib's `.pb` form: reading, limits, replay against the official winners."""
