"""Who acts: residents as columns, institutions as Mesa agents, and the community that holds them all."""
