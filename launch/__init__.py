"""The set-up room: everything that happens before Django is there.

Standard library only, so that a bare Python 3.11 is enough to begin with.
"""
