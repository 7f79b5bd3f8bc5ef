"""Run in the oracle's own environment: anonymeter's three risks against a control group.

Argument: JSON with the paths original, released and control, the columns quasi and sensitive, attacks and attempts. The
number of attempts is capped: on coarse data the search for queries that single somebody out need not end, and its result
depends on the cap, which is why the number of queries found is told with it.
"""

from __future__ import annotations

import json
import random
import sys
import warnings

import numpy as np
import pandas as pd
from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

warnings.simplefilter("ignore")
random.seed(1)
np.random.seed(1)
asked = json.loads(sys.argv[1])
quasi, sensitive = asked["quasi"], asked["sensitive"]
everything = quasi + sensitive
original, released, control = (
    pd.read_csv(asked[name], dtype=str, keep_default_na=False)[everything]
    for name in ("original", "released", "control")
)
attacks = min(asked["attacks"], len(control))


def told(evaluator, **more):
    risk = evaluator.risk(confidence_level=0.95)
    return {"risk": float(risk.value), "upper": float(risk.ci[1]), **more}


found = {}
for name, columns in (("singling out, descriptions", quasi), ("singling out, all columns", everything)):
    evaluator = SinglingOutEvaluator(
        ori=original[columns],
        syn=released[columns],
        control=control[columns],
        n_attacks=attacks,
        n_cols=min(4, len(columns)),
        max_attempts=asked["attempts"],
        seed=1,
    )
    evaluator.evaluate(mode="multivariate")
    queries = len(evaluator.queries())
    # Nothing to ask is nothing found.
    found[name] = told(evaluator, queries=queries) if queries else {"risk": 0.0, "upper": 0.0, "queries": 0}
half = len(everything) // 2
evaluator = LinkabilityEvaluator(
    ori=original,
    syn=released,
    control=control,
    n_attacks=attacks,
    aux_cols=(everything[:half], everything[half:]),
)
found["linkability"] = told(evaluator.evaluate(n_jobs=1))
for secret in sensitive:
    evaluator = InferenceEvaluator(
        ori=original, syn=released, control=control, aux_cols=quasi, secret=secret, n_attacks=attacks
    )
    found[f"inference, {secret}"] = told(evaluator.evaluate(n_jobs=1))
json.dump(found, sys.stdout)
