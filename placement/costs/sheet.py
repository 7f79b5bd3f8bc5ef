"""The year's sums as a sheet, in the order of the authority's cost model on the way to SØM.

Its steps: the intervention, the teams, what was used, grants, what was saved, the result; what the house does not know stays
empty and says so. Aggregates only, no name. How the sheet is laid out is ours: SØM itself is a workbook one types into.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placement.costs.codes import QUARTERS_IN_HOUR, CostCategory, CostStage
from placement.costs.summary import ELEMENTS, MonthLine, Spent, Summary, shared
from placement.progression.codes import Element
from placement.templatetags.words import decimal_comma, kroner


@dataclass(frozen=True)
class Line:
    """One line: what it is, how many (hours, nights, families or places), and kroner; None where there is no such number.

    ``said`` is how many in words, where it is one or none; the two ``missing`` say why a number that belongs there is not.
    """

    title: str
    detail: str = ""
    number: Decimal | None = None
    unit: str = ""
    kroner: Decimal | None = None
    said: str = ""
    number_missing: str = ""
    kroner_missing: str = ""

    @property
    def number_words(self) -> str:
        if self.number is None:
            return self.number_missing
        return self.said or f"{decimal_comma(self.number)} {self.unit}".strip()

    @property
    def kroner_words(self) -> str:
        return whole_kroner(self.kroner) if self.kroner is not None else self.kroner_missing


@dataclass(frozen=True)
class Step:
    """One step of the model with its lines; ``note`` says how to read it."""

    title: str
    lines: list[Line]
    note: str = ""


def whole_kroner(amount: Decimal) -> str:
    """Whole kroner as they are written in Danish: 1.234.500."""
    return kroner(amount.quantize(Decimal(1), ROUND_HALF_UP))


def month_words(found: Summary, month: MonthLine) -> dict[str, str]:
    """A month's hours, what was used, nights and takst, each in words; and where a number is missing, why."""
    used, nights = _of_month(found, month)
    return {
        "hours": decimal_comma(month.spent.hours) if month.counted else used.number_missing,
        "used": used.kroner_words,
        "nights": str(month.nights),
        "takst": nights.kroner_words,
    }


def element_words(element: str) -> str:
    return str(Element(element).label) if element else _("På tværs")


def sheet(found: Summary, *, municipality: str, by_month: bool = False) -> list[Step]:
    """The steps of a municipality's year; ``by_month`` adds each month to the result."""
    return [
        Step(_("Indsats"), list(_intervention(found, municipality))),
        Step(
            _("Teams"),
            list(_teams(found)),
            _("Timer for hver faggruppe og hvert kerneelement, fra de uger, der er sendt."),
        ),
        Step(
            _("Ressourceforbrug"),
            list(_used(found)),
            _(
                "To måder at regne på. Takster dækker også stedets løn: læg dem aldrig sammen med timer og andre udgifter."
            ),
        ),
        Step(_("Tilskud"), [Line(_("Tilskud til indsatsen"), _("Kendes ikke her. Skriv dem i SØM."))]),
        Step(
            _("Sparede udgifter"),
            [Line(_("Udgifter, der ikke kom"), _("Kendes ikke her. De regnes i SØM."))],
        ),
        Step(_("Resultat"), [*_result(found), *(_months(found) if by_month else ())]),
    ]


def _intervention(found: Summary, municipality: str) -> Iterator[Line]:
    yield Line(_("Kommune"), municipality)
    yield Line(_("År"), str(found.year))
    yield Line(_("Prisniveau"), str(found.rates.price_year) if found.rates else _("Ingen satser for året"))
    for title, many, unit, said in (
        (
            _("Familier, der boede der"),
            found.families,
            _("familier"),
            ngettext("%(many)d familie", "%(many)d familier", found.families),
        ),
        (
            _("Familiepladser"),
            found.places,
            _("pladser"),
            ngettext("%(many)d plads", "%(many)d pladser", found.places),
        ),
        (
            _("Uger, der tælles"),
            found.asked,
            _("uger"),
            ngettext("%(many)d uge", "%(many)d uger", found.asked),
        ),
    ):
        yield Line(title, number=Decimal(many), unit=unit, said=said % {"many": many})
    sent = ngettext("%(many)d ugeseddel", "%(many)d ugesedler", found.sent_weeks)
    yield Line(
        _("Ugesedler, der er sendt"),
        _("Fra %(people)d medarbejdere. %(begun)d er begyndt og ikke sendt.")
        % {"people": found.people, "begun": found.begun_weeks},
        number=Decimal(found.sent_weeks),
        unit=_("ugesedler"),
        said=sent % {"many": found.sent_weeks},
    )


def _teams(found: Summary) -> Iterator[Line]:
    for line in found.professions:
        for element in ELEMENTS:
            if quarters := line.quarters.get(element, 0):
                yield Line(
                    line.profession,
                    element_words(element),
                    Decimal(quarters) / QUARTERS_IN_HOUR,
                    _("timer"),
                    line.hourly * quarters / QUARTERS_IN_HOUR if line.hourly is not None else None,
                    kroner_missing=_("ingen timepris"),
                )


def _used(found: Summary) -> Iterator[Line]:
    for category in CostCategory:
        for stage in CostStage:
            spent = found.categories[category.value, stage.value]
            yield _spent(found, spent, str(category.label), str(stage.label), found.counted)
    for site in found.sites:
        yield Line(
            _("Nætter × takst"),
            str(site.site),
            Decimal(site.nights),
            _("nætter"),
            site.amount if site.rate else None,
            kroner_missing=_("ingen takst"),
        )
        if site.paused:
            yield Line(
                _("Nætter på pause"),
                _("%(site)s. Pladsen er holdt, og takst er ikke regnet med.") % {"site": site.site},
                Decimal(site.paused),
                _("nætter"),
            )
        if site.empty_places is not None:
            yield Line(
                _("Tomme pladser"),
                _("%(site)s, efter belægningen") % {"site": site.site},
                kroner=site.empty_places,
            )


def _spent(found: Summary, spent: Spent, title: str, detail: str, counted: int) -> Line:
    """Hours with what they and other costs come to, of so many counted weeks: none is not the same as no hours."""
    unknown = _("ikke talt") if not counted else _("ingen timepris")
    known = bool(spent.other) or (counted and (found.rates is not None or not spent.quarters))
    return Line(
        title,
        detail,
        spent.hours if counted else None,
        _("timer"),
        spent.total if known else None,
        number_missing=_("ikke talt"),
        kroner_missing=unknown,
    )


def _result(found: Summary) -> Iterator[Line]:
    counted = (
        _("Timerne er fra %(weeks)d uger og ikke regnet op til et helt år.") % {"weeks": found.counted}
        if found.counted
        else _("Ingen timer er talt.")
    )
    whole = _spent(found, found.used, _("Timer og andre udgifter"), counted, found.counted)
    yield Line(whole.title, whole.detail, kroner=whole.kroner, kroner_missing=whole.kroner_missing)
    takst = found.takst if found.has_takst else None
    yield Line(_("Nætter × takst"), kroner=takst, kroner_missing=_("ingen takst"))
    week, month = (
        _("pr. familieplads og uge, der er talt; afrundet til 100 kr."),
        _("pr. familieplads og måned; afrundet til 100 kr."),
    )
    yield from _shares(found, (week, month), found.places, found.months_begun, _("ingen familiepladser"))
    week, total = (
        _("pr. familie og uge, der er talt; afrundet til 100 kr."),
        _("pr. familie; afrundet til 100 kr."),
    )
    yield from _shares(found, (week, total), found.families, 1, _("ingen familier"))


def _shares(found: Summary, details: tuple[str, str], among: int, months: int, nobody: str) -> Iterator[Line]:
    """Hours, other costs and takst, each shared among so many; the hours by counted week, the rest by month."""
    by_week, by_month = details
    unknown = nobody if not among else _("ikke talt") if not found.counted else _("ingen timepris")
    hours = shared(found.used.salary, among, found.counted) if found.rates else None
    yield Line(_("Timer"), by_week, kroner=hours, kroner_missing=unknown)
    other = shared(found.used.other, among, months)
    yield Line(_("Andre udgifter"), by_month, kroner=other, kroner_missing=nobody)
    takst = shared(found.takst, among, months) if found.has_takst else None
    yield Line(
        _("Nætter × takst"), by_month, kroner=takst, kroner_missing=_("ingen takst") if among else nobody
    )


def _of_month(found: Summary, month: MonthLine) -> tuple[Line, Line]:
    title = str(MONTHS[month.month])
    return (
        _spent(found, month.spent, _("Timer og andre udgifter"), title, month.counted),
        Line(
            _("Nætter × takst"),
            title,
            Decimal(month.nights),
            _("nætter"),
            month.takst if found.has_takst else None,
            kroner_missing=_("ingen takst"),
        ),
    )


def _months(found: Summary) -> Iterator[Line]:
    for month in found.months:
        yield from _of_month(found, month)


def write_csv(steps: Sequence[Step]) -> bytes:
    """The sheet as Danish spreadsheets open it: UTF-8 with a mark, semicolons, decimal commas."""
    target = io.StringIO()
    rows = csv.writer(target, delimiter=";", lineterminator="\r\n")
    rows.writerow([_("Trin"), _("Linje"), _("Nærmere"), _("Antal"), _("Enhed"), _("Kroner")])
    for number, step in enumerate(steps, start=1):
        for line in step.lines:
            rows.writerow(
                [
                    f"{number}. {step.title}",
                    _plain(line.title),
                    _plain(line.detail),
                    decimal_comma(line.number) if line.number is not None else "",
                    line.unit,
                    _exact(line.kroner) if line.kroner is not None else "",
                ]
            )
    return target.getvalue().encode("utf-8-sig")


def _exact(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):f}".replace(".", ",")


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
