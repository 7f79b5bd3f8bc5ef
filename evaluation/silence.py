"""The deadline of a municipality's answer: who is reminded before it, and the silence that counts as a no after it.

A clock of the house stands on a family; a release stands on none. So the day is written on the municipality's own row of
the round, its steps are due within it, and the worker that carries between the municipalities looks at it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy

from evaluation.limits import ANSWER_DAYS, REMIND_DAYS_BEFORE
from evaluation.models import ReleaseApproval
from evaluation.steps import is_over
from placement import clock
from placement.access import jobs
from placement.access.actor import actors_in
from placement.access.roles import Role
from workflows.kernel.clocks.mail import reachable, write_to
from workflows.kernel.models import Process, Task
from workflows.kernel.undoing import break_off

_ANSWER = gettext_lazy("Kommunen mangler at svare på noget inden en frist. Log ind og se hvad: %(address)s")


def last_day(now: datetime) -> date:
    """Until when a municipality that is asked at ``now`` may answer, that day included."""
    return clock.danish_day(now) + timedelta(days=ANSWER_DAYS)


def fall_silent_or_remind(approval: ReleaseApproval, process: Process, now: datetime) -> None:
    """Write that the time is over without an answer, and take the step away; or remind of it when the time draws near.

    Under the process's lock, for a municipality that has not answered. A silence is a no and never a yes.
    """
    if is_over(approval, now):
        approval.silent_at = now
        approval.save(update_fields=["silent_at"])
        process.refresh_from_db()
        if process.finished is None:
            break_off(process)
        return
    task = Task.objects.open().filter(process=process).first()
    due = approval.answer_by
    if task is None or due is None or task.owner_permission == approval.reminded_of:
        return
    if clock.danish_day(now) >= due - timedelta(days=REMIND_DAYS_BEFORE):
        approval.reminded_of = str(task.owner_permission)
        approval.save(update_fields=["reminded_of"])
        _ask_for_mail(task, clock.danish_day(now))


def _ask_for_mail(task: Task, day: date) -> None:
    """A job for each of those whom the step waits for and who has an address; once, with the mark that it was done."""
    from evaluation.jobs import remind_of_release

    assert task.municipality_id is not None
    for actor in actors_in(task.municipality_id, {Role(task.role)}, day):
        if actor.staff.email and actor.staff_id != task.excluded_id:
            jobs.defer(remind_of_release, staff=actor.staff_id)


def remind_by_mail(staff_id: int) -> None:
    """Send one e-mail that something waits for an answer: not what it is, nor about whom."""
    person = reachable(staff_id)
    if person is not None:
        write_to(person, _ANSWER)
