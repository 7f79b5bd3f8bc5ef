"""The demonstration: invented people and families, brought about through the real services and flows."""
