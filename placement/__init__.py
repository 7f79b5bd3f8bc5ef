"""Familieforløb: floors 1 to 3 (who may see, the family, what staff write down)."""

__version__ = "0.6.0"
