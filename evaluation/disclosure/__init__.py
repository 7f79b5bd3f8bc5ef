"""Disclosure control: what may leave without any family being recognised, and the attacks that try it.

Nothing here knows the database: tables are polars frames, answers are frozen dataclasses that become JSON.

`recipe`   which facts describe a family to others, how each is made coarser, and the numbers that must hold
`lattice`  the least coarsening of whole columns that meets a recipe, found exactly (T2)
`risk`     how easily a family is told apart in a frame
`tables`   counts, means and rates by the rules for tables, and an attacker who reckons back (T3)
`delta`    the rule about differences: a release minus an earlier one is itself a release
`leaks`    a look through finished files for what must never be in them
`attacks`  all of it tried on a generated release, told to a privacy officer

The numbers and why: docs/decisions/0030-disclosure.md.
"""
