"""T3: tables by the rules of docs/decisions/0030, held against every earlier release of tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from evaluation.dataset_names import DatasetName
from evaluation.disclosure import delta, tables
from evaluation.disclosure.counting import TableSpec, count
from evaluation.disclosure.delta import Registered
from evaluation.disclosure.recipe import COUNTS_FROM, PILOT_T3
from evaluation.disclosure.tables import Rules, TableResult
from evaluation.formats import Table
from evaluation.making.parts import Content, Read, Unreleasable


def content_of(
    read: Read, earlier: Sequence[Registered], rules: Rules, *, release: str, snapshot_at: datetime
) -> Content:
    """The tables that may leave, with the earlier figures where too few families have changed since.

    ``earlier``: what the registry keeps of every published release of tables, oldest first. Raises Unreleasable when a
    difference to one of them would show a family, and when not one table may be.
    """
    if not read.municipalities:
        raise Unreleasable("Ingen af tabellerne kan udgives: der er endnu for få familier i indsatsen.")
    # All tables are counted, hidden and held against earlier ones, whichever are asked for: what one release tells of
    # families another must not tell anew under another dataset's name, or by hiding other cells.
    specs = tables.standard(read.every or read.datasets)
    counts = {spec.name: count(read.frames, spec) for spec in specs if spec.dataset in read.frames}
    specs = [spec for spec in specs if spec.name in counts]
    for one in earlier:
        if any(about.shown and about.hide != rules.hide for about in one.about.values()):
            raise Unreleasable(
                "Der er allerede udgivet tabeller efter de andre regler (til alle eller til aftalens parter). Lagt oven på "
                "hinanden kunne de to røbe skjulte tal. Bestil tabeller efter de samme regler som sidst."
            )
    cohort = ",".join(str(code) for code in read.municipalities)
    asked = delta.register(
        release=release, kind="T3", recipe_hash=PILOT_T3.hash, cohort=cohort, snapshot_at=snapshot_at,
        counts=counts, specs=specs, rules=rules,
    )  # fmt: skip
    differences, settled = delta.settle(earlier, asked)
    for difference in differences:
        if not difference.allowed:
            raise Unreleasable(difference.reason)
    waiting = [_waits(spec, rules) for spec in specs if spec.name not in settled]
    specs = [spec for spec in specs if spec.name in settled]
    levels = {name: level for one in earlier for name, level in one.levels.items()}
    everything = tables.publish_all(settled, specs, rules, levels=levels)
    asked_for = tables.standard(read.datasets)
    same, names = {tables.told_of(spec) for spec in asked_for}, {spec.name for spec in asked_for}
    results = [r for r in (*everything, *waiting) if r.spec.name in names or tables.told_of(r.spec) in same]
    shown = [result for result in results if not result.refused]
    if not shown:
        raise Unreleasable(_nothing(results))
    return Content(
        tables=tuple(Table(*tables.as_dataset(result)) for result in shown),
        said={
            "results": results,
            "differences": differences,
            "loss": _loss(results),
            "risk": _risk(shown, rules),
        },
        recipe_hash=PILOT_T3.hash,
        registered=delta.register(
            release=release, kind="T3", recipe_hash=PILOT_T3.hash, cohort=cohort, snapshot_at=snapshot_at,
            counts=settled, specs=specs, rules=rules, results=results,
        ),
        suppressed_cells=sum(result.hidden for result in shown),
    )  # fmt: skip


def _waits(spec: TableSpec, rules: Rules) -> TableResult:
    """A table that cannot stand beside the earlier figures of the same families."""
    return TableResult(
        spec,
        rules,
        tables.WHOLE,
        refused=f"Tabellen »{spec.title}« kan ikke udgives: for nogle steder føres tidligere tal videre, og den kan ikke vises "
        "med dem. Vent, til der er flere nye familier.",
    )


def _nothing(results: Sequence[TableResult]) -> str:
    first = next((result.refused for result in results if result.refused), "")
    return f"Ingen af tabellerne kan udgives. {first}".strip()


def _loss(results: Sequence[TableResult]) -> dict[str, str]:
    refused = [result for result in results if result.refused]
    cells = sum(len(result.inner) for result in results if not result.refused)
    hidden = sum(result.hidden for result in results)
    said = {
        "Tabeller": f"{len(results) - len(refused)} af {len(results)} kan udgives.",
        "Felter": f"{hidden} af {cells} er skjult.",
        "Kommuner": f"En ny kommune kommer med, når den har mindst {COUNTS_FROM} familier i indsatsen.",
    }
    for result in refused:
        # Two datasets may say the same of different families: neither of their tables is left out.
        title, same = result.spec.title, result.spec.title in said
        said[f"{title} ({DatasetName(result.spec.dataset).label})" if same else title] = result.refused
    return said


def _risk(shown: Sequence[TableResult], rules: Rules) -> list[dict[str, Any]]:
    least = min(
        (cell.value for result in shown if result.spec.counts for cell in result.inner if cell.value),
        default=None,
    )
    return [
        {
            "title": "Det mindste tal, der vises",
            "before": None,
            "after": least,
            "meaning": f"Tal fra 1 til {rules.hide} er skjult"
            + (f", og de andre er afrundet til nærmeste {rules.round_to}." if rules.rounds else "."),
        }
    ]
