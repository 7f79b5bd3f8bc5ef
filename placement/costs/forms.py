"""The leads' forms about costs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement import clock
from placement.access.models import Site
from placement.costs.codes import CostCategory, CostStage, OtherCostKind
from placement.costs.grid import NotHours, read_hours, write_hours
from placement.costs.models import YearOfRates
from placement.costs.services.kroner import SiteNight

#: As other forms of the house read a day.
DAYS = ["%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%d%m%Y", "%Y-%m-%d"]


def day_field(**kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%d.%m.%Y", attrs={"autocomplete": "off"})
    return forms.DateField(input_formats=DAYS, widget=widget, **kwargs)


class KronerField(forms.DecimalField):
    """An amount as it is written in Danish: 12.340,50. How many decimals and how much is the service's to say."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        # "12.340" is twelve thousand, and never twelve kroner and thirty-four øre.
        if _THOUSANDS.fullmatch(text):
            text = text.replace(".", "")
        return super().to_python(text)


_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?")


def kroner_field(**kwargs: Any) -> KronerField:
    """A `KronerField` with the right keyboard."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return KronerField(localize=True, widget=widget, **kwargs)


def rate_field(profession: str) -> str:
    """The name of a profession's field: its own, whatever other professions come and go while the form stands open."""
    return f"hourly_{hashlib.sha256(profession.encode()).hexdigest()[:12]}"


class HoursField(forms.CharField):
    """Hours in quarters, as a week reads them; cleaned to quarters."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        try:
            return read_hours(str(super().clean(value)))
        except NotHours as wrong:
            raise ValidationError(str(wrong)) from None


class WeeksForm(forms.Form):
    """Which weeks are counted, and how long meetings usually are."""

    first = day_field(
        label=gettext_lazy("Fra og med ugen med"), help_text=gettext_lazy("En hvilken som helst dag i ugen.")
    )
    last = day_field(
        label=gettext_lazy("Til og med ugen med"),
        required=False,
        help_text=gettext_lazy("Lad feltet være tomt, hvis alle uger tælles, til I siger noget andet."),
    )
    team_meeting_quarters = HoursField(
        label=gettext_lazy("Et teammøde varer"), initial=write_hours(4), help_text=gettext_lazy("Timer.")
    )
    network_meeting_quarters = HoursField(
        label=gettext_lazy("Et netværksmøde varer"), initial=write_hours(6), help_text=gettext_lazy("Timer.")
    )
    session_quarters = HoursField(
        label=gettext_lazy("En mentaliserende samtale varer"),
        initial=write_hours(4),
        help_text=gettext_lazy("Timer. Ugen udfyldes med de tre tal, og hver medarbejder retter dem."),
    )


class WithdrawForm(forms.Form):
    """Why something is taken back."""

    record = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Hvorfor?"), max_length=300)


class OtherCostForm(forms.Form):
    """One thing paid for that is not time."""

    day = day_field(label=gettext_lazy("Dato"), initial=clock.today)
    kind = forms.ChoiceField(label=gettext_lazy("Hvad er der betalt for?"), choices=OtherCostKind.choices)
    amount = kroner_field(label=gettext_lazy("Beløb i kroner"))
    category = forms.ChoiceField(
        label=gettext_lazy("Kategori"),
        choices=CostCategory.choices,
        initial=CostCategory.OPERATION.value,
        help_text=gettext_lazy("Social- og Boligstyrelsens fire."),
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Opstart eller drift"),
        choices=CostStage.choices,
        initial=CostStage.OPERATION.value,
    )
    family = forms.ChoiceField(label=gettext_lazy("Familie"), required=False)

    def __init__(self, *args: Any, families: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["family"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Ikke om en bestemt familie")), *families]


class RatesForm(forms.Form):
    """What hours and nights of one year are reckoned at: a field for each profession and each site."""

    year = forms.IntegerField(
        label=gettext_lazy("År"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    price_year = forms.IntegerField(
        label=gettext_lazy("Prisniveau"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Hvilket års priser beløbene er i."),
    )

    def __init__(
        self,
        *args: Any,
        professions: Sequence[str],
        sites: Sequence[Site],
        standing: YearOfRates | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.professions, self.sites = list(professions), list(sites)
        hourly = {rate.profession: rate.amount for rate in standing.hourly.all()} if standing else {}
        nightly = {rate.site_id: rate for rate in standing.nightly.all()} if standing else {}
        if standing is not None:
            self.initial.setdefault("price_year", standing.price_year)
        for number, profession in enumerate(self.professions):
            self.fields[rate_field(profession)] = kroner_field(
                label=_("Timepris, %(profession)s") % {"profession": profession},
                required=False,
                initial=hourly.get(profession),
                # The same for all of them: said at the first.
                help_text=_("Kroner. Løn med pension, ferie og overhead, delt med de timer, der arbejdes.")
                if number == 0
                else "",
            )
        for site in self.sites:
            rate = nightly.get(site.pk)
            self.fields[f"night_{site.uuid.hex}"] = kroner_field(
                label=_("Takst pr. døgn, %(site)s") % {"site": site},
                required=False,
                initial=rate.amount if rate else None,
                help_text=_("Kroner for én familieplads."),
            )
            self.fields[f"occupancy_{site.uuid.hex}"] = kroner_field(
                label=_("Belægning i procent, %(site)s") % {"site": site},
                required=False,
                initial=int(rate.occupancy * 100) if rate and rate.occupancy else None,
                help_text=_("Må stå tom."),
            )
        self.fields["instead_because"] = forms.CharField(
            label=_("Hvorfor skal de gælde i stedet for dem, der står?"),
            required=False,
            max_length=300,
            help_text=_("Kun når året har satser i forvejen."),
        )

    @property
    def hourly(self) -> dict[str, Decimal]:
        """What was written, by profession."""
        written = {name: self.cleaned_data.get(rate_field(name)) for name in self.professions}
        return {name: amount for name, amount in written.items() if amount is not None}

    @property
    def nightly(self) -> list[SiteNight]:
        """What was written, by site; an occupancy without a takst says nothing."""
        found = []
        for site in self.sites:
            amount = self.cleaned_data.get(f"night_{site.uuid.hex}")
            percent = self.cleaned_data.get(f"occupancy_{site.uuid.hex}")
            if amount is not None:
                found.append(SiteNight(site, amount, percent / 100 if percent is not None else None))
        return found
