"""What the record shows: how the players act on one another (studies over the acts of a ledger)."""
