"""Releases in the API."""
