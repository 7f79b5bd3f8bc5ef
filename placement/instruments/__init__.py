"""Instruments as data: what is asked, how it is scored, where its numbers come from. Pure; nothing is stored here."""
