"""Run in the oracle's own environment: what pycanon says of a CSV file. Argument: JSON with path, quasi, sensitive."""

from __future__ import annotations

import json
import sys

import pandas as pd
from pycanon import anonymity

asked = json.loads(sys.argv[1])
frame = pd.read_csv(asked["path"], dtype=str, keep_default_na=False)
found = {"k": int(anonymity.k_anonymity(frame, asked["quasi"]))}
for column in asked["sensitive"]:
    alpha, _ = anonymity.alpha_k_anonymity(frame, asked["quasi"], [column])
    found[column] = {
        "l": int(anonymity.l_diversity(frame, asked["quasi"], [column])),
        "alpha": float(alpha),
        "t": float(anonymity.t_closeness(frame, asked["quasi"], [column])),
    }
json.dump(found, sys.stdout)
