"""Disclosure control held against programs that others wrote: `python3 manage.py test --oracles`.

Each oracle lives in an environment of its own (launch/oracles.py), because they want other versions of what we use. The two
programs here named `asked_…` run there: they read CSV files and print JSON, and know nothing of ours.
"""
