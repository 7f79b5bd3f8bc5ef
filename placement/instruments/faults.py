"""What a definition that can be read may still contradict, in words for who writes it, with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from placement.access.roles import Action, Role, roles_with
from placement.families.codes import PersonKind
from placement.instruments.definition import Definition, Entry, Items, Method, Scale

#: The names under which a definition may be called in addresses and among measurements.
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

#: How a version is written, so that it can leave in a dataset.
VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}")

#: Whose answers a score may be; the words are those of a measurement.
RESPONDENTS = ("staff", "parent", "together", "child")

#: The core elements that scores stand under.
ELEMENTS = ("team", "mentalisation", "progression", "network", "exit")

#: A form with more items than any that we know is mistyped.
MOST_ITEMS = 200


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and the path in the file at which it stands."""

    path: str
    reason: str


def faults(definition: Definition) -> list[Fault]:
    """Everything in which a definition contradicts itself; empty when it can be used."""
    return [
        *_head(definition),
        *_items(definition),
        *_scales(definition),
        *_alerts(definition),
        *_facts(definition),
    ]


def _head(definition: Definition) -> Iterator[Fault]:
    if not NAME.fullmatch(definition.id):
        yield Fault("id", _("id skal være små bogstaver, tal og bindestreger."))
    if not VERSION.fullmatch(definition.version):
        yield Fault("version", _("version skal være tal, eventuelt med punktum, fx 1 eller 1.1."))
    for name, values, known in (
        ("element", (definition.element,), ELEMENTS),
        ("about", definition.about, tuple(PersonKind.values)),
        ("respondents", definition.respondents, RESPONDENTS),
        ("roles", definition.roles, tuple(role.value for role in Role)),
    ):
        if name != "roles" and not values:
            yield Fault(name, _("%(name)s er tom.") % {"name": name})
        for value in values:
            if value not in known:
                yield Fault(
                    name,
                    _("%(name)s nævner %(value)s. Det skal være en af: %(known)s.")
                    % {"name": name, "value": value, "known": ", ".join(known)},
                )
    measuring = {role.value for role in roles_with(Action.RECORD_MEASUREMENT)}
    for role in definition.roles:
        if role not in measuring and role in set(Role):
            yield Fault("roles", _("roles: %(role)s kan ikke registrere målinger.") % {"role": role})
    if definition.minutes < 1:
        yield Fault("minutes", _("minutes skal være mindst 1."))
    window = definition.window
    if window.first < 0:
        yield Fault("window.months", _("window.months kan ikke være under 0."))
    if min(window.corrected_from_weeks, window.corrected_until_months) < 0 or (
        bool(window.corrected_from_weeks) != bool(window.corrected_until_months)
    ):
        yield Fault(
            "window",
            _("Alder rettet for tidlig fødsel kræver både corrected_from_weeks og corrected_until_months."),
        )


def _items(definition: Definition) -> Iterator[Fault]:
    items = definition.items
    if (items is not None) != (definition.entry is Entry.ITEMS):
        yield Fault("entry", _("items hører til entry = “items”, og kun til den."))
    if items is None:
        return
    if not 1 <= items.count <= MOST_ITEMS:
        yield Fault("items.count", _("items.count skal være fra 1 til %(most)d.") % {"most": MOST_ITEMS})
    if items.lowest >= items.highest:
        yield Fault("items.lowest", _("items.lowest skal være mindre end items.highest."))
    for name, numbers in (
        ("reversed", items.reversed),
        ("ends", items.ends),
        ("not_relevant", items.not_relevant),
    ):
        for number in sorted(numbers):
            if number not in items.numbers:
                yield _no_such_item(f"items.{name}", number, items)
    for number, (low, high) in items.ends.items():
        if low >= high:
            yield Fault(
                "items.ends", _("items.ends: spørgsmål %(number)d har ingen skala.") % {"number": number}
            )
    for number, counts_as in items.not_relevant.items():
        low, high = items.ends_of(number)
        if not low <= counts_as <= high:
            yield Fault(
                "items.not_relevant",
                _("items.not_relevant: %(value)d ligger uden for spørgsmål %(number)ds skala.")
                % {"value": counts_as, "number": number},
            )


def _no_such_item(path: str, number: int, items: Items) -> Fault:
    return Fault(
        path,
        _("%(path)s nævner spørgsmål %(number)d, men der er %(count)d.")
        % {"path": path, "number": number, "count": items.count},
    )


def _scales(definition: Definition) -> Iterator[Fault]:
    if not definition.scales:
        yield Fault("scales", _("Redskabet har ingen skala."))
    codes = [scale.code for scale in definition.scales]
    for index, scale in enumerate(definition.scales):
        path = f"scales.{index}"
        if not NAME.fullmatch(scale.code) or codes.index(scale.code) != index:
            yield Fault(f"{path}.code", _("%(code)s kan ikke hedde det.") % {"code": scale.code})
        if scale.lowest >= scale.highest:
            yield Fault(
                f"{path}.lowest", _("%(code)s: lowest skal være mindre end highest.") % {"code": scale.code}
            )
        yield from _method(definition, scale, path)
        yield from _bands(scale, path)
        yield from _cut_offs(definition, scale, path)
        if scale.reliable_change is not None and not (
            0 < scale.reliable_change <= scale.highest - scale.lowest
        ):
            yield Fault(
                f"{path}.reliable_change",
                _("%(code)s: reliable_change ligger uden for skalaen.") % {"code": scale.code},
            )


_METHODS = {
    Entry.ITEMS: {Method.SUM, Method.MEAN, Method.SCALES},
    Entry.TOTALS: {Method.GIVEN, Method.SCALES},
    Entry.GOALS: {Method.GOALS},
}


def _method(definition: Definition, scale: Scale, path: str) -> Iterator[Fault]:
    code = scale.code
    if scale.method not in _METHODS[definition.entry]:
        yield Fault(
            f"{path}.method",
            _("%(code)s: method = “%(method)s” passer ikke til entry = “%(entry)s”.")
            % {"code": code, "method": scale.method.value, "entry": definition.entry.value},
        )
        return
    if scale.optional and scale.method is not Method.GIVEN:
        yield Fault(f"{path}.optional", _("%(code)s regnes ud og kan ikke være valgfri.") % {"code": code})
    items = definition.items
    if scale.method in (Method.SUM, Method.MEAN) and items is not None:
        yield from _of_items(items, scale, path)
    elif scale.items or scale.may_miss or scale.split_at is not None or scale.times != 1:
        yield Fault(
            path, _("%(code)s: items, may_miss, split_at og times hører til spørgsmål.") % {"code": code}
        )
    if scale.method is Method.SCALES:
        yield from _of_scales(definition, scale, path)
    elif scale.of:
        yield Fault(f"{path}.of", _("%(code)s: of hører til method = “scales”.") % {"code": code})


def _of_items(items: Items, scale: Scale, path: str) -> Iterator[Fault]:
    unknown = [number for number in scale.items if number not in items.numbers]
    if unknown:
        yield _no_such_item(f"{path}.items", unknown[0], items)
        return
    if not scale.items or len(set(scale.items)) != len(scale.items):
        yield Fault(
            f"{path}.items",
            _("%(code)s: hvert spørgsmål skal stå én gang, og der skal være nogen.") % {"code": scale.code},
        )
        return
    if scale.times < 1:
        yield Fault(f"{path}.times", _("%(code)s: times skal være mindst 1.") % {"code": scale.code})
    if not 0 <= scale.may_miss < len(scale.items):
        yield Fault(
            f"{path}.may_miss",
            _("%(code)s: der skal være mindst ét svar tilbage, når may_miss mangler.") % {"code": scale.code},
        )
    if scale.split_at is not None and not all(
        low < scale.split_at <= high for low, high in map(items.ends_of, scale.items)
    ):
        yield Fault(
            f"{path}.split_at", _("%(code)s: split_at deler ikke alle spørgsmål.") % {"code": scale.code}
        )
    yield from _ends(scale, path, *_reach(items, scale))


def _of_scales(definition: Definition, scale: Scale, path: str) -> Iterator[Fault]:
    known = {other.code: other for other in definition.scales if other.method is not Method.SCALES}
    if (
        len(scale.of) < 2
        or any(code not in known for code in scale.of)
        or len(set(scale.of)) != len(scale.of)
    ):
        yield Fault(
            f"{path}.of",
            _("%(code)s: of skal nævne mindst to andre skalaer af redskabet, hver én gang.")
            % {"code": scale.code},
        )
        return
    if any(known[code].optional for code in scale.of):
        yield Fault(f"{path}.of", _("%(code)s: of nævner en skala, der kan mangle.") % {"code": scale.code})
    parts = [known[code] for code in scale.of]
    yield from _ends(
        scale,
        path,
        sum((part.lowest for part in parts), Decimal(0)),
        sum((part.highest for part in parts), Decimal(0)),
    )


def _reach(items: Items, scale: Scale) -> tuple[Decimal, Decimal]:
    """The lowest and the highest score that any answers can give."""
    lows, highs = zip(*(items.ends_of(number) for number in scale.items), strict=True)
    if scale.split_at is not None:
        lows, highs = (0,) * len(lows), (1,) * len(highs)
    low, high = Decimal(sum(lows)), Decimal(sum(highs))
    if scale.method is Method.MEAN:
        low, high = low / len(lows), high / len(highs)
    return low * scale.times, high * scale.times


def _ends(scale: Scale, path: str, low: Decimal, high: Decimal) -> Iterator[Fault]:
    if (scale.lowest, scale.highest) != (low, high):
        yield Fault(
            f"{path}.lowest",
            _(
                "%(code)s: skalaen er skrevet fra %(low)s til %(high)s, men svarene giver fra %(from)s til %(to)s."
            )
            % {
                "code": scale.code,
                "low": f"{scale.lowest:f}",
                "high": f"{scale.highest:f}",
                "from": f"{low:f}",
                "to": f"{high:f}",
            },
        )


def _bands(scale: Scale, path: str) -> Iterator[Fault]:
    if not scale.bands:
        return
    for index, band in enumerate(scale.bands):
        if band.lowest > band.highest:
            yield Fault(
                f"{path}.bands.{index}",
                _("%(code)s: et bånd slutter, før det begynder.") % {"code": scale.code},
            )
    if any(one.highest >= after.lowest for one, after in zip(scale.bands, scale.bands[1:], strict=False)):
        yield Fault(
            f"{path}.bands", _("%(code)s: båndene overlapper eller stiger ikke.") % {"code": scale.code}
        )
    if (scale.bands[0].lowest, scale.bands[-1].highest) != (scale.lowest, scale.highest):
        yield Fault(f"{path}.bands", _("%(code)s: båndene dækker ikke skalaen.") % {"code": scale.code})


def _cut_offs(definition: Definition, scale: Scale, path: str) -> Iterator[Fault]:
    codes = [cut_off.code for cut_off in scale.cut_offs]
    for index, cut_off in enumerate(scale.cut_offs):
        here = f"{path}.cut_offs.{index}"
        if not NAME.fullmatch(cut_off.code) or codes.index(cut_off.code) != index:
            yield Fault(f"{here}.code", _("%(code)s kan ikke hedde det.") % {"code": cut_off.code})
        limits = [limit for limit in (cut_off.at_least, cut_off.at_most) if limit is not None]
        if len(limits) != 1:
            yield Fault(here, _("%(code)s: skriv enten at_least eller at_most.") % {"code": cut_off.code})
            continue
        if not scale.lowest < limits[0] <= scale.highest and not (
            cut_off.at_most is not None and scale.lowest <= limits[0] < scale.highest
        ):
            yield Fault(here, _("%(code)s: grænsen skiller ikke noget på skalaen.") % {"code": cut_off.code})
        against = {"higher": cut_off.at_least, "lower": cut_off.at_most}.get(scale.better.value)
        if against is not None:
            yield Fault(
                here,
                _("%(code)s: grænsen spørger til den ende, der er bedst (better).") % {"code": cut_off.code},
            )
        if cut_off.repeat_days is not None and cut_off.repeat_days[0] < 1:
            yield Fault(
                here, _("%(code)s: repeat_days begynder tidligst dagen efter.") % {"code": cut_off.code}
            )
        window = definition.window
        if cut_off.months is not None and not (
            window.first <= cut_off.months[0] and cut_off.months[1] <= window.last
        ):
            yield Fault(
                here, _("%(code)s: months ligger uden for redskabets alder.") % {"code": cut_off.code}
            )


def _alerts(definition: Definition) -> Iterator[Fault]:
    items = definition.items
    for index, alert in enumerate(definition.alerts):
        path = f"alerts.{index}"
        if items is None or alert.item not in items.numbers:
            yield Fault(
                f"{path}.item", _("%(code)s nævner et spørgsmål, der ikke findes.") % {"code": alert.code}
            )
            continue
        low, high = items.ends_of(alert.item)
        if not low < alert.at_least <= high:
            yield Fault(
                f"{path}.at_least",
                _("%(code)s: grænsen skiller ikke noget på skalaen.") % {"code": alert.code},
            )


def _facts(definition: Definition) -> Iterator[Fault]:
    """Each thing that the file claims has a source; nothing else has."""
    scales = definition.scales
    claims = {"licence", "window", "scoring", "better"}
    if any(scale.cut_offs for scale in scales):
        claims.add("cut_offs")
    if any(scale.bands for scale in scales):
        claims.add("bands")
    if any(scale.reliable_change is not None for scale in scales):
        claims.add("reliable_change")
    if definition.items is not None:
        claims.add("missing")
    if definition.certificate:
        claims.add("certificate")
    if definition.alerts:
        claims.add("alerts")
    for name in sorted(claims - set(definition.facts)):
        yield Fault("facts", _("facts.%(name)s mangler: hvor kommer det fra?") % {"name": name})
    for name in sorted(set(definition.facts) - claims):
        yield Fault(f"facts.{name}", _("facts.%(name)s handler ikke om noget i filen.") % {"name": name})
