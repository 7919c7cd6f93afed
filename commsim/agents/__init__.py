"""Who acts beside residents: institutions as Mesa agents. The books of `commsim.community` hold them."""
