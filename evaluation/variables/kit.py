"""How the product's variables are written down: units, questions, and the variables that all datasets share."""

from __future__ import annotations

from collections.abc import Iterable

from evaluation.variables.declared import (
    NOT_ASKED,
    NOT_ON_LIST,
    NOT_RELEVANT,
    NOT_YET_DUE,
    Codes,
    Sort,
    Variable,
    Words,
    variable,
)

PSEUDONYM = "^[bcdfghjkmnpqrstv]{20}$"
MODEL_VERSION = "^[A-Za-z0-9.-]{1,20}$"
INSTRUMENT_VERSION = "^[0-9]{1,4}([.-][0-9]{1,4}){0,2}$"
STEP_CODE = "^[A-Za-z0-9-]{1,8}$"


class Unit:
    """What numbers count."""

    PSEUDONYM = Words("pseudonym", "pseudonym")
    CODE = Words("kode", "code")
    YES_NO = Words("ja/nej", "yes/no")
    DATE = Words("dato", "date")
    DAYS = Words("dage fra start i indsatsen", "days from the start of the intervention")
    WEEKS = Words("uger fra start i indsatsen", "weeks from the start of the intervention")
    LENGTH = Words("dage", "days")
    LENGTH_WEEKS = Words("uger", "weeks")
    MONTHS = Words("måneder", "months")
    YEARS = Words("år", "years")
    YEAR = Words("kalenderår", "calendar year")
    COUNT = Words("antal", "count")
    NUMBER = Words("løbenummer", "running number")
    NIGHTS = Words("nætter", "nights")
    POINTS = Words("point på redskabets egen skala", "points on the instrument's own scale")
    LEVEL = Words("trin på skalaen -2 til 2", "level on the scale -2 to 2")
    T_SCORE = Words("T-score, 50 er som forventet", "T score, 50 is as expected")
    SHARE = Words("andel fra 0 til 1", "share from 0 to 1")
    STEP = Words("trin, 1 er det første", "step, 1 is the first")
    WEIGHT = Words("vægt fra 1 til 3", "weight from 1 to 3")


class Why:
    """The evaluation's questions: every variable serves one of them."""

    KEY = Words(
        "At rækker om det samme kan kobles inden for aftalen.",
        "To join rows about the same subject within the agreement.",
    )
    GROUP = Words(
        "At beskrive målgruppen, som VIVEs registreringsskema spørger.",
        "To describe the target group, as VIVE's registration form asks.",
    )
    IMPLEMENTATION = Words(
        "Om modellen gennemføres, som den er beskrevet.",
        "Whether the model is carried out as it is described.",
    )
    RESULT = Words("Resultater for målgruppen.", "Results for the target group.")
    COST = Words(
        "Hvad indsatsen koster at begynde og at drive.", "What the intervention costs to begin and to run."
    )
    ORGANISATION = Words("Faglige og organisatoriske resultater.", "Professional and organisational results.")
    VERSION = Words(
        "Modellen ændres undervejs; tal kan kun sammenlignes inden for samme udgave.",
        "The model changes on the way; figures compare within one version only.",
    )


#: What has no unit of its own has that of its type.
_UNIT_OF = {"boolean": Unit.YES_NO, "date": Unit.DATE, "string": Unit.CODE}

_PSEUDONYM_WORDS = Words(
    "Pseudonym: det samme ved hver udlevering efter samme aftale, et andet efter en anden. Kan ikke føres tilbage "
    "uden aftalens nøgle.",
    "Pseudonym: the same at each release under one agreement, another under another. Cannot be led back without the "
    "agreement's key.",
)
SYSTEM = Words("Dannes ved udleveringen.", "Made when the release is built.")


def pseudonym_of(kind: str, subject: str) -> str:
    """The pseudonym as SQL. The two parts are worked out once for each statement, and handed on row by row."""
    return f"sec.pseudonym((SELECT sec.inner_part(sec.project(), '{kind}')), (SELECT sec.outer_part(sec.project())), {subject})"


def pseudonym(name: str, kind: str, sql: str, title: Words, *, missing: str = "") -> Variable:
    """The id of a subject outside. ``kind``: what sort of subject; two sorts never share a pseudonym."""
    return variable(
        name,
        pseudonym_of(kind, sql),
        "string",
        title,
        sort=Sort.IDENTIFYING,
        unit=Unit.PSEUDONYM,
        source=SYSTEM,
        why=Why.KEY,
        description=_PSEUDONYM_WORDS,
        pattern=PSEUDONYM,
        missing=missing,
    )


def family_id() -> Variable:
    """Whose row it is; the same name in each dataset, so that they join."""
    return pseudonym("family_id", "family", "f.uuid", Words("Familie", "Family"))


def municipality_code(sql: str = "f.municipality_id", *, missing: str = "") -> Variable:
    """In each dataset: every municipality decides for its own rows (`evaluation.extract`)."""
    return variable(
        "municipality_code",
        sql,
        "integer",
        Words("Kommunekode", "Municipality code"),
        sort=Sort.QUASI_IDENTIFYING,
        unit=Unit.CODE,
        source=Words("Sagens kommune", "The case's municipality"),
        why=Why.GROUP,
        description=Words("Danmarks officielle koder.", "Denmark's official codes."),
        missing=missing,
    )


def quoted(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def coded(
    name: str,
    sql: str,
    title: Words,
    values: Codes,
    *,
    sort: Sort | None = None,
    source: Words | None = None,
    why: Words | None = None,
    description: Words | None = None,
    empty: str = NOT_ASKED,
    running: bool = False,
    since: str = "",
) -> Variable:
    """A code that is let through only from its list. ``empty``: the reason, as SQL, when nothing stands."""
    return variable(
        name,
        f"CASE WHEN {sql} IN ({quoted(values.da)}) THEN {sql} END",
        "string",
        title,
        sort=sort,
        unit=Unit.CODE,
        source=source,
        why=why,
        description=description,
        values=values,
        missing=f"CASE WHEN {sql} IN ({quoted(values.da)}) THEN NULL "
        f"WHEN coalesce({sql}, '') = '' THEN {empty} ELSE {NOT_ON_LIST} END",
        running=running,
        since=since,
    )


def when_null(sql: str, reason: str) -> str:
    return f"CASE WHEN {sql} IS NULL THEN {reason} END"


def days(moment: str) -> str:
    """Days from the start of the intervention to a date column."""
    return f"{moment} - f.started_on"


def danish(moment: str) -> str:
    """The Danish calendar day of a moment column."""
    return f"({moment} AT TIME ZONE 'Europe/Copenhagen')::date"


class Maker:
    """Declarations of one dataset that share where they come from, why they are collected and their sort."""

    def __init__(self, source: Words, why: Words, sort: Sort = Sort.PROCESS) -> None:
        self.source, self.why, self.sort = source, why, sort

    def _said(self, said: dict[str, object]) -> dict[str, object]:
        return {"source": self.source, "why": self.why, "sort": self.sort} | said

    def value(
        self, name: str, sql: str, kind: str, title: Words, unit: Words | None = None, **said: object
    ) -> Variable:
        """A number, a date or a yes/no."""
        return variable(name, sql, kind, title, unit=unit or _UNIT_OF.get(kind), **self._said(said))  # type: ignore[arg-type]

    def count(self, name: str, sql: str, title: Words, **said: object) -> Variable:
        return self.value(name, sql, "integer", title, Unit.COUNT, **said)

    def yes(self, name: str, sql: str, title: Words, **said: object) -> Variable:
        """1 is yes, 0 is no."""
        return self.value(name, sql, "boolean", title, None, **said)

    def code(self, name: str, sql: str, title: Words, values: Codes, **said: object) -> Variable:
        return coded(name, sql, title, values, **self._said(said))  # type: ignore[arg-type]

    def day(self, name: str, day: str, title: Words, *, empty: str = "", **said: object) -> Variable:
        """Days from the start to ``day``. ``empty``: the reason, as SQL, when there is none; else there always is one."""
        reason = {"missing": when_null(day, empty)} if empty else {}
        return self.value(name, days(day), "integer", title, Unit.DAYS, **reason, **said)

    def week(self, name: str, day: str, title: Words, **said: object) -> Variable:
        """Whole weeks from the start to ``day``, not yet due while there is none."""
        return self.value(
            name,
            f"floor(({days(day)}) / 7.0)::integer",
            "integer",
            title,
            Unit.WEEKS,
            description=Words(
                "Hele uger fra start i indsatsen; 0 er den første uge.",
                "Whole weeks from the start of the intervention; 0 is the first week.",
            ),
            missing=when_null(day, NOT_YET_DUE),
            **said,
        )


def of_model(description: Words) -> tuple[Variable, Variable]:
    """The model version and the municipality's adaptation of it, from the joins `version` and `adaptation`."""
    source = Words("Forløbets modelversion", "The journey's model version")
    return (
        variable(
            "model_version",
            "version.code",
            "string",
            Words("Modelversion", "Model version"),
            sort=Sort.PROCESS,
            unit=Unit.CODE,
            source=source,
            why=Why.VERSION,
            description=description,
            pattern=MODEL_VERSION,
            missing=when_null("version.code", NOT_ON_LIST),
        ),
        variable(
            "model_adaptation",
            "adaptation.code",
            "string",
            Words(
                "Kommunens tilpasning af modelversionen", "The municipality's adaptation of the model version"
            ),
            sort=Sort.PROCESS,
            unit=Unit.CODE,
            source=source,
            why=Why.VERSION,
            description=Words(
                "Modelversion, kommunekode og nummer; tomt, når det er den nationale version, der gælder.",
                "Model version, municipality code and number; empty when the national version applies.",
            ),
            pattern="^[A-Za-z0-9.-]{1,40}$",
            missing=when_null("adaptation.code", NOT_RELEVANT),
        ),
    )
