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

from placement.costs.codes import QUARTERS_IN_HOUR, CostCategory, CostStage
from placement.costs.summary import ELEMENTS, Summary, shared
from placement.progression.codes import Element
from placement.templatetags.words import decimal_comma, kroner


@dataclass(frozen=True)
class Line:
    """One line: what it is, how many (hours, nights, families or places), and kroner; None where there is no such number."""

    title: str
    detail: str = ""
    number: Decimal | None = None
    unit: str = ""
    kroner: Decimal | None = None

    @property
    def number_words(self) -> str:
        return f"{decimal_comma(self.number)} {self.unit}".strip() if self.number is not None else ""

    @property
    def kroner_words(self) -> str:
        return whole_kroner(self.kroner) if self.kroner is not None else ""


@dataclass(frozen=True)
class Step:
    """One step of the model with its lines; ``note`` says how to read it."""

    title: str
    lines: list[Line]
    note: str = ""


def whole_kroner(amount: Decimal) -> str:
    """Whole kroner as they are written in Danish: 1.234.500."""
    return kroner(amount.quantize(Decimal(1), ROUND_HALF_UP))


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
    yield Line(_("Familier, der boede der"), number=Decimal(found.families), unit=_("familier"))
    yield Line(_("Familiepladser"), number=Decimal(found.places), unit=_("pladser"))
    yield Line(_("Uger, der tælles"), number=Decimal(found.asked), unit=_("uger"))
    yield Line(
        _("Ugesedler, der er sendt"),
        _("Fra %(people)d medarbejdere. %(begun)d er begyndt og ikke sendt.")
        % {"people": found.people, "begun": found.begun_weeks},
        number=Decimal(found.sent_weeks),
        unit=_("ugesedler"),
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
                )


def _used(found: Summary) -> Iterator[Line]:
    for category in CostCategory:
        for stage in CostStage:
            spent = found.categories[category.value, stage.value]
            yield Line(str(category.label), str(stage.label), spent.hours, _("timer"), spent.total)
    for site in found.sites:
        yield Line(
            _("Nætter × takst"),
            str(site.site),
            Decimal(site.nights),
            _("nætter"),
            site.amount if site.rate else None,
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


def _result(found: Summary) -> Iterator[Line]:
    counted = _("Timerne er fra %(weeks)d uger og ikke regnet op til et helt år.") % {"weeks": found.counted}
    yield Line(_("Timer og andre udgifter"), counted, kroner=found.used.total)
    yield Line(_("Nætter × takst"), kroner=found.takst)
    week, month = (
        _("pr. familieplads og uge, der er talt; afrundet til 100 kr."),
        _("pr. familieplads og måned; afrundet til 100 kr."),
    )
    months = found.months_begun
    yield Line(_("Timer"), week, kroner=shared(found.used.salary, found.places, found.counted))
    yield Line(_("Andre udgifter"), month, kroner=shared(found.used.other, found.places, months))
    yield Line(_("Nætter × takst"), month, kroner=shared(found.takst, found.places, months))
    week, whole = (
        _("pr. familie og uge, der er talt; afrundet til 100 kr."),
        _("pr. familie; afrundet til 100 kr."),
    )
    yield Line(_("Timer"), week, kroner=shared(found.used.salary, found.families, found.counted))
    yield Line(_("Andre udgifter"), whole, kroner=shared(found.used.other, found.families))
    yield Line(_("Nætter × takst"), whole, kroner=shared(found.takst, found.families))


def _months(found: Summary) -> Iterator[Line]:
    for month in found.months:
        title = str(MONTHS[month.month])
        yield Line(_("Timer og andre udgifter"), title, month.spent.hours, _("timer"), month.spent.total)
        yield Line(_("Nætter × takst"), title, Decimal(month.nights), _("nætter"), month.takst)


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
