import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [("meetings", "0001_initial"), ("meetings", "0002_agenda_and_minutes")]

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
                    name="Meeting",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("team", "Teammøde"), ("network", "Netværksmøde")],
                                max_length=8,
                                verbose_name="mødetype",
                            ),
                        ),
                        ("held_on", models.DateField(verbose_name="holdt")),
                        ("minutes", models.TextField(blank=True, verbose_name="referat")),
                        ("next_on", models.DateField(blank=True, null=True, verbose_name="næste møde")),
                        ("parents_present", models.BooleanField(verbose_name="forældrene deltog")),
                        (
                            "parents_absent_reason",
                            models.TextField(blank=True, verbose_name="hvorfor forældrene ikke deltog"),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("next_meeting", "Næste møde"),
                                    ("change_team", "Teamet skal ændres"),
                                    ("redraw_map", "Netværkskortet skal tegnes om"),
                                ],
                                default="next_meeting",
                                max_length=12,
                                verbose_name="fører til",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings",
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
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                        (
                            "missing",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="faggrupper, der manglede",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "møde",
                        "verbose_name_plural": "møder",
                        "ordering": ["-held_on", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "kind", "-held_on"],
                                name="meeting_by_family",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("next_on__isnull", True),
                                    ("next_on__gt", models.F("held_on")),
                                    _connector="OR",
                                ),
                                name="meeting_next_is_later",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parents_present", True),
                                    models.Q(("parents_absent_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="meeting_absence_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome", "next_meeting"),
                                    models.Q(("kind", "team"), ("outcome", "change_team")),
                                    models.Q(("kind", "network"), ("outcome", "redraw_map")),
                                    _connector="OR",
                                ),
                                name="meeting_outcome_of_its_kind",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MentalisationBaseline",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("taken_on", models.DateField(verbose_name="lavet")),
                        ("strengths", models.TextField(verbose_name="det kan forældrene")),
                        ("focus", models.TextField(verbose_name="det arbejder vi med først")),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mentalisation_baselines",
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
                                related_name="+",
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
                            "taken_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="lavet af",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "udgangspunkt for mentalisering",
                        "verbose_name_plural": "udgangspunkter for mentalisering",
                        "ordering": ["-taken_on", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("strengths", ""), _negated=True),
                                    models.Q(("focus", ""), _negated=True),
                                ),
                                name="baseline_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("individual", "Samtale med forælder"),
                                    ("parent_child", "Samspil mellem forælder og barn"),
                                    ("video_feedback", "Videofeedback"),
                                ],
                                max_length=16,
                                verbose_name="form",
                            ),
                        ),
                        ("held_on", models.DateField(verbose_name="holdt")),
                        ("focus", models.CharField(max_length=200, verbose_name="fokus")),
                        ("summary", models.TextField(blank=True, verbose_name="hvad der skete")),
                        ("next_on", models.DateField(blank=True, null=True, verbose_name="næste gang")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("next_session", "Næste samtale"),
                                    ("renew_baseline", "Udgangspunktet skal laves om"),
                                ],
                                default="next_session",
                                max_length=16,
                                verbose_name="fører til",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sessions",
                                to="families.family",
                                verbose_name="familie",
                            ),
                        ),
                        (
                            "held_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="holdt af",
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
                        "verbose_name": "mentaliserende samtale",
                        "verbose_name_plural": "mentaliserende samtaler",
                        "ordering": ["-held_on", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["municipality", "family", "-held_on"], name="session_by_family"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("next_on__isnull", True),
                                    ("next_on__gt", models.F("held_on")),
                                    _connector="OR",
                                ),
                                name="session_next_is_later",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("focus", ""), _negated=True), name="session_has_focus"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendance",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "label",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="fornavn eller relation"
                            ),
                        ),
                        ("profession", models.CharField(blank=True, max_length=40, verbose_name="faggruppe")),
                        ("present", models.BooleanField(default=True, verbose_name="deltog")),
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="medarbejder",
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendance",
                                to="meetings.meeting",
                                verbose_name="møde",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "deltager",
                        "verbose_name_plural": "deltagere",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("staff__isnull", False),
                                    models.Q(("label", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="attendance_names_somebody",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("staff__isnull", False)),
                                fields=("municipality", "meeting", "staff"),
                                name="attendance_once_per_colleague",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeetingDecision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("text", models.TextField(verbose_name="beslutning")),
                        (
                            "responsible",
                            models.CharField(blank=True, max_length=120, verbose_name="hvem gør det"),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="inden")),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="meetings.meeting",
                                verbose_name="møde",
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="medarbejder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "beslutning",
                        "verbose_name_plural": "beslutninger",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="meeting_decision_says_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("person__isnull", True), ("due_on__isnull", False), _connector="OR"
                                ),
                                name="meeting_decision_task_has_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgendaItem",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("goal", "Mål"), ("task", "Opgave"), ("clock", "Frist")],
                                max_length=8,
                            ),
                        ),
                        ("record", models.UUIDField()),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="frist")),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agenda",
                                to="meetings.meeting",
                                verbose_name="møde",
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
                        "verbose_name": "punkt på dagsordenen",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "meeting", "kind", "record"), name="agenda_item_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionOutcome",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("done", models.BooleanField(verbose_name="gjort")),
                        ("reason", models.TextField(blank=True, verbose_name="hvorfor ikke")),
                        (
                            "closed_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="skrevet af",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="became",
                                to="meetings.meetingdecision",
                                verbose_name="beslutning",
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
                        "verbose_name": "opfølgning på beslutning",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("done", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="decision_outcome_undone_says_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MinutesGiven",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("given_on", models.DateField(verbose_name="givet")),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("paper", "På papir"),
                                    ("post", "Digital Post"),
                                    ("read", "Gennemgået mundtligt"),
                                ],
                                max_length=10,
                                verbose_name="hvordan",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(default=placement.clock.now, verbose_name="skrevet"),
                        ),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="givet af",
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="given",
                                to="meetings.meeting",
                                verbose_name="møde",
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
                                related_name="+",
                                to="families.person",
                                verbose_name="hvem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "udleveret referat",
                        "ordering": ["given_on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "meeting", "person", "given_on", "how"),
                                name="minutes_given_once",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
