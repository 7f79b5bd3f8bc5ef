import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("journal", "0001_initial"),
        ("journal", "0002_draft_page"),
        ("journal", "0003_words_and_withdrawal"),
        ("journal", "0004_weekly_summaries"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("families", "0001_squashed_0004_moves"),
        ("progression", "0001_squashed_0002_full_goals"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("submit_token", models.UUIDField(editable=False)),
                        ("form", models.CharField(max_length=60, verbose_name="formular")),
                        ("data", models.JSONField(blank=True, default=dict, verbose_name="indhold")),
                        ("rev", models.PositiveIntegerField(default=0, verbose_name="udgave")),
                        ("updated", models.DateTimeField(default=placement.clock.now, verbose_name="gemt")),
                        ("submitted", models.DateTimeField(blank=True, null=True, verbose_name="sendt")),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.family",
                                verbose_name="familie",
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
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="medarbejder",
                            ),
                        ),
                        ("page", models.UUIDField(blank=True, editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "kladde",
                        "verbose_name_plural": "kladder",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("submitted__isnull", True)),
                                fields=["municipality", "staff", "-updated"],
                                name="draft_open_by_person",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "staff", "submit_token"), name="draft_one_per_form"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("submitted__isnull", True), ("data", {}), _connector="OR"
                                ),
                                name="draft_submitted_is_empty",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("observation", "Observation"),
                                    ("assessment", "Vurdering"),
                                    ("agreement", "Aftale"),
                                    ("child-view", "Barnets perspektiv"),
                                    ("draft", "Intern kladde"),
                                    ("weekly", "Ugeresumé"),
                                ],
                                max_length=12,
                                verbose_name="type",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="tekst")),
                        (
                            "element",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("team", "Indsatsteam"),
                                    ("mentalisation", "Mentaliseringsbaseret tilgang"),
                                    ("progression", "Opfølgning på progression"),
                                    ("network", "Netværk"),
                                    ("exit", "Udslusning"),
                                ],
                                max_length=16,
                                verbose_name="kerneelement",
                            ),
                        ),
                        ("happened_at", models.DateTimeField(verbose_name="hvornår det skete")),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                        ("reason", models.TextField(blank=True, verbose_name="hvorfor det er rettet")),
                        ("submit_token", models.UUIDField(blank=True, editable=False, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="families.family",
                                verbose_name="familie",
                            ),
                        ),
                        (
                            "measurement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="progression.measurement",
                                verbose_name="score",
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
                            "replaces",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="journal.note",
                                verbose_name="retter",
                            ),
                        ),
                        (
                            "situations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="situation",
                            ),
                        ),
                        ("tag_titles", models.JSONField(blank=True, default=dict)),
                        (
                            "themes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="tema",
                            ),
                        ),
                        ("withdrawn", models.BooleanField(default=False, verbose_name="taget tilbage")),
                        ("week_starts", models.DateField(blank=True, null=True, verbose_name="ugen fra")),
                    ],
                    options={
                        "verbose_name": "notat",
                        "verbose_name_plural": "notater",
                        "ordering": ["-happened_at", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "-happened_at"], name="note_by_family"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), ("replaces__isnull", True), ("version", 1)),
                                    models.Q(
                                        ("replaces__isnull", False),
                                        ("version__gt", 1),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="note_corrected_with_reason",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("replaces__isnull", False)),
                                fields=("municipality", "replaces"),
                                name="note_replaced_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("submit_token__isnull", False)),
                                fields=("municipality", "author", "submit_token"),
                                name="note_once_per_submission",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("text", ""), _negated=True),
                                    ("measurement__isnull", False),
                                    ("withdrawn", True),
                                    _connector="OR",
                                ),
                                name="note_has_text_or_score",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withdrawn", False),
                                    models.Q(
                                        ("replaces__isnull", False),
                                        ("situations", []),
                                        ("text", ""),
                                        ("themes", []),
                                    ),
                                    _connector="OR",
                                ),
                                name="note_withdrawn_has_no_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "weekly"),
                                        ("measurement__isnull", True),
                                        ("week_starts__iso_week_day", 1),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "weekly"), _negated=True),
                                        ("week_starts__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="note_weekly_names_its_monday",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("replaces__isnull", True), ("week_starts__isnull", False)
                                ),
                                fields=("municipality", "family", "week_starts"),
                                name="note_one_summary_a_week",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LogWord",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "list",
                            models.CharField(
                                choices=[
                                    ("situation", "Situation"),
                                    ("theme", "Tema"),
                                    ("template", "Skabelon"),
                                ],
                                max_length=10,
                                verbose_name="liste",
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, verbose_name="kode")),
                        ("title", models.CharField(max_length=60, verbose_name="navn")),
                        ("text", models.TextField(blank=True, verbose_name="tekst")),
                        (
                            "kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("observation", "Observation"),
                                    ("assessment", "Vurdering"),
                                    ("agreement", "Aftale"),
                                    ("child-view", "Barnets perspektiv"),
                                    ("draft", "Intern kladde"),
                                ],
                                max_length=12,
                                verbose_name="type",
                            ),
                        ),
                        ("retired", models.BooleanField(default=False, verbose_name="bruges ikke mere")),
                        (
                            "written_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
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
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ord i loggen",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "list", "code"), name="log_word_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("list", "template"),
                                        models.Q(("text", ""), _negated=True),
                                        models.Q(("kind", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("list", "template"), _negated=True),
                                        ("kind", ""),
                                        ("text", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="log_word_template_has_text",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParentsReading",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("observation", "Observation"),
                                    ("assessment", "Vurdering"),
                                    ("agreement", "Aftale"),
                                    ("child-view", "Barnets perspektiv"),
                                    ("draft", "Intern kladde"),
                                    ("weekly", "Ugeresumé"),
                                ],
                                max_length=12,
                                verbose_name="type",
                            ),
                        ),
                        ("allowed", models.BooleanField(verbose_name="må læses af forældrene")),
                        ("reason", models.TextField(verbose_name="begrundelse")),
                        (
                            "decided_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="besluttet"),
                        ),
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
                    ],
                    options={
                        "verbose_name": "beslutning om forældres læsning",
                        "ordering": ["decided_at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("allowed", True), ("kind", "draft"), _negated=True),
                                name="parents_reading_never_drafts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="parents_reading_with_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoteSource",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "note",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="summed_up_in",
                                to="journal.note",
                            ),
                        ),
                        (
                            "summary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sources",
                                to="journal.note",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "kilde til ugeresumé",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "summary", "note"), name="note_source_note_once"
                            ),
                            models.UniqueConstraint(
                                fields=("municipality", "summary", "child_view"), name="note_source_view_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("child_view__isnull", True), ("note__isnull", False)),
                                    models.Q(("child_view__isnull", False), ("note__isnull", True)),
                                    _connector="OR",
                                ),
                                name="note_source_is_one",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
