"""Pages of one family's team: who is on it and who is missing, its meetings, and their minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.models import Staff
from placement.access.roles import Action
from placement.families.models import Family, FamilyGrant, GrantFunction, Person
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.families.substitutes import appoint_substitute, end_substitute
from placement.meetings.minutes import give_minutes
from placement.meetings.models import Meeting, MeetingKind
from workflows.kernel.lock import family_locked
from workflows.kernel.models import Task
from workflows.kernel.once import opened_token, submit_once
from workflows.kernel.processes import journey_of
from workflows.kernel.steps import model_of
from workflows.team.agenda import Line, agenda, agendas_of
from workflows.team.page_forms import MinutesGivenForm, SubstituteForm
from workflows.team.selectors import missing_now, team_members

#: Meetings on one page; the older ones are in the family's history.
SHOWN = 20


def _head(family: Family) -> dict[str, Any]:
    return {
        "family_title": family_title(family),
        "family_url": reverse("family", kwargs={"family": family.uuid}),
    }


def missing_professions_of(family: Family) -> tuple[str, ...]:
    """The professions that the family's model version requires and nobody on the team has today."""
    journey = journey_of(family.pk)
    if journey is None or journey.model_version is None:
        return ()
    return missing_now(family, model_of(journey).required_professions, clock.today())


class TeamPage(FamilyPage):
    """The team with its substitutes; the team lead puts somebody in the place of a member who is away."""

    write_action = Action.APPOINT_TEAM

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return self._page(request, family)

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        if request.POST.get("form") == "end":
            grant = self._substitute(family, request.POST.get("grant", ""))
            with family_locked(family):
                end_substitute(grant=grant, by=self.actor, today=clock.today())
            messages.success(request, _("Det er gemt."))
            return redirect("family-team", family=family.uuid)
        form = self._form(family, request.POST)
        if not form.is_valid():
            return self._page(request, family, form, status=422)
        _done, refused = submit_once(
            request, "substitute", family.uuid, produce=lambda: self._appoint(family, form.cleaned_data)
        )
        if refused:
            return self._page(request, family, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Det er gemt."))
        return redirect("family-team", family=family.uuid)

    def _appoint(self, family: Family, cleaned: dict[str, Any]) -> dict[str, Any]:
        with family_locked(family):
            grant = appoint_substitute(
                family=family,
                member=Staff.objects.get(uuid=cleaned["member"]),
                staff=Staff.objects.get(uuid=cleaned["staff"]),
                by=self.actor,
                starts=cleaned["starts"],
                ends=cleaned["ends"],
                today=clock.today(),
            )
        return {"grant": str(grant.uuid)}

    def _substitute(self, family: Family, given: str) -> FamilyGrant:
        try:
            return FamilyGrant.objects.get(
                content_object=family, stands_in_for__isnull=False, uuid=UUID(given)
            )
        except (ValueError, FamilyGrant.DoesNotExist):
            raise Http404 from None

    def _form(self, family: Family, data: Any = None) -> SubstituteForm:
        day = clock.today()
        return SubstituteForm(data, family=family, team=team_members(family, day), day=day)

    def _page(
        self, request: HttpRequest, family: Family, form: Any = None, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        today = clock.today()
        may = self.actor.may(Action.APPOINT_TEAM)
        ahead = FamilyGrant.objects.filter(
            content_object=family, function=GrantFunction.TEAM, stands_in_for__isnull=False, ends__gte=today
        )
        context = {
            **_head(family),
            "members": [
                {"name": str(grant.user), "role": grant.profession, "since": grant.starts}
                for grant in team_members(family, today)
                if grant.stands_in_for_id is None
            ],
            "missing": missing_professions_of(family),
            "substitutes": [
                {
                    "id": grant.uuid,
                    "name": str(grant.user),
                    "member": str(grant.stands_in_for),
                    "role": grant.profession,
                    "starts": grant.starts,
                    "ends": grant.ends,
                    "now": grant.starts <= today,
                }
                for grant in ahead.select_related("user", "stands_in_for").order_by("starts", "id")
            ],
            "form": (form or self._form(family)) if may else None,
            "submit_token": opened_token(request),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/team.html", context, status=status)


class MeetingsPage(FamilyPage):
    """What the next meeting of the team is about, and the meetings that were held."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        step = Task.objects.open().filter(family=family, owner_permission=Action.HOLD_TEAM_MEETING.value)
        coming = step.order_by("due", "id").first()
        mine = Task.objects.waiting_for(self.actor).filter(family=family)
        held = list(
            Meeting.objects.filter(family=family).prefetch_related("decisions__person", "decisions__became")[
                :SHOWN
            ]
        )
        agendas = agendas_of(held)
        context = {
            **_head(family),
            "coming": coming,
            "coming_url": reverse("task", kwargs={"task": coming.uuid})
            if coming and mine.filter(pk=coming.pk).exists()
            else "",
            "agenda": agenda(family, without=coming) if coming else [],
            "meetings": [_told(family, meeting, agendas[meeting.pk]) for meeting in held],
            "history_url": reverse("family-history", kwargs={"family": family.uuid}),
        }
        return render(request, "workflows/meetings.html", context)


def _told(family: Family, meeting: Meeting, was_on: list[Line]) -> dict[str, Any]:
    return {
        "title": str(MeetingKind(meeting.kind).label),
        "held_on": meeting.held_on,
        "missing": meeting.missing,
        "agenda": was_on,
        "decisions": [_decided(decision) for decision in meeting.decisions.all()],
        "minutes_url": reverse("family-minutes", kwargs={"family": family.uuid, "meeting": meeting.uuid}),
    }


def _decided(decision: Any) -> dict[str, Any]:
    became = getattr(decision, "became", None)
    return {
        "text": decision.text,
        "who": str(decision.person) if decision.person else decision.responsible,
        "due_on": decision.due_on,
        "task": decision.person is not None,
        "done": became.done if became else None,
        "reason": became.reason if became else "",
    }


class MinutesPage(FamilyPage):
    """The minutes of a meeting as its parties may read them, to be printed; and to whom they were given.

    Only what belongs to the parties stands here: the agenda's tasks and deadlines (which may tell of a
    notification of concern) are on the page of meetings and nowhere on this one.
    """

    write_action = Action.GIVE_MINUTES

    def get(self, request: HttpRequest, family: Family, meeting: UUID) -> HttpResponseBase:
        return self._page(request, family, self._meeting(family, meeting))

    def post(self, request: HttpRequest, family: Family, meeting: UUID) -> HttpResponseBase:
        found = self._meeting(family, meeting)
        form = MinutesGivenForm(request.POST, family=family, day=clock.today())
        if not form.is_valid():
            return self._page(request, family, found, form, status=422)
        _done, refused = submit_once(
            request, "minutes", found.uuid, produce=lambda: self._give(found, form.cleaned_data)
        )
        if refused:
            return self._page(request, family, found, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Det er gemt."))
        return redirect("family-minutes", family=family.uuid, meeting=found.uuid)

    def _meeting(self, family: Family, meeting: UUID) -> Meeting:
        found = Meeting.objects.filter(family=family, uuid=meeting).select_related("recorded_by").first()
        if found is None:
            raise Http404
        found.family = family
        return found

    def _give(self, meeting: Meeting, cleaned: dict[str, Any]) -> dict[str, Any]:
        given = give_minutes(
            actor=self.actor,
            meeting=meeting,
            person=Person.objects.get(family=meeting.family_id, uuid=cleaned["person"]),
            given_on=cleaned["given_on"],
            how=cleaned["how"],
            now=clock.now(),
        )
        return {"given": str(given.uuid)}

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        meeting: Meeting,
        form: Any = None,
        *,
        status: int = 200,
        refusal: str = "",
    ) -> HttpResponse:
        everybody = [
            {
                "name": str(one.staff) if one.staff else one.label,
                "profession": one.profession,
                "present": one.present,
            }
            for one in meeting.attendance.select_related("staff")
        ]
        may = self.actor.may(Action.GIVE_MINUTES)
        context = {
            **_head(family),
            "number": family.number,
            "title": str(MeetingKind(meeting.kind).label),
            "held_on": meeting.held_on,
            "present": [one for one in everybody if one["present"]],
            "absent": [one for one in everybody if not one["present"]],
            "missing": meeting.missing,
            "parents_present": meeting.parents_present,
            "parents_absent_reason": meeting.parents_absent_reason,
            "minutes": meeting.minutes,
            "decisions": [
                _decided(decision) for decision in meeting.decisions.select_related("person", "became")
            ],
            "next_on": meeting.next_on,
            "written_by": str(meeting.recorded_by),
            "given": [
                {"name": str(g.person), "on": g.given_on, "how": g.get_how_display(), "by": str(g.given_by)}
                for g in meeting.given.select_related("person", "given_by")
            ],
            "meetings_url": reverse("family-meetings", kwargs={"family": family.uuid}),
            "form": (form or MinutesGivenForm(family=family, day=clock.today())) if may else None,
            "submit_token": opened_token(request),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/minutes.html", context, status=status)
