"""What a run is given: scenario files checked with file and line, and the registry of every number the model uses."""
