import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("flow_exit", "0001_initial"),
        ("flow_exit", "0002_ground_and_exceptions"),
        ("flow_exit", "0003_child_plan"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("families", "0001_squashed_0004_moves"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="ExitPlan",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "destination",
                            models.CharField(
                                choices=[
                                    ("home", "Eget hjem sammen"),
                                    ("offer", "Et andet tilbud"),
                                    ("apart", "Barnet anbringes"),
                                ],
                                max_length=10,
                                verbose_name="hvor skal familien hen?",
                            ),
                        ),
                        ("home_situation", models.TextField(blank=True, verbose_name="boligen")),
                        (
                            "receiving_support",
                            models.TextField(blank=True, verbose_name="støtte efter udflytning"),
                        ),
                        (
                            "contact_person",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="gennemgående kontaktperson"
                            ),
                        ),
                        ("made_on", models.DateField(verbose_name="lagt")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exit_plans",
                                to="families.family",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "alternative",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("home", "Eget hjem sammen"),
                                    ("offer", "Et andet tilbud"),
                                    ("apart", "Barnet anbringes"),
                                ],
                                max_length=10,
                                verbose_name="og hvis ikke?",
                            ),
                        ),
                        (
                            "residence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("clear", "Boligen er afklaret"),
                                    ("open", "Boligen er ikke afklaret"),
                                ],
                                max_length=6,
                                verbose_name="er boligen afklaret?",
                            ),
                        ),
                        ("residence_by", models.DateField(blank=True, null=True, verbose_name="inden")),
                        (
                            "residence_task",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="hvem gør hvad ved boligen"
                            ),
                        ),
                        (
                            "shown_to_parents_on",
                            models.DateField(blank=True, null=True, verbose_name="vist til forældrene"),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("destination", ""), _negated=True),
                                name="exit_plan_has_destination",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("alternative", ""),
                                    models.Q(("alternative", models.F("destination")), _negated=True),
                                    _connector="OR",
                                ),
                                name="exit_plan_has_two_ways",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("residence", "open"), _negated=True),
                                    models.Q(
                                        models.Q(("residence_task", ""), _negated=True),
                                        ("residence_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="exit_plan_open_residence_has_task",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitStep",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("code", models.CharField(max_length=8, verbose_name="trin")),
                        ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="forsøg")),
                        (
                            "requested_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="ønsket"),
                        ),
                        ("why_now", models.TextField(verbose_name="hvorfor nu?")),
                        ("planned_from", models.DateField(verbose_name="fra")),
                        (
                            "carried_out_on",
                            models.DateField(blank=True, null=True, verbose_name="gennemført"),
                        ),
                        (
                            "accompanied_by",
                            models.CharField(blank=True, max_length=120, verbose_name="ledsaget af"),
                        ),
                        ("abandoned_at", models.DateTimeField(blank=True, null=True, verbose_name="opgivet")),
                        (
                            "abandoned_reason",
                            models.TextField(blank=True, verbose_name="hvorfor ikke gennemført?"),
                        ),
                        (
                            "evaluated_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="evalueret"),
                        ),
                        ("staff_view", models.TextField(blank=True, verbose_name="teamets evaluering")),
                        ("parents_view", models.TextField(blank=True, verbose_name="forældrenes evaluering")),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("proceed", "Videre til næste trin"),
                                    ("repeat", "Samme trin igen"),
                                    ("back", "Et trin tilbage"),
                                ],
                                max_length=8,
                                verbose_name="resultat",
                            ),
                        ),
                        (
                            "abandoned_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "carried_out_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "child_view",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.childview",
                            ),
                        ),
                        (
                            "evaluated_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exit_steps",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="flow_exit.exitplan",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "back_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("more_time", "Familien har brug for mere tid på trinnet før"),
                                    ("child_signals", "Barnet viste, at det gik for hurtigt"),
                                    ("support_missing", "Støtten omkring familien var ikke på plads"),
                                    ("incident", "Der skete noget, som skal tales igennem"),
                                    ("parents_wish", "Forældrene ønskede det selv"),
                                    ("home", "Boligen eller det praktiske var ikke på plads"),
                                ],
                                max_length=16,
                                verbose_name="hvorfor et trin tilbage",
                            ),
                        ),
                        (
                            "child_needs",
                            models.TextField(blank=True, verbose_name="hvad barnet har brug for nu"),
                        ),
                        ("conditions_at_request", models.JSONField(blank=True, default=list)),
                        ("planned_until", models.DateField(blank=True, null=True, verbose_name="til")),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["municipality", "family", "-id"], name="exit_step_by_family")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("why_now", ""), _negated=True),
                                name="exit_step_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("evaluated_at__isnull", True), ("result", "")),
                                    models.Q(
                                        ("carried_out_on__isnull", False),
                                        ("child_view__isnull", False),
                                        ("evaluated_at__isnull", False),
                                        models.Q(("result", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="exit_step_evaluated_after_carried_out_with_child_view",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("carried_out_on__isnull", True),
                                    ("requested_at__date__lte", models.F("carried_out_on")),
                                    _connector="OR",
                                ),
                                name="exit_step_carried_out_after_request",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("abandoned_at__isnull", True),
                                        ("abandoned_by__isnull", True),
                                        ("abandoned_reason", ""),
                                    ),
                                    models.Q(
                                        ("abandoned_at__isnull", False),
                                        ("abandoned_by__isnull", False),
                                        ("carried_out_on__isnull", True),
                                        models.Q(("abandoned_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="exit_step_abandoned_with_reason_and_not_carried_out",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("planned_until__isnull", True),
                                    ("planned_until__gte", models.F("planned_from")),
                                    _connector="OR",
                                ),
                                name="exit_step_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("result", "back")),
                                        models.Q(("back_reason", ""), _negated=True),
                                        models.Q(("child_needs", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("result", "back"), _negated=True),
                                        ("back_reason", ""),
                                        ("child_needs", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="exit_step_back_says_what_the_child_needs",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuthorityWord",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("approved", models.BooleanField(verbose_name="godkendt")),
                        ("reason", models.TextField(verbose_name="begrundelse")),
                        ("decided_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "step",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authority_word",
                                to="flow_exit.exitstep",
                            ),
                        ),
                        (
                            "effective_from",
                            models.DateField(blank=True, null=True, verbose_name="afgørelsen gælder fra"),
                        ),
                        ("legal_basis", models.CharField(blank=True, max_length=60, verbose_name="hjemmel")),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                name="authority_word_approver_is_not_requester",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="authority_word_has_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitStepDecision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("approved", models.BooleanField(verbose_name="godkendt")),
                        ("reason", models.TextField(blank=True, verbose_name="begrundelse")),
                        (
                            "decided_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="afgjort"),
                        ),
                        ("facts", models.JSONField(default=dict)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "step",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="flow_exit.exitstep",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                name="exit_decision_approver_is_not_requester",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved", True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="exit_decision_rejection_has_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitException",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "side",
                            models.CharField(
                                choices=[("site", "Teamlederen"), ("authority", "Myndigheden")],
                                max_length=10,
                                verbose_name="hvem",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, verbose_name="betingelse")),
                        ("name", models.CharField(max_length=40)),
                        ("title", models.CharField(max_length=160, verbose_name="betingelsen")),
                        ("reason", models.TextField(verbose_name="begrundelse")),
                        ("made_at", models.DateTimeField(default=placement.clock.now, verbose_name="givet")),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exceptions",
                                to="flow_exit.exitstep",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "undtagelse",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "step", "side", "name"),
                                name="exit_exception_once_per_condition",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="exit_exception_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("made_by", models.F("requested_by")), _negated=True),
                                name="exit_exception_not_by_the_one_who_asked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "code__in",
                                        [
                                            "authority",
                                            "child-view",
                                            "consent",
                                            "exit-plan",
                                            "no-open-concern",
                                            "previous-evaluated",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                name="exit_exception_never_from_what_protects_the_child",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitRecord",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("planned", models.BooleanField(verbose_name="afslutningen var planlagt")),
                        (
                            "initiator",
                            models.CharField(
                                choices=[
                                    ("together", "Aftalt mellem familie, sted og myndighed"),
                                    ("parents", "Forældrene"),
                                    ("authority", "Myndigheden"),
                                    ("site", "Stedet"),
                                    ("other", "En anden"),
                                ],
                                max_length=10,
                                verbose_name="på hvis initiativ",
                            ),
                        ),
                        (
                            "child_lives",
                            models.CharField(
                                choices=[
                                    ("both_parents", "Hos begge forældre sammen"),
                                    ("one_parent", "Hos den ene forælder"),
                                    ("network", "Hos familie eller netværk"),
                                    ("foster", "I plejefamilie"),
                                    ("residential", "På institution eller opholdssted"),
                                    ("other_offer", "I et andet tilbud sammen med en forælder"),
                                    ("other", "Et andet sted"),
                                ],
                                max_length=14,
                                verbose_name="hvor barnet bor",
                            ),
                        ),
                        (
                            "support_at_exit",
                            models.TextField(blank=True, verbose_name="støtte ved afslutningen"),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exit_records",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["municipality", "family"], name="exit_record_by_family")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitHome",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "lives",
                            models.CharField(
                                choices=[
                                    ("own_home", "I eget hjem"),
                                    ("relatives", "Hos familie eller venner"),
                                    ("offer", "I botilbud eller behandling"),
                                    ("no_home", "Uden fast bolig"),
                                    ("other", "Et andet sted"),
                                    ("unknown", "Det ved vi ikke"),
                                ],
                                max_length=10,
                                verbose_name="bor",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.person",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="homes",
                                to="flow_exit.exitrecord",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "record", "parent"), name="exit_home_once_per_parent"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitVisit",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        ("held_on", models.DateField(verbose_name="dato")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("day", "Dag eller del af en dag"), ("night", "Med overnatning")],
                                max_length=6,
                                verbose_name="besøg",
                            ),
                        ),
                        (
                            "accompanied_by",
                            models.CharField(blank=True, max_length=120, verbose_name="ledsaget af"),
                        ),
                        ("staff_view", models.TextField(verbose_name="teamets evaluering")),
                        ("parents_view", models.TextField(blank=True, verbose_name="forældrenes evaluering")),
                        ("child_signals", models.TextField(verbose_name="barnets signaler")),
                        ("incident", models.BooleanField(verbose_name="hændelse")),
                        ("incident_text", models.TextField(blank=True, verbose_name="hvad der skete")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                        (
                            "step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="flow_exit.exitstep",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "besøg hjemme",
                        "ordering": ["-id"],
                        "abstract": False,
                        "indexes": [models.Index(fields=["municipality", "step"], name="exit_visit_by_step")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("staff_view", ""), _negated=True),
                                    models.Q(("child_signals", ""), _negated=True),
                                ),
                                name="exit_visit_tells_of_staff_and_child",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("incident", False), ("incident_text", "")),
                                    models.Q(
                                        models.Q(("incident", True)),
                                        models.Q(("incident_text", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="exit_visit_incident_is_told",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandoverMeeting",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        ("held_on", models.DateField(verbose_name="holdt")),
                        ("received_by", models.CharField(max_length=200, verbose_name="hvem tager imod")),
                        ("parents_present", models.BooleanField(verbose_name="forældrene var med")),
                        ("agreed", models.TextField(verbose_name="det, der er aftalt")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "overleveringsmøde",
                        "ordering": ["-id"],
                        "abstract": False,
                        "indexes": [
                            models.Index(fields=["municipality", "family", "-id"], name="handover_by_family")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("received_by", ""), _negated=True),
                                    models.Q(("agreed", ""), _negated=True),
                                ),
                                name="handover_says_who_and_what",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HomeCheck",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        ("checked_on", models.DateField(verbose_name="set")),
                        ("sleeping_place", models.BooleanField(verbose_name="sovested til barnet")),
                        ("heating", models.BooleanField(verbose_name="varme")),
                        ("food", models.BooleanField(verbose_name="mad og køkken")),
                        ("remark", models.TextField(blank=True, verbose_name="bemærkning")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "boligtjek",
                        "ordering": ["-id"],
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "-id"], name="home_check_by_family"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaceKept",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        ("kept_until", models.DateField(verbose_name="holdes til og med")),
                        ("agreed_with", models.CharField(max_length=120, verbose_name="aftalt med")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "plads, der holdes",
                        "ordering": ["-id"],
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "-id"], name="place_kept_by_family"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("agreed_with", ""), _negated=True),
                                name="place_kept_is_agreed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("recorded_at__date__lte", models.F("kept_until"))),
                                name="place_kept_is_not_past",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceivingSupport",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("home_support", "Støtte i hjemmet"),
                                    ("family_house", "Familiehus eller Familiens Hus"),
                                    ("health", "Sundhedspleje eller læge"),
                                    ("network", "Familiens netværk"),
                                    ("other", "Andet"),
                                ],
                                max_length=14,
                                verbose_name="hvilken støtte",
                            ),
                        ),
                        ("organisation", models.CharField(max_length=120, verbose_name="sted")),
                        ("contact", models.CharField(max_length=120, verbose_name="kontaktperson")),
                        ("informed_on", models.DateField(verbose_name="informeret")),
                        (
                            "first_appointment_on",
                            models.DateField(blank=True, null=True, verbose_name="første aftale"),
                        ),
                        (
                            "health_visitor_informed_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="sundhedsplejersken informeret"
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "modtagende støtte",
                        "ordering": ["-id"],
                        "abstract": False,
                        "indexes": [
                            models.Index(fields=["municipality", "family", "-id"], name="support_by_family")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("organisation", ""), _negated=True),
                                    models.Q(("contact", ""), _negated=True),
                                ),
                                name="receiving_support_is_named",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SafetyPlan",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                        ("dated_on", models.DateField(verbose_name="dateret")),
                        ("worries", models.TextField(verbose_name="det, vi er bekymrede for")),
                        ("agreed", models.TextField(verbose_name="det, der er aftalt")),
                        ("signed_by", models.CharField(max_length=200, verbose_name="underskrevet af")),
                        (
                            "night_contact",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="netværksperson på vagt"
                            ),
                        ),
                        (
                            "night_phone",
                            models.CharField(blank=True, max_length=30, verbose_name="telefon døgnet rundt"),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sikkerhedsplan",
                        "ordering": ["-id"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "family", "version"), name="safety_plan_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("worries", ""), _negated=True),
                                    models.Q(("agreed", ""), _negated=True),
                                    models.Q(("signed_by", ""), _negated=True),
                                ),
                                name="safety_plan_is_signed_and_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChildPlanRevision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        ("revised_on", models.DateField(verbose_name="revideret")),
                        ("changes", models.TextField(verbose_name="det, der er ændret")),
                        ("parents_took_part", models.BooleanField(verbose_name="forældrene var med")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.family",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "revision af barnets plan",
                        "ordering": ["-id"],
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "-id"], name="child_plan_by_family"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("changes", ""), _negated=True),
                                name="child_plan_revision_says_what_changed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("revised_on__lte", models.F("recorded_at__date"))),
                                name="child_plan_revised_before_it_is_written",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
