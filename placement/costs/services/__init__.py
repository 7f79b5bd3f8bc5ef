"""Every write of hours, other costs and rates."""
