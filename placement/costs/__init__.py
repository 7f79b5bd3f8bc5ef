"""What the intervention costs: hours week by week, other costs, what an hour and a night are reckoned at."""
