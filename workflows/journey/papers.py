"""The pages "Til mødet" and "Udvikling" as papers: the same words in the same order, for a table without a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from placement import clock
from placement.access.actor import Actor
from placement.families.models import Family
from placement.paper.document import Block, Bullet, Bullets, Entry, Heading, Paper, Paragraph, Picture, Table
from placement.paper.printing import print_paper
from placement.templatetags.words import danish_date, danish_moment, decimal_comma


def meeting_paper(actor: Actor, family: Family, brief: Mapping[str, Any]) -> Paper:
    """The page "Til mødet" (`workflows.journey.meeting_brief`) as a paper, for whom it is printed by."""
    blocks: list[Block] = [
        Paragraph(_("Teamets arbejdspapir. Interne kladder og underretninger står her ikke."), muted=True),
        *_missing(brief),
        *_promised(brief),
        *_changed(brief),
    ]
    since = _("Siden %(day)s: %(why)s.") % {"day": danish_date(brief["begins"]), "why": brief["why"]}
    lead = f"{brief['family_title']}, {danish_date(brief['today'])}. {since}"
    return _paper(actor, family, _("Til mødet"), lead, blocks)


def development_paper(actor: Actor, family: Family, told: Mapping[str, Any]) -> Paper:
    """The page "Udvikling" (`workflows.journey.development`) as a paper: each picture, its words and its numbers."""
    blocks: list[Block] = []
    if not told["groups"]:
        blocks.append(Paragraph(_("Der er ikke målt noget endnu, og der er ingen mål.")))
    else:
        if told["directions"]:
            blocks += [
                Heading(_("Hvilken vej det går")),
                Bullets([Bullet(" · ".join(one["titles"]), word=one["word"]) for one in told["directions"]]),
            ]
        blocks += [Heading(_("Sådan læses billederne")), Bullets([Bullet(text) for text in told["reading"]])]
        for group in told["groups"]:
            blocks.append(Heading(group["title"]))
            for course in group["courses"]:
                blocks += _course(course)
        if told["timeline"]:
            marks = {"step": "▲", "meeting": "┃"}
            events = [
                Bullet(f"{marks[one['kind']]} {danish_date(one['on'])} {one['what']}")
                for one in told["timeline"]
            ]
            blocks += [Heading(_("På tidslinjen")), Bullets(events)]
    day = danish_date(clock.today())
    motto = _("Et billede er noget at tale ud fra. Det afgør ingenting, og det ser ikke alt.")
    return _paper(actor, family, _("Udvikling"), f"{told['family_title']}, {day}. {motto}", blocks)


def as_pdf(paper: Paper, name: str) -> HttpResponse:
    """The paper printed, to be shown and not kept. Its file's name says what it is and the day, and of whom nothing.

    Raises `placement.paper.printing.NotPrinted`.
    """
    response = HttpResponse(print_paper(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{clock.danish_day(paper.printed_at)}.pdf"'
    return response


def _paper(actor: Actor, family: Family, title: str, lead: str, blocks: list[Block]) -> Paper:
    now = clock.now()
    printed = _("Udskrevet %(moment)s af %(who)s") % {"moment": _moment(now), "who": actor.staff}
    return Paper(
        title=title,
        lead=lead,
        footer=" · ".join([_("Fortroligt"), family.number, printed]),
        page_words=(pgettext("på papir", "Side"), pgettext("side 1 af 2", "af")),
        language=get_language() or "da",
        printed_at=now,
        blocks=blocks,
    )


def _moment(moment: datetime) -> str:
    return danish_moment(moment)


def _missing(brief: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = [Heading(_("Det, der mangler"))]
    if brief["missing"]:
        blocks.append(Bullets([Bullet(text) for text in brief["missing"]]))
    if brief["measurements"]:
        blocks.append(
            Bullets(
                [
                    Bullet(one["title"], word=one["word"], small=_by(one["due"]))
                    for one in brief["measurements"]
                ]
            )
        )
    if not brief["missing"] and not brief["measurements"]:
        blocks.append(Paragraph(_("Der mangler ikke noget.")))
    return [*blocks, Paragraph(brief["completeness"])]


def _promised(brief: Mapping[str, Any]) -> list[Block]:
    return [
        Heading(_("Det, der blev lovet")),
        Heading(_("Mødernes beslutninger"), level=3),
        _promises(brief["decisions"]),
        Heading(_("Netværkets aftaler"), level=3),
        _promises(brief["agreements"]),
    ]


def _promises(promises: Sequence[Mapping[str, Any]]) -> Block:
    if not promises:
        return Paragraph(_("Ingen åbne."))
    return Bullets(
        [
            Bullet(
                one["text"],
                word=one["word"],
                small=" · ".join([one["who"] or "–", *([_by(one["due"])] if one["due"] else [])]),
            )
            for one in promises
        ]
    )


def _by(day: Any) -> str:
    return _("senest %(day)s") % {"day": danish_date(day)}


def _changed(brief: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = [Heading(_("Det, der er sket"))]
    if brief["counts"]:
        blocks.append(Paragraph(_("Notater: %(counts)s.") % {"counts": brief["counts"]}))
    entries = [_entry(event) for event in [*brief["read_out"], *brief["changed"]]]
    if not entries:
        blocks.append(Paragraph(_("Der er ikke sket noget, som er skrevet ned.")))
    return blocks + entries


def _entry(event: Mapping[str, Any]) -> Entry:
    """A line of components/timeline.html. Drafts and what was taken back never come here."""
    score = event.get("score")
    scored = _("score %(score)s") % {"score": decimal_comma(score)} if score is not None else ""
    corrected = _("Rettet") if event.get("corrected") else ""
    at = event["at"]
    when = danish_moment(at) if isinstance(at, datetime) else danish_date(at)
    return Entry(
        title=" · ".join(part for part in (event["kind"], scored, corrected) if part),
        small=" · ".join(part for part in (when, event["who"]) if part),
        text=event["text"],
        lines=[(line["title"], line["text"]) for line in event.get("lines", [])],
    )


def _course(course: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = [
        Picture(
            title=course["title"],
            about=course["about"],
            svg=course["svg"],
            words=" ".join(course["sentences"]),
            mark=course["word"],
        )
    ]
    if not course["rows"]:
        return blocks
    caption = _("%(title)s, nyeste først") % {"title": course["title"]}
    return [*blocks, Table(caption, course["head"], course["rows"])]
