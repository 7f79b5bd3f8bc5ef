"""The parts of a model version in words: what a path of its file is called on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.access.roles import ROLE_TITLES
from workflows.kernel.flow import HouseFlow
from workflows.kernel.nodes import HumanStep
from workflows.model_pages.events import EVENTS
from workflows.model_versions.models import TextKind

#: The sections in the order of a page; one that is not here stands last under its own name.
SECTIONS: dict[str, Promise] = {
    "team": gettext_lazy("Indsatsteamet"),
    "cadence_days": gettext_lazy("Rytmer: dage mellem to gange"),
    "due_working_days": gettext_lazy("Opgavernes frister i arbejdsdage"),
    "negative_trend": gettext_lazy("Hvornår det er tilbagegang"),
    "meeting_types": gettext_lazy("Møder"),
    "clocks": gettext_lazy("Frister mellem hændelser"),
    "task_clocks": gettext_lazy("Påmindelser om opgaver"),
    "decisions": gettext_lazy("Afgørelser: parter, klage og plan"),
    "exit_steps": gettext_lazy("Udslusningens trin"),
    "contacts": gettext_lazy("Kontakter efter afslutningen"),
    "measurement_points": gettext_lazy("Målepunkter"),
    "mentalisation": gettext_lazy("Mentaliserende samtaler"),
    "research": gettext_lazy("VIVEs udvalgte familier"),
    "research_windows": gettext_lazy("Vinduer for VIVEs udvalgte familier"),
    "research_activities": gettext_lazy("VIVEs aktiviteter"),
    "moves": gettext_lazy("Rettelser og genåbning"),
    "staff": gettext_lazy("Stedfortrædere og kurser"),
    "training_kinds": gettext_lazy("Kurser og supervision"),
    "organisation": gettext_lazy("Organisatoriske forudsætninger og værdier"),
    "self_assessment": gettext_lazy("Selvvurdering"),
    "limits": gettext_lazy("Det, en kommune kan ændre"),
}

#: Words for the names that stand in a file.
NAMES: dict[str, Promise] = {
    "professions": gettext_lazy("Faggrupper"),
    "required_professions": gettext_lazy("Påkrævede faggrupper"),
    "team_meeting": gettext_lazy("Teammøde"),
    "mentalisation_session": gettext_lazy("Mentaliserende samtale"),
    "mentalisation_baseline": gettext_lazy("Nyt udgangspunkt for mentalisering"),
    "training": gettext_lazy("Uddannelse og supervision"),
    "municipalities": gettext_lazy("Kommuner"),
    "families": gettext_lazy("Familier"),
    "first": gettext_lazy("Første dag"),
    "last": gettext_lazy("Sidste dag"),
    "child_months": gettext_lazy("Barnet er mindst så mange måneder"),
    "expected_only": gettext_lazy("Kun når et barn var ventet ved start"),
    "goal_follow_up": gettext_lazy("Opfølgning på mål"),
    "t_score_falls_by": gettext_lazy("T-scoren falder mindst så mange point"),
    "goal_falls_in_a_row": gettext_lazy("Et mål falder så mange gange i træk"),
    "network_meeting": gettext_lazy("Netværksmøde"),
    "months_after_closing": gettext_lazy("Måneder efter afslutningen"),
    "levels": gettext_lazy("Svar"),
    "title": gettext_lazy("Titel"),
    "text": gettext_lazy("Tekst"),
    "kind": gettext_lazy("Art"),
    "content": gettext_lazy("Indhold"),
    "needs_authority": gettext_lazy("Kræver myndighedens afgørelse"),
    "conditions": gettext_lazy("Betingelse"),
    "may_except": gettext_lazy("kan fraviges med begrundelse"),
    "longest_days": gettext_lazy("Højst så mange dage"),
    "order": gettext_lazy("Rækkefølge"),
    "opens_days": gettext_lazy("Åbner, dage efter"),
    "due_days": gettext_lazy("Senest, dage efter"),
    "instruments": gettext_lazy("Redskaber"),
    "after": gettext_lazy("Kommer efter"),
    "source": gettext_lazy("Kilde"),
    "trigger": gettext_lazy("Begynder ved"),
    "stopped_by": gettext_lazy("Stopper ved"),
    "hours": gettext_lazy("Timer"),
    "days": gettext_lazy("Dage"),
    "working_days": gettext_lazy("Arbejdsdage"),
    "months": gettext_lazy("Måneder"),
    "count": gettext_lazy("Antal"),
    "percent": gettext_lazy("Procent"),
    "at_least": gettext_lazy("Mindst"),
    "warn_before": gettext_lazy("Påmindelse før udløb"),
    "reminds": gettext_lazy("Påminder"),
    "escalates_to": gettext_lazy("Siger det videre til"),
    "runs_while_paused": gettext_lazy("Løber også under en pause"),
    "ends_with_journey": gettext_lazy("Ender med forløbet"),
    "given": gettext_lazy("Sidste dag"),
    "earlier": gettext_lazy("Ender tidligere ved"),
    "opens_months_before": gettext_lazy("Åbner så mange måneder før den sidste dag"),
    "checked": gettext_lazy("Læst i loven"),
    "decided": gettext_lazy("den besluttede dag"),
    "term": gettext_lazy("terminen"),
    "warn_before_working_days": gettext_lazy("Påmindelse, arbejdsdage før"),
    "cadence": gettext_lazy("Rytme"),
    "parents_invited": gettext_lazy("Forældrene er inviteret"),
    "valid_months": gettext_lazy("Gælder så mange måneder"),
    "deputy_longest_days": gettext_lazy("En stedfortræder højst så mange dage"),
    "training_warn_days": gettext_lazy("Dage før et kursus udløber"),
    "correction_days": gettext_lazy("Et trin kan rettes i så mange dage"),
    "reopening_days": gettext_lazy("Et forløb kan genåbnes i så mange dage"),
    "contact_months_up_to": gettext_lazy("Kontakter kan lægges til indtil måned"),
    "may_require_professions": gettext_lazy("Flere faggrupper kan gøres påkrævede"),
    "exit_conditions": gettext_lazy("Betingelser, der kan lægges til et udslusningstrin"),
    "exit-plan": gettext_lazy("Der er en udslusningsplan"),
    "residence": gettext_lazy("Boligen er afklaret"),
    "consent": gettext_lazy("Samtykket gælder"),
    "previous-evaluated": gettext_lazy("Trinnet før er gennemført og evalueret"),
    "child-view": gettext_lazy("Barnets perspektiv er skrevet"),
    "no-open-concern": gettext_lazy("Ingen åben underretning"),
    "safety-plan": gettext_lazy("Der er en sikkerhedsplan"),
    "visits-evaluated": gettext_lazy("Besøgene er evalueret"),
    "agreements-kept": gettext_lazy("Aftalerne er holdt"),
    "night-contact": gettext_lazy("Nogen kan kontaktes om natten"),
    "home-checked": gettext_lazy("Hjemmet er set"),
    "receiving-support": gettext_lazy("Støtten efter udflytning er navngivet"),
    "health-visitor-informed": gettext_lazy("Sundhedsplejersken er orienteret"),
    "first-appointment": gettext_lazy("Den første aftale er lavet"),
    "place-kept": gettext_lazy("Pladsen holdes"),
    "authority": gettext_lazy("Myndigheden har truffet afgørelse"),
    "decision-from-move-day": gettext_lazy("Afgørelsen gælder fra flyttedagen"),
    "handover-held": gettext_lazy("Overleveringsmødet er holdt"),
    "child-plan-revised": gettext_lazy("Barnets plan er revideret"),
    "party_from_years": gettext_lazy("Part fra, år"),
    "supporter_from_years": gettext_lazy("En bisidder er mindst, år"),
    "access_working_days": gettext_lazy("Aktindsigt besvares inden, arbejdsdage"),
    "complaint_days": gettext_lazy("Klagefrist, dage"),
    "reassessment_days": gettext_lazy("Genvurdering af en klage, dage"),
    "plan_within_months": gettext_lazy("Barnets plan senest, måneder efter afgørelsen"),
    "sources": gettext_lazy("Kilde"),
    "goals-met": gettext_lazy("Sikkerhedsmålet er nået"),
    "child-feels-safe": gettext_lazy("Barnet er trygt ved sikkerhedsplanen"),
    "network-carries-plan": gettext_lazy("Netværket oplever, at planen virker, og vil fortsætte"),
}


_ROLES = {role.value: title for role, title in ROLE_TITLES.items()}

#: Keys whose values are names too: of roles and rhythms.
_SPOKEN = frozenset({"reminds", "escalates_to", "cadence", "given", *_ROLES})


def step_titles() -> dict[str, str]:
    """What each human step is called, by its action."""
    # A flow that nobody has used yet in this process is one all the same.
    autodiscover_modules("flow")
    return {
        node.action.value: str(node.task_title)
        for flow_class in _flows(HouseFlow)
        for node in flow_class.instance.nodes()
        if isinstance(node, HumanStep)
    }


def _flows(base: type[HouseFlow]) -> Iterator[type[HouseFlow]]:
    for flow_class in base.__subclasses__():
        yield flow_class
        yield from _flows(flow_class)


class Words:
    """Paths and values of a version in words; ``contents`` are the versions the rows' own titles are read from."""

    def __init__(self, *contents: Mapping[str, Any]) -> None:
        self._titles: dict[str, str] = step_titles()
        for content in contents:
            for part in (
                "clocks",
                "exit_steps",
                "organisation",
                "meeting_types",
                "training_kinds",
                "measurement_points",
                "research_windows",
                "research_activities",
            ):
                for row in content.get(part, []):
                    title = str(row.get("title", row["code"]))
                    self._titles[row["code"]] = f"{row['code']} {title}" if part == "exit_steps" else title

    def section(self, path: str) -> str:
        """The heading that a path stands under."""
        name = path.split(".", 1)[0]
        return str(SECTIONS.get(name, name))

    def label(self, path: str, *, below: str = "") -> str:
        """What a path is called under its heading: that of its section, or that of the path ``below``."""
        rest = path.removeprefix(f"{below or path.split('.', 1)[0]}.")
        for action in self._titles:
            # An action's name has a full stop of its own.
            if "." in action and rest.endswith(action):
                before = [self._one(part) for part in rest.removesuffix(action).split(".") if part]
                return ": ".join([*before, self._titles[action]])
        return ": ".join(self._one(part) for part in rest.split("."))

    def value(self, path: str, raw: str) -> str:
        """A value in words; "" for nothing."""
        if raw in ("True", "False"):
            return _("Ja") if raw == "True" else _("Nej")
        if path.startswith("limits.") and path.count(".") > 1 and raw.count(", ") == 1:
            least, most = raw.split(", ")
            return _("fra %(least)s til %(most)s") % {"least": least, "most": most}
        last = path.rsplit(".", 1)[-1]
        if raw and raw == last:
            return _("Ja")
        if last == "kind" and raw in TextKind.values:
            return str(TextKind(raw).label)
        if last in ("trigger", "stopped_by", "earlier"):
            return str(EVENTS.get(raw, raw))
        if last in _SPOKEN:
            return self._one(raw)
        if path == "limits.exit_conditions":
            return ", ".join(self._one(part) for part in raw.split(", "))
        return raw

    def _one(self, name: str) -> str:
        return str(self._titles.get(name) or NAMES.get(name) or _ROLES.get(name) or SECTIONS.get(name, name))


def section_order(name: str) -> tuple[int, str]:
    """Where a section stands on a page."""
    known = list(SECTIONS)
    return (known.index(name) if name in known else len(known) - 1, name)
