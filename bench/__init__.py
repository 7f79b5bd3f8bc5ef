"""How much the house's guards cost: ratios against floors that are measured in the same run."""
