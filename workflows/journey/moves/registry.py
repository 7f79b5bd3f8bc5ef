"""The moves in the order in which «Flere handlinger» lists them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from placement.access.roles import Action
from placement.families import stays
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, Person
from placement.families.people import add_person, record_birth
from workflows.investigation import asks as investigated
from workflows.investigation.parallel import follow_child
from workflows.journey.moves import ending, handing_over, houses, pausing, reopening
from workflows.journey.moves import forms as asks
from workflows.journey.moves.base import Before, Move, asked
from workflows.journey.moves.correcting import can_be_corrected, correct_step, instead
from workflows.research.reminders import remind

Cleaned = dict[str, Any]


def _made(row: Any) -> dict[str, Any]:
    return {"id": str(row.uuid)}


def _everything(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    return {"actor": before.actor, "family": before.family, "now": before.now, **cleaned}


def _person(family: Family, uuid: str) -> Person:
    person: Person | None = (
        Person.objects.select_for_update(no_key=True).filter(family=family, uuid=UUID(uuid)).first()
    )
    if person is None:
        raise Http404
    person.family = family
    return person


def _ids(cleaned: Cleaned, *names: str) -> Cleaned:
    return cleaned | {name: UUID(cleaned[name]) for name in names}


def _set_path(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    person = _person(before.family, cleaned.pop("person"))
    return _made(stays.set_path(actor=before.actor, person=person, now=before.now, **cleaned))


def _birth(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    child = _person(before.family, cleaned.pop("child"))
    born = record_birth(child=child, now=before.now, **cleaned)
    follow_child(actor=before.actor, child=born, now=before.now)
    remind(before.family, now=before.now)
    return _made(born)


def _loss(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    child = _person(before.family, cleaned["child"])
    made = _made(
        ending.lose_pregnancy(actor=before.actor, child=child, goes_on=cleaned["goes_on"], now=before.now)
    )
    remind(before.family, now=before.now)
    return made


def _add_child(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    return _made(add_person(family=before.family, kind=PersonKind.CHILD, now=before.now, **cleaned))


def _cannot_pause(before: Before) -> str | None:
    if before.family.phase not in stays.UNDER_WAY:
        return gettext("Kun en indsats, der er i gang, kan sættes på pause.")
    if stays.current_pause(before.family) is not None:
        return gettext("Indsatsen er allerede på pause. Genoptag den først.")
    return None


def _cannot_resume(before: Before) -> str | None:
    return None if stays.current_pause(before.family) else gettext("Indsatsen er ikke på pause.")


def _cannot_hand_over(before: Before) -> str | None:
    tasks = handing_over.may_be_moved(before.actor, before.family)
    return None if tasks else gettext("Der er ingen åben opgave, du kan give videre.")


def _cannot_take_back(before: Before) -> str | None:
    tasks = handing_over.may_be_moved(before.actor, before.family)
    return None if any(t.owner_id for t in tasks) else gettext("Ingen opgave er givet til nogen.")


def _cannot_correct(before: Before) -> str | None:
    found = can_be_corrected(before.actor, before.family, before.now)
    if found:
        return None
    nothing = gettext("Der er intet trin, du kan åbne igen lige nu.")
    return f"{nothing} {instead(before.family)}".strip()


def _cannot_withdraw(before: Before) -> str | None:
    return asked(lambda: ending.running_journey(before.family))


def _cannot_reopen(before: Before) -> str | None:
    return asked(lambda: reopening.ended_journey(before.family, today=before.today))


def _nobody_awaited(before: Before) -> str | None:
    awaited = Person.objects.filter(family=before.family, birth_state=BirthState.EXPECTED)
    return None if awaited.exists() else gettext("Der ventes intet barn i familien.")


def _cannot_change_site(before: Before) -> str | None:
    if before.family.phase in stays.UNDER_WAY and before.family.site_id:
        return None
    return gettext("Familien bor ikke på noget sted, der kan skiftes.")


MOVES: tuple[Move, ...] = (
    Move(
        "hand-over",
        _("Giv en opgave videre"),
        _("Opgaven står øverst på kollegaens dag. Andre, der må løse den, kan stadig."),
        Action.HAND_OVER_TASK,
        asks.HandOverForm,
        lambda b, c: _made(handing_over.hand_over(**_everything(b, _ids(c, "task", "to")))),
        _cannot_hand_over,
    ),
    Move(
        "take-back",
        _("Tag en opgave tilbage"),
        _("Opgaven er igen alles, der må løse den."),
        Action.HAND_OVER_TASK,
        asks.TakeBackForm,
        lambda b, c: _made(handing_over.take_back(**_everything(b, _ids(c, "task")))),
        _cannot_take_back,
    ),
    Move(
        "pause",
        _("Sæt indsatsen på pause"),
        _(
            "Familien er væk en tid. Udslusningen står stille, og modellens frister venter. Lovens frister løber."
        ),
        Action.PAUSE_JOURNEY,
        asks.PauseForm,
        lambda b, c: _made(pausing.pause(**_everything(b, c))),
        _cannot_pause,
    ),
    Move(
        "resume",
        _("Genoptag efter pause"),
        _("Frister flyttes med de dage, familien var væk."),
        Action.PAUSE_JOURNEY,
        asks.ResumeForm,
        lambda b, c: _made(pausing.resume(**_everything(b, c))),
        _cannot_resume,
    ),
    Move(
        "correct",
        _("Ret et forkert trin"),
        _(
            "Trinnet åbnes igen, så længe der ikke er bygget videre på det. Det første svar bliver stående i historikken."
        ),
        Action.CORRECT_STEP,
        asks.CorrectForm,
        lambda b, c: _made(correct_step(**_everything(b, _ids(c, "task")))),
        _cannot_correct,
    ),
    Move(
        "path",
        _("En af familien bor et andet sted"),
        _("Forløbet fortsætter for de andre."),
        Action.RECORD_PATH,
        asks.PathForm,
        _set_path,
    ),
    Move(
        "site",
        _("Skift anbringelsessted eller værelse"),
        _(
            "Det nye steds teamleder ser familien med det samme og udpeger et team. Det gamle steds folk ser den ikke mere."
        ),
        Action.CHANGE_SITE,
        asks.ChangeSiteForm,
        lambda b, c: _made(houses.change_house(**_everything(b, _ids(c, "site")))),
        _cannot_change_site,
    ),
    Move(
        "withdraw",
        _("Afbryd forløbet"),
        _(
            "Åbne opgaver falder bort, modellens frister stopper, og teamet er ikke længere udpeget. "
            "En underretning vurderes stadig."
        ),
        Action.WITHDRAW_JOURNEY,
        asks.WithdrawForm,
        lambda b, c: _made(ending.withdraw(**_everything(b, c))),
        _cannot_withdraw,
    ),
    Move(
        "reopen",
        _("Åbn forløbet igen"),
        _(
            "Et nyt forløb for den samme familie. Det gamle forløbs afgørelser gælder ikke; dets historie bliver stående."
        ),
        Action.REOPEN_JOURNEY,
        asks.ReopenForm,
        lambda b, c: _made(reopening.reopen(**_everything(b, c))),
        _cannot_reopen,
    ),
    Move(
        "investigate",
        _("Begynd en screening"),
        _(
            "Kommunen er blevet opmærksom på et behov (barnets lov § 18). Om kommende forældre er vejen den samme."
        ),
        Action.BEGIN_INVESTIGATION,
        investigated.BeginInvestigationForm,
        lambda b, c: _made(investigated.begin_investigation(b, c)),
    ),
    Move(
        "judge-risk",
        _("Vurdér risikoen, før nogen inddrages"),
        _("Kan der være vold eller en æresrelateret konflikt, inddrages ingen før (barnets lov § 18)."),
        Action.ASSESS_RISK,
        investigated.JudgeRiskForm,
        lambda b, c: _made(investigated.judge_risk(b, c)),
    ),
    Move(
        "correct-awareness",
        _("Ret, hvornår kommunen blev opmærksom"),
        _("De 4 måneder løber fra den dag. Fristen flyttes, så alle kan se det."),
        Action.CORRECT_AWARENESS,
        investigated.CorrectAwarenessForm,
        lambda b, c: _made(investigated.correct_awareness(b, c)),
        investigated.nothing_to_correct,
    ),
    Move(
        "parallel-track",
        _("Begynd plan A og plan B før fødslen"),
        _(
            "To planer side om side, som forældrene ser begge to, til det er klart, hvad der gælder ved fødslen."
        ),
        Action.WRITE_PLANS,
        investigated.ParallelTrackForm,
        lambda b, c: _made(investigated.begin_parallel_track(b, c)),
        _nobody_awaited,
    ),
    Move(
        "explain-late",
        _("Forklar en overskredet frist"),
        _("Ingen af lovens frister overskrides i stilhed."),
        Action.EXPLAIN_LATE,
        investigated.ExplainLateForm,
        lambda b, c: _made(investigated.explain_late(b, c)),
        investigated.nothing_late,
    ),
    # These three have their page under «Personer i familien».
    Move(
        "birth",
        _("Barnet er født"),
        "",
        Action.RECORD_PEOPLE,
        asks.BirthMoveForm,
        _birth,
        _nobody_awaited,
        paged=False,
    ),
    Move(
        "loss",
        _("Graviditeten er ophørt"),
        "",
        Action.RECORD_PEOPLE,
        asks.LossForm,
        _loss,
        _nobody_awaited,
        paged=False,
    ),
    Move(
        "add-child",
        _("Endnu et barn"),
        "",
        Action.RECORD_PEOPLE,
        asks.AddChildForm,
        _add_child,
        paged=False,
    ),
)
