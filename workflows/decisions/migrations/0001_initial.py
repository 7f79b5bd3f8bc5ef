import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import placement.clock
from placement.access.creating import CreateModels

# What the columns of one row cannot say, whoever writes it.
_REFUSALS = """
CREATE FUNCTION supporter_is_old_enough() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.role = 'supporter' AND NEW.born_on + make_interval(years => NEW.from_years) > NEW.starts THEN
        RAISE EXCEPTION 'a supporter is old enough on the first day'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER supporter_is_old_enough BEFORE INSERT OR UPDATE ON flow_decisions_caseperson
    FOR EACH ROW EXECUTE FUNCTION supporter_is_old_enough();

CREATE FUNCTION letter_after_approved_decision() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    -- What is another municipality's is not seen from here; row security and the key refuse that row.
    IF TG_OP = 'INSERT' AND EXISTS (
        SELECT FROM families_decision d
         WHERE d.id = NEW.decision_id AND (d.family_id = NEW.family_id AND d.approved) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a letter is written on an approved decision'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.approved_at IS NOT NULL AND (
        NEW.text <> OLD.text OR NEW.party_id <> OLD.party_id OR NEW.decision_id <> OLD.decision_id
        OR NEW.approved_at IS DISTINCT FROM OLD.approved_at) THEN
        RAISE EXCEPTION 'an approved letter stands as it is'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER letter_after_approved_decision BEFORE INSERT OR UPDATE ON flow_decisions_decisionletter
    FOR EACH ROW EXECUTE FUNCTION letter_after_approved_decision();

CREATE FUNCTION complaint_after_letter() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM flow_decisions_decisionletter l
         WHERE l.id = NEW.letter_id AND (l.family_id = NEW.family_id AND l.party_id = NEW.party_id
           AND coalesce(l.received_on, l.sent_on) <= NEW.received_on) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a party complains once they have their letter'
              USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER complaint_after_letter BEFORE INSERT ON flow_decisions_complaint
    FOR EACH ROW EXECUTE FUNCTION complaint_after_letter();

REVOKE ALL ON FUNCTION supporter_is_old_enough(), letter_after_approved_decision(), complaint_after_letter()
    FROM PUBLIC;
"""
_BACK = """
DROP TRIGGER complaint_after_letter ON flow_decisions_complaint;
DROP FUNCTION complaint_after_letter();
DROP TRIGGER letter_after_approved_decision ON flow_decisions_decisionletter;
DROP FUNCTION letter_after_approved_decision();
DROP TRIGGER supporter_is_old_enough ON flow_decisions_caseperson;
DROP FUNCTION supporter_is_old_enough();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("access", "__first__"),
        ("families", "0005_consent_and_view_first"),
        ("progression", "0002_full_goals"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="CasePerson",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="case_persons",
                                to="families.family",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="case_persons",
                                to="families.person",
                                verbose_name="for",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("supporter", "Bisidder (barnets lov § 6)"),
                                    ("representative", "Partsrepræsentant (forvaltningsloven § 8)"),
                                ],
                                max_length=14,
                                verbose_name="rolle",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="navn")),
                        ("born_on", models.DateField(blank=True, null=True, verbose_name="fødselsdato")),
                        ("scope", models.TextField(verbose_name="omfang")),
                        ("starts", models.DateField(verbose_name="fra")),
                        ("ends", models.DateField(blank=True, null=True, verbose_name="til og med")),
                        (
                            "confidentiality_on",
                            models.DateField(blank=True, null=True, verbose_name="tavshedspligt erklæret"),
                        ),
                        ("from_years", models.PositiveSmallIntegerField(default=0)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(default=placement.clock.now)),
                    ],
                    options={
                        "verbose_name": "bisidder eller partsrepræsentant",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name", ""), _negated=True),
                                    models.Q(("scope", ""), _negated=True),
                                ),
                                name="case_person_name_and_scope",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends__isnull", True), ("ends__gte", models.F("starts")), _connector="OR"
                                ),
                                name="case_person_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("role", "representative"),
                                    models.Q(
                                        ("born_on__isnull", False),
                                        ("confidentiality_on__isnull", False),
                                        ("confidentiality_on__lte", models.F("starts")),
                                        ("from_years__gte", 1),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_person_supporter_keeps_quiet",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionLetter",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="decision_letters",
                                to="families.family",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
                                to="families.decision",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.person",
                                verbose_name="til",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="brevet")),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("written_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="godkendt")),
                        (
                            "how",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("post", "Digital Post"),
                                    ("paper", "Brev på papir"),
                                    ("hand", "Givet i hånden"),
                                    ("talk", "Sagt i en samtale"),
                                ],
                                max_length=5,
                                verbose_name="hvordan",
                            ),
                        ),
                        ("sent_on", models.DateField(blank=True, null=True, verbose_name="sendt")),
                        (
                            "sent_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("received_on", models.DateField(blank=True, null=True, verbose_name="modtaget")),
                        (
                            "complaint_until",
                            models.DateField(blank=True, null=True, verbose_name="klagefrist"),
                        ),
                    ],
                    options={
                        "verbose_name": "afgørelsesbrev",
                        "ordering": ["decision_id", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "decision", "party"), name="letter_once_a_party"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="letter_has_text"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("approved_by__isnull", False),
                                        models.Q(("approved_by", models.F("written_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="letter_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("how", ""), ("sent_by__isnull", True), ("sent_on__isnull", True)
                                    ),
                                    models.Q(
                                        models.Q(("how", ""), _negated=True),
                                        ("approved_at__date__lte", models.F("sent_on")),
                                        ("approved_at__isnull", False),
                                        ("sent_by__isnull", False),
                                        ("sent_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="letter_sent_after_approval",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("complaint_until__isnull", True), ("received_on__isnull", True)
                                    ),
                                    models.Q(
                                        ("complaint_until__gt", models.F("received_on")),
                                        ("complaint_until__isnull", False),
                                        ("received_on__gte", models.F("sent_on")),
                                        ("received_on__isnull", False),
                                        ("sent_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="letter_received_after_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LetterTemplate",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="access.municipality",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("parent", "Brev til en forælder"),
                                    ("child", "Brev til et barn, der er part"),
                                ],
                                max_length=6,
                                verbose_name="brev",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="tekst")),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("written_at", models.DateTimeField(default=placement.clock.now)),
                    ],
                    options={
                        "verbose_name": "brevskabelon",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="letter_template_has_text",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrackChange",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="track_changes",
                                to="families.family",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("consent_withdrawn", "Samtykket blev trukket tilbage"),
                                    ("placement", "En anbringelse"),
                                ],
                                max_length=17,
                                verbose_name="anledning",
                            ),
                        ),
                        (
                            "consent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.consent",
                            ),
                        ),
                        (
                            "track",
                            models.CharField(
                                choices=[
                                    ("new_consent", "Opholdet fortsætter på et nyt samtykke"),
                                    ("ended", "Opholdet er slut"),
                                    ("without_consent", "Støtte uden samtykke (barnets lov §§ 37-41)"),
                                    ("placed", "Barnet anbringes (barnets lov §§ 46-47)"),
                                ],
                                max_length=15,
                                verbose_name="hvordan det går videre",
                            ),
                        ),
                        ("decided_on", models.DateField(verbose_name="fra")),
                        ("legal_basis", models.CharField(blank=True, max_length=60, verbose_name="hjemmel")),
                        ("text", models.TextField(verbose_name="hvorfor")),
                        ("goes_on", models.BooleanField(verbose_name="opholdet fortsætter for de andre")),
                        (
                            "settled_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("settled_at", models.DateTimeField(default=placement.clock.now)),
                    ],
                    options={
                        "verbose_name": "sporskifte",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="track_change_says_why"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("track__in", ["without_consent", "placed"]), _negated=True),
                                    models.Q(("legal_basis", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="track_change_has_legal_basis",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("settled_at__date__gte", models.F("decided_on"))),
                                name="track_change_not_in_future",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("cause", "placement"), ("consent__isnull", True)),
                                    models.Q(("cause", "consent_withdrawn"), ("consent__isnull", False)),
                                    _connector="OR",
                                ),
                                name="track_change_of_a_consent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanDecision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="plan_decisions",
                                to="families.family",
                            ),
                        ),
                        (
                            "track",
                            models.CharField(
                                choices=[
                                    ("stay", "Familieanbringelse (barnets lov § 32)"),
                                    ("placement", "Anbringelse (barnets lov §§ 46-47)"),
                                ],
                                max_length=9,
                                verbose_name="for",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.decision",
                            ),
                        ),
                        (
                            "track_change",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="flow_decisions.trackchange",
                            ),
                        ),
                        ("makes_plan", models.BooleanField(verbose_name="der laves en plan")),
                        ("reason", models.TextField(verbose_name="begrundelse")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="senest")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(default=placement.clock.now)),
                    ],
                    options={
                        "verbose_name": "stillingtagen til barnets plan",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="plan_decision_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decision__isnull", False),
                                        ("track", "stay"),
                                        ("track_change__isnull", True),
                                    ),
                                    models.Q(
                                        ("decision__isnull", True),
                                        ("makes_plan", True),
                                        ("track", "placement"),
                                        ("track_change__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="plan_decision_mandatory_when_placed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("due_on__isnull", False), ("makes_plan", True)),
                                    models.Q(("due_on__isnull", True), ("makes_plan", False)),
                                    _connector="OR",
                                ),
                                name="plan_decision_has_last_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("decision__isnull", False)),
                                fields=("municipality", "decision"),
                                name="plan_decided_once_a_decision",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChildPlan",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="child_plans",
                                to="families.family",
                            ),
                        ),
                        (
                            "plan_decision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans",
                                to="flow_decisions.plandecision",
                            ),
                        ),
                        (
                            "follow_up",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="progression.followup",
                            ),
                        ),
                        ("made_on", models.DateField(verbose_name="lavet")),
                        ("joint", models.BooleanField(verbose_name="fælles plan for søskende")),
                        ("made_with", models.TextField(verbose_name="lavet sammen med")),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(default=placement.clock.now)),
                    ],
                    options={
                        "verbose_name": "barnets plan",
                        "ordering": ["-made_on", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("made_with", ""), _negated=True),
                                name="child_plan_made_with_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("plan_decision__isnull", False),
                                    ("follow_up__isnull", False),
                                    _connector="OR",
                                ),
                                name="child_plan_was_asked_for",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("recorded_at__date__gte", models.F("made_on"))),
                                name="child_plan_not_in_future",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChildPlanChild",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="children",
                                to="flow_decisions.childplan",
                            ),
                        ),
                        (
                            "child",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "barn i en plan",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "plan", "child"), name="plan_names_a_child_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Complaint",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="complaints",
                                to="families.family",
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to="flow_decisions.decisionletter",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="families.person",
                                verbose_name="klager",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="flow_decisions.caseperson",
                                verbose_name="ved",
                            ),
                        ),
                        ("received_on", models.DateField(verbose_name="modtaget")),
                        ("text", models.TextField(verbose_name="hvad der klages over")),
                        ("in_time", models.BooleanField(verbose_name="inden for fristen")),
                        (
                            "late_accepted",
                            models.BooleanField(
                                blank=True, null=True, verbose_name="behandles, selv om den er for sen"
                            ),
                        ),
                        (
                            "late_reason",
                            models.TextField(blank=True, verbose_name="hvorfor eller hvorfor ikke"),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "reassessed",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("upheld", "Afgørelsen fastholdes"),
                                    ("partly", "Afgørelsen ændres delvist"),
                                    ("changed", "Klageren får fuldt medhold"),
                                ],
                                max_length=8,
                                verbose_name="genvurdering",
                            ),
                        ),
                        ("reassessed_reason", models.TextField(blank=True, verbose_name="begrundelse")),
                        (
                            "reassessed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reassessed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="genvurderet"),
                        ),
                        (
                            "sent_on",
                            models.DateField(blank=True, null=True, verbose_name="sendt til Ankestyrelsen"),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "board_outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("upheld", "Stadfæstet"),
                                    ("changed", "Ændret"),
                                    ("returned", "Hjemvist til ny behandling"),
                                    ("dismissed", "Afvist"),
                                ],
                                max_length=9,
                                verbose_name="Ankestyrelsens afgørelse",
                            ),
                        ),
                        (
                            "board_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="Ankestyrelsens afgørelse af"
                            ),
                        ),
                        (
                            "board_text",
                            models.TextField(blank=True, verbose_name="hvad den betyder for sagen"),
                        ),
                        (
                            "board_by",
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
                        "verbose_name": "klage",
                        "ordering": ["-received_on", "-id"],
                        "indexes": [
                            models.Index(fields=["municipality", "family"], name="complaint_by_family")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="complaint_has_words"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("recorded_at__date__gte", models.F("received_on"))),
                                name="complaint_not_in_future",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("in_time", True),
                                        ("late_accepted__isnull", True),
                                        ("late_reason", ""),
                                    ),
                                    models.Q(
                                        models.Q(("late_reason", ""), _negated=True),
                                        ("in_time", False),
                                        ("late_accepted__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="complaint_late_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("reassessed", ""),
                                        ("reassessed_at__isnull", True),
                                        ("reassessed_by__isnull", True),
                                    ),
                                    models.Q(
                                        models.Q(("reassessed", ""), _negated=True),
                                        models.Q(("reassessed_reason", ""), _negated=True),
                                        ("reassessed_at__isnull", False),
                                        ("reassessed_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="complaint_reassessed_with_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_by__isnull", True), ("sent_on__isnull", True)),
                                    models.Q(
                                        models.Q(
                                            ("reassessed__in", ["upheld", "partly"]),
                                            models.Q(
                                                ("late_accepted", False), ("late_accepted__isnull", False)
                                            ),
                                            _connector="OR",
                                        ),
                                        ("sent_by__isnull", False),
                                        ("sent_on__gte", models.F("received_on")),
                                        ("sent_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="complaint_sent_on_after_look",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("board_by__isnull", True),
                                        ("board_on__isnull", True),
                                        ("board_outcome", ""),
                                    ),
                                    models.Q(
                                        models.Q(("board_outcome", ""), _negated=True),
                                        ("board_by__isnull", False),
                                        ("board_on__gte", models.F("sent_on")),
                                        ("board_on__isnull", False),
                                        ("sent_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="complaint_board_after_sent_on",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hearing",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="hearings",
                                to="families.family",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hearings",
                                to="families.person",
                                verbose_name="part",
                            ),
                        ),
                        ("needed", models.BooleanField(verbose_name="partshøring nødvendig")),
                        ("reason", models.TextField(blank=True, verbose_name="hvorfor ikke nødvendig")),
                        ("facts", models.TextField(blank=True, verbose_name="oplysninger, parten høres om")),
                        (
                            "how",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("post", "Digital Post"),
                                    ("paper", "Brev på papir"),
                                    ("hand", "Givet i hånden"),
                                    ("talk", "Sagt i en samtale"),
                                ],
                                max_length=5,
                                verbose_name="hvordan",
                            ),
                        ),
                        ("sent_on", models.DateField(blank=True, null=True, verbose_name="sendt")),
                        ("deadline_on", models.DateField(blank=True, null=True, verbose_name="svarfrist")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField(default=placement.clock.now)),
                        (
                            "answered_on",
                            models.DateField(blank=True, null=True, verbose_name="svar modtaget"),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="partens svar")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="afsluttet")),
                        (
                            "closed_by",
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
                        "verbose_name": "partshøring",
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["municipality", "family"], name="hearing_by_family")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("facts", ""), _negated=True),
                                        models.Q(("how", ""), _negated=True),
                                        ("deadline_on__gte", models.F("sent_on")),
                                        ("deadline_on__isnull", False),
                                        ("needed", True),
                                        ("reason", ""),
                                        ("sent_on__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("reason", ""), _negated=True),
                                        ("answered_on__isnull", True),
                                        ("closed_at__isnull", False),
                                        ("deadline_on__isnull", True),
                                        ("facts", ""),
                                        ("needed", False),
                                        ("sent_on__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="hearing_asks_or_says_why_not",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_on__isnull", True)),
                                    models.Q(
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_on__gte", models.F("sent_on")),
                                        ("answered_on__isnull", False),
                                        ("closed_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="hearing_answer_after_asking",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="hearing_closed_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("needed", False),
                                    ("closed_at__isnull", True),
                                    ("answered_on__isnull", False),
                                    ("closed_at__date__gt", models.F("deadline_on")),
                                    _connector="OR",
                                ),
                                name="hearing_silence_after_deadline",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ViewWaiver",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                                related_name="view_waivers",
                                to="families.family",
                            ),
                        ),
                        (
                            "view",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="waivers",
                                to="families.childview",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="hvorfor barnet ikke er spurgt")),
                        (
                            "waived_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("waived_at", models.DateTimeField(default=placement.clock.now)),
                    ],
                    options={
                        "verbose_name": "perspektiv indhentet på anden vis",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="view_waiver_has_reason",
                            ),
                            models.UniqueConstraint(fields=("municipality", "view"), name="view_waived_once"),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(_REFUSALS, _BACK),
    ]
