import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("families", "0001_initial"),
        ("families", "0002_substitute"),
        ("families", "0003_reassessor"),
        ("families", "0004_moves"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        # Nothing here needs the next two. They are long, and quick while there are few tables.
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Family",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("number", models.CharField(max_length=20, verbose_name="sagsnummer")),
                        ("room", models.CharField(blank=True, max_length=20, verbose_name="værelse")),
                        (
                            "phase",
                            models.CharField(
                                choices=[
                                    ("enquiry", "Henvendelse"),
                                    ("assessed", "I målgruppen"),
                                    ("consented", "Samtykke givet"),
                                    ("decided", "Afgørelse truffet"),
                                    ("started", "Indsats startet"),
                                    ("moved_in", "Flyttet ind"),
                                    ("exited", "Flyttet ud"),
                                    ("closed", "Afsluttet"),
                                    ("declined", "Ikke i målgruppen"),
                                ],
                                default="enquiry",
                                max_length=12,
                                verbose_name="fase",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("casework", "Egen sagsbehandling"),
                                    ("health_visitor", "Sundhedsplejen"),
                                    ("midwife", "Jordemoder eller familieambulatorium"),
                                    ("family_house", "Familiehus"),
                                    ("notification", "Underretning"),
                                    ("family", "Familien selv"),
                                ],
                                max_length=20,
                                verbose_name="kilde",
                            ),
                        ),
                        ("enquiry_text", models.TextField(blank=True, verbose_name="henvendelsen")),
                        (
                            "enquired_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="modtaget"),
                        ),
                        (
                            "traits",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("low_mentalisation", "Lav mentaliseringsevne"),
                                        ("own_trauma", "Traumer i egen opvækst"),
                                        (
                                            "own_needs_first",
                                            "Svært ved at tilsidesætte egne behov til fordel for barnet",
                                        ),
                                        (
                                            "structure",
                                            "Svært ved at strukturere en hverdag efter barnets behov",
                                        ),
                                        ("economy", "Økonomiske udfordringer"),
                                        ("substances", "Misbrug af rusmidler"),
                                        ("no_home", "Manglende bolig"),
                                        ("violence", "Vold i nære relationer"),
                                        ("cognition", "Kognitiv funktionsnedsættelse"),
                                        ("mental_illness", "Psykisk lidelse"),
                                        ("personality", "Ufærdig eller umoden personlighedsstruktur"),
                                        ("network", "Manglende eller ustabilt netværk"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="udfordringsbillede",
                            ),
                        ),
                        (
                            "in_target_group",
                            models.BooleanField(blank=True, null=True, verbose_name="i målgruppen"),
                        ),
                        ("assessment", models.TextField(blank=True, verbose_name="vurdering")),
                        (
                            "started_on",
                            models.DateField(blank=True, null=True, verbose_name="start i indsatsen"),
                        ),
                        ("moved_in_on", models.DateField(blank=True, null=True, verbose_name="flyttet ind")),
                        ("moved_out_on", models.DateField(blank=True, null=True, verbose_name="flyttet ud")),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="afsluttet")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("home_together", "Familien bor sammen i eget hjem"),
                                    ("home_with_support", "Familien bor sammen med fortsat støtte"),
                                    ("child_placed", "Barnet er anbragt"),
                                    ("other_offer", "Familien er gået til et andet tilbud"),
                                    ("withdrawn", "Familien har selv afsluttet"),
                                    ("moved_away", "Familien er flyttet til en anden kommune"),
                                    ("pregnancy_lost", "Graviditeten er ophørt"),
                                ],
                                max_length=20,
                                verbose_name="udfald",
                            ),
                        ),
                        (
                            "family_view_of_outcome",
                            models.TextField(blank=True, verbose_name="familiens egen vurdering"),
                        ),
                        (
                            "receives_other_support",
                            models.BooleanField(blank=True, null=True, verbose_name="modtager anden støtte"),
                        ),
                        (
                            "home_before",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("together", "Forældrene sammen"),
                                    ("alone", "Alene"),
                                    ("relatives", "Hos familie"),
                                    ("institution", "Botilbud eller institution"),
                                    ("other", "Andet"),
                                ],
                                max_length=12,
                                verbose_name="boede før hos",
                            ),
                        ),
                        (
                            "home_language",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("danish", "Dansk"),
                                    ("other", "Et andet sprog"),
                                    ("both", "Dansk og et andet sprog"),
                                ],
                                max_length=8,
                                verbose_name="sprog i hjemmet",
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
                            "registered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.site",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.unit",
                                verbose_name="enhed",
                            ),
                        ),
                        ("reopened_at", models.DateTimeField(blank=True, null=True, verbose_name="genåbnet")),
                    ],
                    options={
                        "verbose_name": "familie",
                        "verbose_name_plural": "familier",
                        "indexes": [
                            models.Index(fields=["municipality", "unit"], name="family_by_unit"),
                            models.Index(fields=["municipality", "site"], name="family_by_site"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "number"), name="family_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("moved_in_on__isnull", True),
                                    ("started_on__isnull", True),
                                    ("moved_in_on__gte", models.F("started_on")),
                                    _connector="OR",
                                ),
                                name="family_moves_in_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("moved_out_on__isnull", True),
                                    ("moved_out_on__gte", models.F("moved_in_on")),
                                    _connector="OR",
                                ),
                                name="family_moves_out_after_in",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on__isnull", True),
                                    ("moved_out_on__isnull", True),
                                    ("closed_on__gte", models.F("moved_out_on")),
                                    _connector="OR",
                                ),
                                name="family_closes_after_moving_out",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on__isnull", True),
                                    ("moved_in_on__isnull", True),
                                    ("closed_on__gte", models.F("moved_in_on")),
                                    _connector="OR",
                                ),
                                name="family_closes_after_moving_in",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on__isnull", True),
                                    models.Q(("outcome", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="family_closed_with_outcome",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FamilyGrant",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "function",
                            models.CharField(
                                choices=[
                                    ("caseworker", "Rådgiver for familien"),
                                    ("team", "Indsatsteam"),
                                    ("referrer", "Henviser"),
                                    ("reassessor", "Ny vurdering efter § 137"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("profession", models.CharField(blank=True, max_length=40, verbose_name="faggruppe")),
                        ("starts", models.DateField(default=placement.clock.today, verbose_name="fra")),
                        ("ends", models.DateField(blank=True, null=True, verbose_name="til og med")),
                        (
                            "content_object",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grants",
                                to="families.family",
                            ),
                        ),
                        (
                            "granted_by",
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
                            "permission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grants",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "stands_in_for",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="vikar for",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["municipality", "user", "content_object"], name="grant_by_user"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ends__isnull", True)),
                                fields=("municipality", "content_object", "user", "function"),
                                name="grant_open_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends__isnull", True), ("function", "caseworker")),
                                fields=("municipality", "content_object"),
                                name="grant_one_caseworker",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends__isnull", True), ("ends__gte", models.F("starts")), _connector="OR"
                                ),
                                name="grant_end_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stands_in_for__isnull", True),
                                    models.Q(
                                        models.Q(("ends__isnull", False), ("function", "team")),
                                        models.Q(("user", models.F("stands_in_for")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="grant_substitute_is_another_for_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("parent", "Forælder"),
                                    ("child", "Barn"),
                                    ("sibling", "Ældre søskende"),
                                ],
                                max_length=8,
                                verbose_name="rolle i familien",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="navn")),
                        (
                            "birth_state",
                            models.CharField(
                                choices=[
                                    ("expected", "Ventes"),
                                    ("born", "Født"),
                                    ("lost", "Graviditeten er ophørt"),
                                ],
                                default="born",
                                max_length=8,
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="termin")),
                        ("born_on", models.DateField(blank=True, null=True, verbose_name="fødselsdato")),
                        (
                            "custody_holder",
                            models.BooleanField(default=False, verbose_name="har forældremyndighed"),
                        ),
                        (
                            "education",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("none", "Ikke afsluttet grundskole"),
                                    ("primary", "Grundskole"),
                                    ("upper_secondary", "Ungdomsuddannelse"),
                                    ("vocational", "Erhvervsuddannelse"),
                                    ("higher", "Videregående uddannelse"),
                                ],
                                max_length=16,
                                verbose_name="uddannelse",
                            ),
                        ),
                        (
                            "employment",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("employed", "I arbejde"),
                                    ("education", "Under uddannelse"),
                                    ("benefits", "Offentlig ydelse"),
                                    ("pension", "Førtidspension"),
                                    ("none", "Ingen tilknytning"),
                                ],
                                max_length=12,
                                verbose_name="arbejdsmarked",
                            ),
                        ),
                        ("cpr_sealed", models.BinaryField(null=True)),
                        ("cpr_index", models.BinaryField(max_length=32, null=True)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="people",
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
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["municipality", "cpr_index"], name="person_by_cpr")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("cpr_index__isnull", False)),
                                fields=("municipality", "family", "cpr_index"),
                                name="person_cpr_once_per_family",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("birth_state", "born"), _negated=True),
                                    ("born_on__isnull", False),
                                    ("kind", "parent"),
                                    _connector="OR",
                                ),
                                name="person_born_has_birthday",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("birth_state", "expected"), _negated=True),
                                    models.Q(("born_on__isnull", True), ("due_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="person_expected_has_due_date",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "child"), ("birth_state", "born"), _connector="OR"
                                ),
                                name="person_only_children_are_unborn",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChildView",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("obtained_on", models.DateField(verbose_name="indhentet")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("observed", "Iagttaget"),
                                    ("told", "Fortalt af barnet"),
                                    ("carer", "Gennem en, der kender barnet"),
                                    ("unborn", "Barnet er ikke født: forholdene omkring graviditeten"),
                                ],
                                max_length=12,
                                verbose_name="kilde",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="barnets perspektiv")),
                        ("recorded_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "author",
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
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="child_views",
                                to="families.family",
                            ),
                        ),
                        (
                            "child",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="views",
                                to="families.person",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-obtained_on", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("given_on", models.DateField(verbose_name="givet")),
                        (
                            "how",
                            models.CharField(
                                choices=[("written", "Skriftligt"), ("oral", "Mundtligt")],
                                max_length=10,
                                verbose_name="hvordan",
                            ),
                        ),
                        (
                            "informed_about",
                            models.TextField(blank=True, verbose_name="hvad der er oplyst om"),
                        ),
                        (
                            "withdrawn_on",
                            models.DateField(blank=True, null=True, verbose_name="trukket tilbage"),
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
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="families.family",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="families.person",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_on__isnull", True)),
                                fields=("municipality", "person"),
                                name="consent_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withdrawn_on__isnull", True),
                                    ("withdrawn_on__gte", models.F("given_on")),
                                    _connector="OR",
                                ),
                                name="consent_withdrawn_after_given",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "legal_basis",
                            models.CharField(
                                default="Barnets lov § 32, stk. 1, nr. 6",
                                max_length=60,
                                verbose_name="hjemmel",
                            ),
                        ),
                        ("purpose", models.TextField(verbose_name="formål")),
                        (
                            "expected_weeks",
                            models.PositiveSmallIntegerField(verbose_name="forventet varighed i uger"),
                        ),
                        ("requested_at", models.DateTimeField(default=placement.clock.now)),
                        ("approved", models.BooleanField(blank=True, null=True, verbose_name="godkendt")),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("reason", models.TextField(blank=True, verbose_name="begrundelse")),
                        ("facts", models.JSONField(blank=True, default=dict)),
                        (
                            "child_view",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.childview",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
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
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="families.family",
                            ),
                        ),
                        ("lapsed_at", models.DateTimeField(blank=True, null=True, verbose_name="bortfaldet")),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("purpose", ""), _negated=True),
                                name="decision_has_purpose",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expected_weeks__gte", 1)), name="decision_has_duration"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="decision_approver_is_not_requester",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved__isnull", True),
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("approved__isnull", False),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_decided_by_somebody",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("approved__isnull", True), ("lapsed_at__isnull", True)),
                                fields=("municipality", "family"),
                                name="decision_one_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pause",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("paused_on", models.DateField(verbose_name="pause fra")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("hospital", "Indlæggelse på hospital"),
                                    ("birth", "Fødsel og barsel på hospital"),
                                    ("treatment", "Behandling et andet sted"),
                                    ("relatives", "Sygdom eller dødsfald i familien"),
                                    ("other", "Andet"),
                                ],
                                max_length=12,
                                verbose_name="årsag",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="hvad er der sket?")),
                        ("paused_at", models.DateTimeField(default=placement.clock.now)),
                        ("resumed_on", models.DateField(blank=True, null=True, verbose_name="genoptaget")),
                        ("resumed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pauses",
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
                            "paused_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resumed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pause",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("resumed_on__isnull", True)),
                                fields=("municipality", "family"),
                                name="pause_one_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("resumed_on__isnull", True),
                                    ("resumed_on__gte", models.F("paused_on")),
                                    _connector="OR",
                                ),
                                name="pause_resumed_after_it_began",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("resumed_at__isnull", True),
                                        ("resumed_by__isnull", True),
                                        ("resumed_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("resumed_at__isnull", False),
                                        ("resumed_by__isnull", False),
                                        ("resumed_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="pause_resumed_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PersonPath",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "where",
                            models.CharField(
                                choices=[
                                    ("with_family", "Sammen med familien"),
                                    ("foster", "Plejefamilie"),
                                    ("institution", "Børne- og ungehjem"),
                                    ("other_parent", "Hos den anden forælder"),
                                    ("relatives", "Hos slægtninge eller netværk"),
                                    ("own_home", "Egen bolig"),
                                    ("treatment", "Behandling eller hospital"),
                                    ("other", "Andet"),
                                ],
                                max_length=12,
                                verbose_name="hvor",
                            ),
                        ),
                        ("begins_on", models.DateField(verbose_name="fra")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="til")),
                        ("legal_basis", models.CharField(blank=True, max_length=60, verbose_name="hjemmel")),
                        ("text", models.TextField(blank=True, verbose_name="hvorfor")),
                        ("recorded_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="paths",
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
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="paths",
                                to="families.person",
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
                        "verbose_name": "persons vej",
                        "ordering": ["-begins_on", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on__isnull", True)),
                                fields=("municipality", "person"),
                                name="path_one_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("begins_on")),
                                    _connector="OR",
                                ),
                                name="path_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SiteChange",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "from_room",
                            models.CharField(blank=True, max_length=20, verbose_name="værelse før"),
                        ),
                        ("to_room", models.CharField(blank=True, max_length=20, verbose_name="værelse nu")),
                        ("moved_on", models.DateField(verbose_name="dato")),
                        ("reason", models.TextField(verbose_name="hvorfor")),
                        ("recorded_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="site_changes",
                                to="families.family",
                            ),
                        ),
                        (
                            "from_site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.site",
                                verbose_name="fra",
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
                        (
                            "to_site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.site",
                                verbose_name="til",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stedskifte",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("from_site", models.F("to_site")), _negated=True),
                                    models.Q(("from_room", models.F("to_room")), _negated=True),
                                    _connector="OR",
                                ),
                                name="site_change_leads_elsewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="site_change_has_reason",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
