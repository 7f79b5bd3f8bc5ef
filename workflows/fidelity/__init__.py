"""Fidelity to the model: indicators of the core elements, computed from what the work left behind.

The rules stand in one place (`indicators`) and are read twice: by those who lead a site, under their own row security
(`sites`), and by the evaluation's views (`evaluation.variables.fidelity`).
"""
