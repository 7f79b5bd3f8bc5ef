"""The words of a letter on a decision: a template, what it must hold, and what is put into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.access.errors import Refused
from placement.clock import danish_day
from placement.families.codes import PersonKind
from placement.families.models import Decision, Person
from placement.templatetags.words import danish_date
from workflows.decisions.codes import LetterKind
from workflows.decisions.models import LetterTemplate
from workflows.model_versions.decision_rules import DecisionRules

#: Stands where a letter still needs somebody's own words; with it no letter is approved.
UNFINISHED = "[skriv"

_PLACE = re.compile(r"\{(\w+)\}")

#: What may stand in braces, and what it becomes.
PLACES = {
    "navn": gettext_lazy("partens navn"),
    "kommune": gettext_lazy("kommunens navn"),
    "dato": gettext_lazy("dagen, afgørelsen er truffet"),
    "hjemmel": gettext_lazy("lovhjemlen"),
    "formål": gettext_lazy("formålet med opholdet"),
    "varighed": gettext_lazy("den forventede varighed"),
    "begrundelse": gettext_lazy("begrundelsen"),
    "perspektiv": gettext_lazy("barnets perspektiv, når brevet er til barnet selv"),
    "klage": gettext_lazy("klagevejledningen"),
}
#: Without these no letter says what the law asks for (forvaltningsloven §§ 22-26, barnets lov § 32, stk. 3).
REQUIRED = ("hjemmel", "formål", "varighed", "begrundelse", "klage")

# The letters are Danish, whatever language the writer reads the pages in.
STANDARD: Mapping[str, str] = {
    LetterKind.PARENT: """Kære {navn}

{kommune} har den {dato} truffet afgørelse om et ophold for familien efter {hjemmel}.

Formålet med opholdet
{formål}

Hvor længe
Vi forventer, at opholdet varer {varighed}.

Hvorfor vi har truffet afgørelsen
{begrundelse}

Du har givet samtykke til opholdet. Du kan til enhver tid trække det tilbage ved at kontakte os.

Hvis du er uenig
{klage}

Venlig hilsen
{kommune}
""",
    LetterKind.CHILD: """Kære {navn}

Du er fyldt ti år. Derfor er du selv part i sagen om din familie, og derfor får du dit eget brev.

{kommune} har den {dato} bestemt, at din familie skal bo et sted, hvor I kan få hjælp ({hjemmel}).

Hvad hjælpen skal føre til
{formål}

Hvor længe
Vi regner med, at det varer {varighed}.

Hvorfor vi har bestemt det
{begrundelse}

Det, du har fortalt os
{perspektiv}

Hvis du er uenig
{klage}
Du må have en bisidder med, når du taler med os. Ring til os, hvis der er noget, du ikke forstår.

Venlig hilsen
{kommune}
""",
}


def kind_for(party: Person) -> LetterKind:
    """Whether the party is written to as a parent or as a child."""
    return LetterKind.PARENT if party.kind == PersonKind.PARENT else LetterKind.CHILD


def standing_template(kind: str) -> str:
    """The municipality's newest words of that kind, else the standard's."""
    newest = LetterTemplate.objects.filter(kind=kind).first()
    return newest.text if newest else STANDARD[kind]


def check_template(text: str) -> None:
    """Raises Refused: ``template-incomplete`` without what a letter must say, ``template-unknown-place``."""
    named = set(_PLACE.findall(text))
    unknown = sorted(named - set(PLACES))
    if unknown:
        raise Refused(
            _("Skabelonen kender ikke {%(name)s}. Ret det, eller skriv teksten ud.") % {"name": unknown[0]},
            type="template-unknown-place",
        )
    missing = [name for name in REQUIRED if name not in named]
    if missing:
        raise Refused(
            _("Et afgørelsesbrev skal have {%(names)s}. Sæt det ind i teksten.")
            % {"names": "}, {".join(missing)},
            type="template-incomplete",
        )


def draft(
    *,
    decision: Decision,
    party: Person,
    municipality: str,
    rules: DecisionRules,
    own_view: str = "",
) -> str:
    """The letter to one party as it is first shown; whoever writes it goes through every line.

    ``own_view``: what the child said, which goes into no letter but the child's own.
    """
    decided_on: date | None = danish_day(decision.decided_at) if decision.decided_at else None
    said = {
        "navn": party.name or f"{UNFINISHED} navnet]",
        "kommune": f"{municipality} Kommune",
        "dato": danish_date(decided_on),
        "hjemmel": decision.legal_basis,
        "formål": decision.purpose,
        "varighed": f"cirka {decision.expected_weeks} uger",
        "begrundelse": decision.reason or f"{UNFINISHED} begrundelsen]",
        "perspektiv": own_view or f"{UNFINISHED}, hvad barnet har sagt]",
        "klage": guidance(rules),
    }
    return _PLACE.sub(lambda place: said.get(place[1], place[0]), standing_template(kind_for(party))).strip()


def guidance(rules: DecisionRules) -> str:
    """How to complain (forvaltningsloven § 25): to whom, by way of whom, until when."""
    weeks, days = divmod(rules.complaint_days, 7)
    until = f"{rules.complaint_days} dage" if days else f"{weeks} uger"
    return (
        f"Du kan klage til Ankestyrelsen. Klagen sendes eller siges til kommunen senest {until} efter, at du har "
        "fået dette brev. Kommunen ser først selv på sagen igen. Fastholder kommunen afgørelsen, sender den klagen "
        "videre til Ankestyrelsen. Du kan få hjælp til at skrive klagen."
    )
