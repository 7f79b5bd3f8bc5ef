"""Every write around a decision."""
