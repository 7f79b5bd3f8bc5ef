"""What the cast answers when a step is theirs: believable, invented, in the shape the API takes.

The demonstration's families and the journey tests walk through the same steps with the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from placement import clock
from placement.access.models import Site, Staff
from placement.families.codes import PersonKind
from placement.families.models import Family, Person
from placement.families.services import standing_consents
from placement.network.models import Agreement, NetworkMember
from placement.network.people import standings
from placement.progression.models import Goal
from placement.progression.selectors import may_take_part
from workflows.conference.selectors import coordinators, guests
from workflows.decisions.selectors import children_of
from workflows.decisions.services.letters import HOW, LETTER, RECEIVED, SENT, decision_of, drafts, letters_to
from workflows.exit.guards import EXCEPT, excepted
from workflows.exit.models import ExitStep
from workflows.exit.selectors import latest_step, next_rung
from workflows.journey.guards import next_contact_months
from workflows.kernel.models import Task
from workflows.kernel.steps import Situation, model_of
from workflows.model_versions.exit_ladder import ConditionCode
from workflows.network.safety import known_of, why_not
from workflows.screening.selectors import second_candidates
from workflows.team.selectors import candidates, team_members

Answer = dict[str, Any]
#: Choices a story makes otherwise than by default, by node: e.g. {"approve_step": {"approved": False, ...}}.
Choices = dict[str, Answer]

CHILD_SIGNALS = (
    "Søger mors blik og falder til ro, når hun taler lavt.",
    "Vender sig væk ved hurtige skift, men finder ro på fars bryst.",
    "Følger mors ansigt længere end sidste uge og smiler tilbage.",
    "Sover roligt i sit eget rum og vågner uden gråd.",
)
SESSION_FOCUS = (
    "Hvad mon barnet mærker, når der er uro i rummet",
    "At vente et øjeblik, før man trøster",
    "Egne minder, der vækkes ved gråd",
    "Når mor er træt: hvad har barnet brug for",
)
GOALS = (
    (
        "Putte barnet roligt om aftenen",
        "Barnet falder i søvn inden for en halv time med en forælder ved siden af.",
    ),
    ("Læse barnets signaler på sult", "Forælderen tilbyder mad, før barnet græder, de fleste gange."),
    ("Holde en fast døgnrytme", "Måltider og lure ligger nogenlunde fast fem dage om ugen."),
    ("Bede om hjælp i tide", "Forælderen ringer til personale eller netværk, før det spidser til."),
)


def answer(task: Task, *, on: date, rng: Random, choices: Choices | None = None) -> Answer:
    """The answer to an open human task on the day ``on``; ``choices`` overrides fields by node name."""
    name = task.flow_task.name
    family = task.family
    if family is None:
        raise ValueError("only a family's tasks have answers here")
    key = f"{task.element}.{name}"
    given = _ANSWERS[key](family, task, on, rng)
    chosen = dict((choices or {}).get(name, {}))
    # A story cannot know the goals' names: one rating for all of them.
    every_goal = chosen.pop("every_goal", None)
    if every_goal is not None:
        given |= {field: every_goal for field in given if field.startswith("goal_")}
    return given | chosen


def _child(family: Family) -> str:
    children = family.people.filter(kind=PersonKind.CHILD).exclude(birth_state="lost").order_by("id")
    return str(children[0].uuid)


def _assess(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "in_target_group": True,
        "traits": family.traits or ["low_mentalisation", "network"],
        "assessment": "Der er tvivl om, hvorvidt forældrene kan give barnet omsorg nok uden støtte døgnet rundt.",
    }


def _consent(family: Family, task: Task, on: date, rng: Random) -> Answer:
    holders = Person.objects.filter(family=family, custody_holder=True)
    return {
        "person": [str(p.uuid) for p in holders],
        "given_on": on.isoformat(),
        "how": "written",
        "informed_about": "Opholdets formål, varighed, hvem der ser oplysningerne, og at samtykket kan trækkes tilbage.",
    }


def _request_decision(family: Family, task: Task, on: date, rng: Random) -> Answer:
    born = family.people.filter(kind=PersonKind.CHILD, birth_state="born").exists()
    return {
        "purpose": "At forældrene får ro og støtte til at lære barnets signaler at kende, og at barnet trives.",
        "expected_weeks": rng.choice([16, 20, 26]),
        "child": _child(family),
        "child_view_source": "observed" if born else "unborn",
        "child_view_text": rng.choice(CHILD_SIGNALS)
        if born
        else "Barnet ventes. Mor taler med varme om det og er urolig for tiden efter fødslen.",
    }


def _approve_decision(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"approved": True, "reason": "Formålet er klart, og familien ønsker opholdet."}


def _start(family: Family, task: Task, on: date, rng: Random) -> Answer:
    site = Site.objects.order_by("id").first()
    assert site is not None
    return {
        "started_on": on.isoformat(),
        "site": str(site.uuid),
        "receives_other_support": rng.random() < 0.4,
        "home_before": rng.choice(["together", "alone", "relatives"]),
        "home_language": rng.choice(["danish", "danish", "both"]),
    }


def _move_in(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"moved_in_on": on.isoformat(), "room": f"Værelse {rng.randint(1, 7)}"}


def _close(family: Family, task: Task, on: date, rng: Random) -> Answer:
    parents = family.people.filter(kind=PersonKind.PARENT).order_by("id")
    return {
        "closed_on": on.isoformat(),
        "outcome": "home_with_support",
        "planned": True,
        "initiator": "together",
        "child_lives": "both_parents" if len(parents) > 1 else "one_parent",
        **{f"home_{parent.uuid}": "own_home" for parent in parents},
        "support_at_exit": "Familiebehandler i hjemmet to gange om ugen, sundhedsplejerske hver måned.",
        "family_view": "Vi er blevet tryggere ved at være forældre, og vi ved, hvem vi skal ringe til.",
    }


def _contact(family: Family, task: Task, on: date, rng: Random) -> Answer:
    months = next_contact_months(task.process)
    return {
        "held_on": on.isoformat(),
        "reached": True,
        "lives_together": True,
        "summary": f"Samtale efter {months} måneder. Hverdagen hænger sammen, og sundhedsplejersken kommer stadig.",
    }


def _risk(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "child_safe": True,
        "next_step": "talk",
        "text": "Talt med mor samme dag. Hun er træt af opholdet, ikke af hjælpen. Barnet er trygt i huset.",
    }


def _appoint(family: Family, task: Task, on: date, rng: Random) -> Answer:
    wanted = model_of(task.process).required_professions
    chosen: dict[str, Staff] = {}
    for candidate in candidates(family, on):
        if candidate.profession in wanted and candidate.profession not in chosen:
            chosen[candidate.profession] = candidate.staff
    # The practitioner lives beside the family: always on the team.
    practitioners = [c.staff for c in candidates(family, on) if c.staff.username.endswith(".practitioner")]
    if practitioners:
        chosen["familiebehandler"] = practitioners[0]
    caseworkers = [c.staff for c in candidates(family, on) if c.staff.username.endswith(".caseworker")]
    if caseworkers:
        chosen["socialrådgiver"] = caseworkers[0]
    return {"members": [{"person": str(s.uuid), "profession": p} for p, s in chosen.items()]}


def _team_meeting(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "held_on": on.isoformat(),
        "present": [str(grant.user.uuid) for grant in team_members(family, on)],
        "parents_present": True,
        "parents_absent_reason": "",
        "decisions": [
            {
                "text": rng.choice(
                    [
                        "Aftenrutinen øves hver dag",
                        "Sundhedsplejersken kommer ekstra",
                        "Mor får en fast pause om dagen",
                    ]
                ),
                "responsible": "Teamet",
                "due_on": (on + timedelta(days=14)).isoformat(),
            }
        ],
        "minutes": "Vi gennemgik ugen og målene. Forældrene fortalte, hvad de selv har set hos barnet.",
        "next_on": (on + timedelta(days=28)).isoformat(),
        "outcome": "next_meeting",
    }


def _action_point(family: Family, task: Task, on: date, rng: Random) -> Answer:
    if rng.random() < 0.2:
        return {"done": False, "reason": "Familien var syg den uge. Det tages op på næste møde."}
    return {"done": True, "reason": ""}


def decision_for(part: str, family: Family, on: date) -> Answer:
    """A team meeting's decisions when one of them is a task for that part of the cast."""
    named = next(g.user for g in team_members(family, on) if g.user.username.endswith(f".{part}"))
    return {
        "decisions": [
            {
                "text": "Aftale et ekstra besøg hos lægen sammen med mor",
                "person": str(named.uuid),
                "due_on": (on + timedelta(days=10)).isoformat(),
            }
        ]
    }


def _baseline(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "taken_on": on.isoformat(),
        "strengths": "Er nysgerrig på barnet, når der er ro.",
        "focus": "At se barnets gråd som en besked.",
        "score": rng.randint(2, 4),
        **{
            f"can_{parent.uuid}": "Lægger mærke til, når barnet vender sig væk."
            for parent in _parents(family)
        },
        **{f"first_{parent.uuid}": "At vente et øjeblik, før der trøstes." for parent in _parents(family)},
    }


def _parents(family: Family) -> list[Person]:
    return [person for person in family.people.order_by("id") if person.kind == PersonKind.PARENT]


def _session(family: Family, task: Task, on: date, rng: Random) -> Answer:
    kind = rng.choice(["individual", "parent_child", "video_feedback"])
    born = [person for person in family.people.order_by("id") if person.birth_state == "born"]
    there = [person for person in born if person.kind == PersonKind.PARENT][:1]
    child = [person for person in born if person.kind == PersonKind.CHILD][:1]
    if kind != "individual":
        # Nobody is born yet: then it is a talk with the mother.
        there, kind = [*there, *child], kind if child else "individual"
    return {
        "kind": kind,
        "status": "held",
        "participants": [str(person.uuid) for person in there],
        "held_on": on.isoformat(),
        "focus": rng.choice(SESSION_FOCUS),
        "summary": "Vi talte om en situation fra ugen og så den fra barnets side.",
        "next_on": (on + timedelta(days=21)).isoformat(),
        "next_kind": "individual",
        "outcome": "next_session",
    }


def _goals(family: Family, task: Task, on: date, rng: Random) -> Answer:
    formulated = {"together_with": [str(p.uuid) for p in may_take_part(family)], "absent_reason": ""}
    standing = Goal.objects.active().filter(family=family).order_by("id")
    last = family.follow_ups.order_by("-id").first()
    if standing and last is not None and last.trend == "negative":
        # Too much at once: the first goal becomes a smaller one.
        smaller = _goal("Et lille skridt ad gangen", "Forælderen gør det sammen med personalet hver dag.")
        return {
            "goals": [smaller | {"replaces": str(standing[0].uuid)}],
            "closed": [],
            "closed_reason": "Målet var for stort lige nu. Vi begynder med et mindre.",
            **formulated,
        }
    if standing:
        return {"goals": [], "closed": [], "closed_reason": "", "together_with": [], "absent_reason": ""}
    return {"goals": [_goal(title, expected) for title, expected in rng.sample(GOALS, 2)], **formulated}


def _goal(title: str, expected: str) -> Answer:
    return {
        "title": title,
        "purpose_link": "Del af opholdets formål",
        "level_m2": "Sker ikke endnu",
        "level_m1": "Sker med hjælp",
        "level_0": expected,
        "level_p1": "Sker også på svære dage",
        "level_p2": "Sker uden at nogen tænker over det",
        "baseline": -1,
        "weight": 1,
    }


def _follow_up(family: Family, task: Task, on: date, rng: Random) -> Answer:
    rounds = family.follow_ups.count()
    ratings = {
        f"goal_{goal.uuid}": max(-2, min(2, -1 + rounds + rng.choice([0, 0, 1])))
        for goal in Goal.objects.active().filter(family=family)
    }
    return {
        "held_on": on.isoformat(),
        **ratings,
        "adjust": False,
        "adjust_text": "",
        "investigate": False,
        "investigate_text": "",
        "plan": False,
        "plan_text": "",
        "other_text": "",
        "next_on": (on + timedelta(days=60)).isoformat(),
        "next_reason": "Målene bevæger sig, og familien ønsker en fast rytme.",
        "outcome": "keep_goals",
    }


def _setback(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "choice": "change_plan",
        "reason": "Aftenen var for svær alene. En fra teamet er med hver aften de næste tre uger.",
    }


def _plan_exit(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "destination": "home",
        "alternative": "apart",
        "shown_to_parents_on": on.isoformat(),
        "residence": "open",
        "residence_task": "Rådgiveren søger om indskud til lejligheden",
        "residence_by": (on + timedelta(days=30)).isoformat(),
        "home_situation": "Lejligheden er klar, og der er plads til barnets seng.",
        "receiving_support": "Familiebehandler i hjemmet to gange om ugen.",
        "contact_person": "Den samme behandler som under opholdet",
    }


def _request_step(family: Family, task: Task, on: date, rng: Random) -> Answer:
    rung = next_rung(ExitStep.objects.filter(family=family), model_of(task.process))
    asked = {
        "why_now": "Forældrene har holdt aftenrutinen i tre uger og beder selv om det.",
        "planned_from": (on + timedelta(days=3)).isoformat(),
    }
    if rung is not None and rung.longest_days:
        asked["planned_until"] = (on + timedelta(days=17)).isoformat()
    return asked


def _exceptions(task: Task) -> Answer:
    """Where the model allows it, the cast approves without what is missing, and says why."""
    if task.flow_task.name not in ("approve_step", "authorise_step"):
        return {}
    # The facts are the family's; nobody in particular reads them.
    nobody: Any = None
    facts = task.flow_task.facts(Situation(actor=nobody, task=task, now=clock.now()))
    return {
        f"{EXCEPT}{condition.code}": "Teamet har talt det igennem med forældrene og følger det selv, indtil det er på plads."
        for condition in excepted(facts)
    }


def _authorise(family: Family, task: Task, on: date, rng: Random) -> Answer:
    step = latest_step(family)
    word = {"approved": True, "reason": "Grundlaget er på plads, og pladsen holdes imens."} | _exceptions(
        task
    )
    rung = model_of(task.process).rung(step.code) if step else None
    if step is not None and rung is not None and rung.asks_for(ConditionCode.DECISION_FROM_MOVE_DAY):
        word |= {
            "effective_from": step.planned_from.isoformat(),
            "legal_basis": "barnets lov § 32, stk. 1, nr. 2",
        }
    return word


def _approve_step(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"approved": True, "reason": ""} | _exceptions(task)


def _carry_out(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "carried_out": True,
        "carried_out_on": on.isoformat(),
        "accompanied_by": "Familiens behandler",
        "reason": "",
    }


def _evaluate(family: Family, task: Task, on: date, rng: Random) -> Answer:
    step = latest_step(family)
    return {
        "staff_view": f"Trin {step.code if step else ''} gik roligt. Forældrene hjalp hinanden.",
        "parents_view": "Det var rart at være hjemme, og vi vidste, hvem vi kunne ringe til.",
        "child": _child(family),
        "child_view_source": "observed",
        "child_view_text": rng.choice(CHILD_SIGNALS),
        "result": "proceed",
        "back_reason": "child_signals",
        "child_needs": "Ro om aftenen, og at der er en, der kender barnet, i nærheden.",
    }


def _network_map(family: Family, task: Task, on: date, rng: Random) -> Answer:
    known = {one.label: str(one.uuid) for one in NetworkMember.objects.filter(family=family)}
    drawn: Answer = {
        "drawn_on": on.isoformat(),
        "drawn_with_parents": True,
        "people": [
            {"label": "Mormor", "sector": "family", "closeness": 1, "direction": "gives", "strained": False},
            {
                "label": "Veninde fra skolen",
                "sector": "friends",
                "closeness": 2,
                "direction": "mutual",
                "strained": False,
            },
            {"label": "Farbror", "sector": "family", "closeness": 3, "direction": "takes", "strained": True},
        ],
    }
    # Drawn again, it says who is the same.
    for person in drawn["people"]:
        if person["label"] in known:
            person["member"] = known[person["label"]]
    return drawn


def _network_meeting(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "held_on": on.isoformat(),
        "people": [{"label": "Mormor", "came": True}, {"label": "Veninde fra skolen", "came": True}],
        "parents_present": True,
        "parents_absent_reason": "",
        "minutes": "",
        "next_on": (on + timedelta(days=49)).isoformat(),
        "outcome": "next_meeting",
    }


def _agreement(family: Family, task: Task, on: date, rng: Random) -> Answer:
    kept = {
        f"kept_{agreement.uuid}": rng.random() < 0.8
        for agreement in Agreement.objects.filter(family=family, kept__isnull=True)
    }
    return {
        "agreements": [
            {
                "what": rng.choice(
                    ["Passer barnet lørdag formiddag", "Ringer hver onsdag aften", "Kører til lægen"]
                ),
                "who": rng.choice(["Mormor", "Veninde fra skolen"]),
                "by_on": (on + timedelta(days=14)).isoformat(),
            }
        ],
        **kept,
    }


def _assess_concern(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "assessed_at": clock.now().isoformat(timespec="minutes"),
        "outcome": "in_plan",
        "reasons": "Forældrene og teamet kender uroen. Der er voksne om barnet hele døgnet.",
        "violence_possible": False,
        "safety_risk": "Ingen fare lige nu: personalet er i huset, og barnet er tilset.",
        "parents_may_be_told": True,
    }


def _appoint_second(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"person": str(second_candidates(task.process.concern, on)[0].uuid)}


def _second_assessment(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "able": True,
        "outcome": "in_plan",
        "reasons": "Set udefra er planen den rigtige. Sundhedsplejersken kommer oftere de næste uger.",
        "violence_possible": False,
        "safety_risk": "Ingen fare lige nu.",
        "parents_may_be_told": True,
    }


def _close_concern(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"reason": "Det, der gav uro, er fulgt op på to besøg og er blevet bedre."}


def _send_receipt(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"sent_on": on.isoformat()}


def _act_today(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "taken": "talked",
        "text": "Talte med hende samme aften. Ingen planer om at skade sig selv; lægen er ringet op, og vi ser til hende i nat.",
    }


def _act_on_score(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return rng.choice(
        [
            {
                "taken": "talked",
                "text": "Gennemgik svarene sammen. Det er søvnen, der tynger; vi tager natten to gange om ugen.",
            },
            {"taken": "help", "text": "Teamet lægger en ekstra samtale ind hver uge den næste måned."},
            {"taken": "known", "text": "Hun går allerede til samtaler hos lægen og vil gerne fortsætte der."},
        ]
    )


def _assess_risk(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "risk": "Far har råbt og kastet med ting, når han har drukket. Det er ikke sket, siden han flyttede ud.",
        "protection": "Mor og far mødes hver for sig. Døgntelefonen er aftalt, og låsen er skiftet.",
        "parents_may_be_involved": True,
        "network_may_be_involved": True,
    }


def _screen(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "violence_possible": task.process.investigation.violence_possible,
        "track": "examination",
        "reasons": "Behovet er sammensat, og en anbringelse kan komme på tale. Det skal undersøges.",
    }


def _clarify(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "goes_on": False,
        "need": "support",
        "conclusion": "Familien har brug for støtte i hverdagen og tager imod den.",
        "concluded_on": on.isoformat(),
    }


def _examine(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "concluded": True,
        "need": "support",
        "conclusion": "Barnet trives, når forældrene støttes døgnet rundt. Støtten skal fortsætte.",
        "concluded_on": on.isoformat(),
    }


def _write_plans(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "plan_a": "Familien flytter sammen ind i huset før fødslen og bliver der det første halve år.",
        "plan_b": "Kan det ikke lade sig gøre, bor barnet hos en plejefamilie tæt på, og forældrene ser det hver dag.",
        "turning_point": "At mor er i behandling, og at der er en voksen om barnet hele døgnet.",
        "shown_on": on.isoformat(),
        "parents_said": "Det er hårdt at læse plan B, men godt at vide, hvad vi kan gøre.",
    }


def _settle_at_birth(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"outcome": "plan_a", "reasons": "Mor er i behandling, og begge forældre er flyttet ind i huset."}


def _close_hearing(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "answered": True,
        "answered_on": on.isoformat(),
        "answer": "Det er rigtigt, men jeg har bedt om hjælp siden, og det skal stå der også.",
    }


def _write_letters(family: Family, task: Task, on: date, rng: Random) -> Answer:
    written = drafts(decision_of(task.process))
    told = {f"{LETTER}{party.uuid}": text for party, text in written.items()}
    # Whoever writes goes through every line and puts in what the template could not know.
    said = "At du gerne vil blive i din skole."
    return {name: re.sub(r"\[skriv[^\]]*\]", said, text) for name, text in told.items()}


def _approve_letters(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"approved": True, "reason": ""}


def _send_letters(family: Family, task: Task, on: date, rng: Random) -> Answer:
    sent: Answer = {}
    for letter in letters_to(decision_of(task.process)):
        key = letter.party.uuid
        sent |= {f"{HOW}{key}": "post", f"{SENT}{key}": on.isoformat(), f"{RECEIVED}{key}": on.isoformat()}
    return sent


def _reassess(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"outcome": "upheld", "reason": "Der er ikke kommet noget nyt, og formålet er det samme."}


def _send_to_board(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"sent_on": on.isoformat()}


def _board(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"decided_on": on.isoformat(), "outcome": "upheld", "text": "Afgørelsen står ved magt."}


def _decide_anew(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "outcome": "new",
        "purpose": "At forældrene får ro til at lære barnets signaler at kende, tæt på deres hjem.",
        "expected_weeks": 16,
        "text": "Opholdet bliver kortere, som forældrene bad om.",
    }


def _approve_anew(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"approved": True, "reason": "Formålet kan nås på kortere tid, med støtte hjemme bagefter."}


def _answer_access(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "outcome": "partly",
        "given_on": on.isoformat(),
        "how": "hand",
        "legal_basis": "Forvaltningsloven § 15 b",
        "reason": "Navnet på den, der har underrettet, er taget ud af hensyn til personen.",
    }


def _settle_plan(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"makes_plan": True, "reason": "Barnet og forældrene har brug for mål, de kender og er med i."}


def _make_plan(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "made_on": on.isoformat(),
        "children": [str(child.uuid) for child in children_of(family)],
        "made_with": "Forældrene og de børn, der kunne være med.",
    }


def _settle_track(family: Family, task: Task, on: date, rng: Random) -> Answer:
    standing, holders = standing_consents(family)
    again = holders and standing == holders
    return {
        "track": "new_consent" if again else "ended",
        "decided_on": on.isoformat(),
        "text": "Vi har talt med mor om, hvad hun er bange for, og hvad hun kan sige fra over for.",
    }


def _appoint_coordinator(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"person": str(coordinators(family, on)[0].uuid)}


def _prepare_conference(family: Family, task: Task, on: date, rng: Random) -> Answer:
    able = [one for one in standings(family) if not why_not(one, known_of(family))]
    return {
        "planned_on": (on + timedelta(days=7)).isoformat(),
        "people": [str(one.member.uuid) for one in able],
    }


def _hold_conference(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "held_on": on.isoformat(),
        "came": [str(one.member.uuid) for one in guests(task.process.conference)],
        "information": "Hvad teamet er bekymret for om aftenen, og at barnet ikke må være alene med uroen.",
        "private_time": True,
        "has_plan": True,
        "without_plan": "",
        "lines": [
            {
                "who": "Mormor",
                "what": "Sover hos familien de to første weekender derhjemme",
                "by_on": (on + timedelta(days=28)).isoformat(),
            },
            {
                "who": "Veninde fra skolen",
                "what": "Går tur med barnevognen tirsdag og torsdag",
                "by_on": (on + timedelta(days=14)).isoformat(),
            },
        ],
        "changes_exit_plan": True,
    }


def _approve_plan(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {"approved": True, "reason": "Der er en voksen mere i huset, når det er sværest. Det er trygt."}


def _change_exit_plan(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return _plan_exit(family, task, on, rng) | {
        "receiving_support": "Familieværkstedet, og mormor de to første weekender."
    }


def _follow_up_conference(family: Family, task: Task, on: date, rng: Random) -> Answer:
    return {
        "held_on": on.isoformat(),
        "works": True,
        "text": "Mormor har været der begge weekender. De ringer selv til hinanden nu.",
    }


_ANSWERS: dict[str, Callable[[Family, Task, date, Random], Answer]] = {
    "journey.assess_target_group": _assess,
    "journey.obtain_consent": _consent,
    "journey.request_decision": _request_decision,
    "journey.approve_decision": _approve_decision,
    "journey.start_intervention": _start,
    "journey.move_in": _move_in,
    "journey.close_journey": _close,
    "journey.follow_up_contact": _contact,
    "journey.assess_withdrawal": _risk,
    "journey.close_hearing": _close_hearing,
    "journey.write_letters": _write_letters,
    "journey.approve_letters": _approve_letters,
    "journey.send_letters": _send_letters,
    "journey.reassess_complaint": _reassess,
    "journey.send_to_board": _send_to_board,
    "journey.record_board_outcome": _board,
    "journey.settle_plan": _settle_plan,
    "journey.make_plan": _make_plan,
    "journey.settle_track": _settle_track,
    "journey.decide_anew": _decide_anew,
    "journey.approve_anew": _approve_anew,
    "journey.answer_access": _answer_access,
    "team.appoint_team": _appoint,
    "team.hold_meeting": _team_meeting,
    "team.do_action_point": _action_point,
    "mentalisation.take_baseline": _baseline,
    "mentalisation.hold_session": _session,
    "progression.set_goals": _goals,
    "progression.follow_up": _follow_up,
    "progression.answer_setback": _setback,
    "progression.act_today": _act_today,
    "progression.act_on_score": _act_on_score,
    "network.map_network": _network_map,
    "network.hold_meeting": _network_meeting,
    "network.make_agreement": _agreement,
    "network.appoint_coordinator": _appoint_coordinator,
    "network.prepare": _prepare_conference,
    "network.hold_conference": _hold_conference,
    "network.approve_plan": _approve_plan,
    "network.change_exit_plan": _change_exit_plan,
    "network.follow_up": _follow_up_conference,
    "exit.plan_exit": _plan_exit,
    "exit.request_step": _request_step,
    "exit.authorise_step": _authorise,
    "exit.approve_step": _approve_step,
    "exit.carry_out_step": _carry_out,
    "exit.evaluate_step": _evaluate,
    "screening.assess_concern": _assess_concern,
    "screening.appoint_second": _appoint_second,
    "screening.second_assessment": _second_assessment,
    "screening.close_concern": _close_concern,
    "screening.send_receipt": _send_receipt,
    "investigation.assess_risk": _assess_risk,
    "investigation.screen": _screen,
    "investigation.clarify": _clarify,
    "investigation.examine": _examine,
    "investigation.write_plans": _write_plans,
    "investigation.settle_at_birth": _settle_at_birth,
}
