"""Result folders: complete or not there, and the same bytes for the same run."""
