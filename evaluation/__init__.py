"""Floor 5: what leaves the house for evaluation, and only through here."""
