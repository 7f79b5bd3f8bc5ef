"""The day up to which a family is counted, as SQL over one family ``f``.

Rows of an extract (T1) say on which day after the start something was, never on which date. Whoever knows the day of the
extract would reckon the start from what was counted up to it: twenty-two planned weeks are twenty-two weeks. So an extract
counts all families of one half-year equally long: from the start on as many days as lie between the end of that
half-year and the day of the extract. `evaluation.making.horizon` cuts rows at the same day.
"""

from __future__ import annotations

#: The day that is stated by whoever reads (`evaluation.extract`): without one there is an error, and no file.
AS_OF = "current_setting('app.as_of')::date"
#: What is stated where counts may run to that very day, because no row of a family leaves (T2, T3).
TO_THE_DAY = "day"

_LAST_OF_HALF_YEAR = (
    "((date_trunc('year', f.started_on) + CASE WHEN extract(month FROM f.started_on) > 6 "
    "THEN interval '12 months' ELSE interval '6 months' END)::date - 1)"
)
#: Nothing stated is the shorter of the two.
UNTIL = (
    f"(CASE WHEN current_setting('app.horizon', true) = '{TO_THE_DAY}' THEN {AS_OF} "
    f"ELSE f.started_on + greatest({AS_OF} - {_LAST_OF_HALF_YEAR}, 0) END)"
)
