"""The datasets that can be asked for."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DatasetName(models.TextChoices):
    """Each is one view of the evaluation schema. Values appear in the API and as file names."""

    REGISTRATION = "registration", _("Registreringsskema (en række pr. familie)")
    FAMILIES = "families", _("Familier og forløb (en række pr. familie)")
    CHILDREN = "children", _("Børn (en række pr. barn)")
    PARENTS = "parents", _("Forældre (en række pr. forælder)")
    STAYS = "stays", _("Ophold (en række pr. ophold)")
    MEASUREMENTS = "measurements", _("Målinger (en række pr. måling)")
    GOALS = "goals", _("Mål (en række pr. mål)")
    FOLLOW_UPS = "follow_ups", _("Opfølgninger (en række pr. opfølgning)")
    FIDELITY = "fidelity", _("Kerneelementerne, som de gennemføres (en række pr. familie og indikator)")
    MEETINGS = "meetings", _("Møder (en række pr. møde)")
    SESSIONS = "sessions", _("Mentaliserende samtaler (en række pr. samtale)")
    NETWORK = "network", _("Netværk, kun antal (en række pr. netværkskort)")
    EXIT_STEPS = "exit_steps", _("Udslusningstrin (en række pr. trin)")
    OUTCOMES = "outcomes", _("Udfald (en række pr. familie)")
    CONTACTS = "contacts", _("Kontakter efter afslutning (en række pr. kontakt)")
    TIME_COSTS = "time_costs", _("Tid og udgifter (timer og kroner, summeret)")
    RATES = "rates", _("Satser (timepriser og takster pr. kommune og år)")
    TRAINING = "training", _("Uddannelse og supervision (antal pr. kommune og år)")
    SELF_ASSESSMENTS = "self_assessments", _("Stedernes selvvurdering (en række pr. svar)")
    MODEL_VERSIONS = "model_versions", _("Modelversioner (en række pr. version eller tilpasning)")


#: The datasets by what they are about, for whoever chooses among them.
SUBJECTS: tuple[tuple[str | Promise, tuple[DatasetName, ...]], ...] = (
    (
        _("Familien"),
        (
            DatasetName.REGISTRATION,
            DatasetName.FAMILIES,
            DatasetName.CHILDREN,
            DatasetName.PARENTS,
            DatasetName.STAYS,
        ),
    ),
    (
        _("Undervejs"),
        (
            DatasetName.MEASUREMENTS,
            DatasetName.GOALS,
            DatasetName.FOLLOW_UPS,
            DatasetName.FIDELITY,
            DatasetName.MEETINGS,
            DatasetName.SESSIONS,
            DatasetName.NETWORK,
        ),
    ),
    (_("Udslusning og tiden efter"), (DatasetName.EXIT_STEPS, DatasetName.OUTCOMES, DatasetName.CONTACTS)),
    (
        _("Kommunen og stedet"),
        (
            DatasetName.TIME_COSTS,
            DatasetName.RATES,
            DatasetName.TRAINING,
            DatasetName.SELF_ASSESSMENTS,
            DatasetName.MODEL_VERSIONS,
        ),
    ),
)
