"""The figures of the way of a release, each an open question with a default of ours until it is settled."""

from __future__ import annotations

from datetime import timedelta

#: How long the files of an available release are kept, and how long a link to all of them works.
FILES_KEPT = timedelta(days=30)
LINK_LASTS = timedelta(days=14)

#: How many working days each of the municipality's two steps has, within the days it has for its whole answer.
STEP_WORKING_DAYS = 10

#: How many days a municipality has for its answer to one round; after them its silence counts as a no.
ANSWER_DAYS = 28
#: So many days before the last of them whoever its open step waits for is reminded.
REMIND_DAYS_BEFORE = 7

#: In an extract (T1): a code that fewer families have is put together with others (`evaluation.making.merging`).
RARE_BELOW = 5
#: Extracts of fewer families keep their codes: there every code is rare, and all put together would say nothing of anybody.
RARE_FROM = 20
