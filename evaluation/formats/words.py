"""The words of the descriptions, in both languages at once: a file says the same whatever language its maker read."""

from __future__ import annotations

from typing import Final

DA, EN = "da", "en"
LANGUAGES = (DA, EN)

#: What the data are, by whether they are personal data.
DESCRIPTION: Final[dict[str, dict[bool, str]]] = {
    DA: {
        True: "Rækker på familieniveau med pseudonymer. Det er personoplysninger, også uden navne og CPR-numre: de må kun "
        "bruges efter aftalen, af de personer den nævner, og i et sikkert miljø. Der følger ingen licens med, og data må "
        "ikke gives videre. En tom celle har sin grund i kolonnen med samme navn og endelsen _missing.",
        False: "Data er anonymiseret efter den opskrift, hvis aftryk står i manifest.json. Det må ikke forsøges at genkende "
        "nogen i dem eller at koble dem med andre oplysninger. Der følger ingen licens med. En tom celle har sin grund "
        "i kolonnen med samme navn og endelsen _missing.",
    },
    EN: {
        True: "Rows of families under pseudonyms. They are personal data, also without names and CPR numbers: they may be "
        "used under the agreement only, by the people it names, and in a secure environment. No licence comes with "
        "them, and they may not be passed on. An empty cell has its reason in the column of the same name that ends in "
        "_missing.",
        False: "The data were anonymised by the recipe whose digest stands in manifest.json. No one may try to recognise "
        "anybody in them or to link them with other information. No licence comes with them. An empty cell has its "
        "reason in the column of the same name that ends in _missing.",
    },
}

#: What stands first on every page of personal data.
WARNING: Final[dict[str, str]] = {DA: "Personoplysninger. Fortroligt.", EN: "Personal data. Confidential."}

TYPES: Final[dict[str, dict[str, str]]] = {
    DA: {
        "string": "tekst",
        "integer": "helt tal",
        "number": "tal",
        "boolean": "ja eller nej",
        "date": "dato",
    },
    EN: {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "yes or no",
        "date": "date",
    },
}

SORTS: Final[dict[str, dict[str, str]]] = {
    DA: {
        "identifying": "Direkte kendetegn",
        "quasi_identifying": "Kan kendes sammen med andet",
        "sensitive": "Følsom",
        "outcome": "Udbytte",
        "process": "Arbejdsgang",
    },
    EN: {
        "identifying": "Identifying",
        "quasi_identifying": "Identifying together with others",
        "sensitive": "Sensitive",
        "outcome": "Outcome",
        "process": "Process",
    },
}

WORDS: Final[dict[str, dict[str, str]]] = {
    DA: {
        "codebook": "Kodebog",
        "contents": "Indhold",
        "skip": "Gå til indholdet",
        "purpose": "Formål",
        "agreement": "Aftale",
        "created": "Lavet",
        "snapshot": "Som data stod",
        "kind": "Slags",
        "cohort": "Hvilke familier",
        "files": "Filer",
        "type": "Type",
        "unit": "Enhed",
        "description": "Beskrivelse",
        "sort": "Art",
        "source": "Hvor det skrives",
        "why": "Hvorfor det samles ind",
        "values": "Værdier",
        "code": "Kode",
        "number": "Tal i Stata og SPSS",
        "meaning": "Betydning",
        "pattern": "Mønster",
        "missing": "Hvis værdien mangler",
        "missing_yes": "Grunden står i kolonnen {name}, og i Stata, SPSS og SAS i værdien selv.",
        "missing_no": "Værdien mangler aldrig.",
        "reasons": "Grunde til, at en værdi mangler",
        "letter": "Stata og SAS",
        "spss": "SPSS",
        "short": "Navn i Stata og SAS",
        "row": "Hver række",
        "yes": "Ja",
        "no": "Nej",
        "page": "Side",
        "of": "af",
        "file": "Datasæt",
        "no_counts": "Kodebogen siger, hvad der kan stå, og aldrig hvor mange gange det står.",
    },
    EN: {
        "codebook": "Codebook",
        "contents": "Contents",
        "skip": "Skip to the contents",
        "purpose": "Purpose",
        "agreement": "Agreement",
        "created": "Made",
        "snapshot": "As the data stood",
        "kind": "Kind",
        "cohort": "Which families",
        "files": "Files",
        "type": "Type",
        "unit": "Unit",
        "description": "Description",
        "sort": "Sort",
        "source": "Where it is written",
        "why": "Why it is collected",
        "values": "Values",
        "code": "Code",
        "number": "Number in Stata and SPSS",
        "meaning": "Meaning",
        "pattern": "Pattern",
        "missing": "When the value is missing",
        "missing_yes": "The reason stands in the column {name}, and in Stata, SPSS and SAS in the value itself.",
        "missing_no": "The value is never missing.",
        "reasons": "Reasons for a missing value",
        "letter": "Stata and SAS",
        "spss": "SPSS",
        "short": "Name in Stata and SAS",
        "row": "Each row",
        "yes": "Yes",
        "no": "No",
        "page": "Page",
        "of": "of",
        "file": "Dataset",
        "no_counts": "The codebook says what may stand there, and never how often it does.",
    },
}

#: What somebody who decides about disclosure reads about each sort; in DDI as a note.
SDC: Final[dict[str, dict[str, str]]] = {
    DA: {
        "identifying": "Kendetegn: leveres kun som pseudonym, og aldrig i T2 eller T3.",
        "quasi_identifying": "Kan kendes sammen med andet: gøres grovere i T2 og T3.",
        "sensitive": "Følsom: skal være forskellig nok inden for hver gruppe i T2, og små celler skjules i T3.",
        "outcome": "Udbytte: behandles som følsom i T2, og små celler skjules i T3.",
        "process": "Arbejdsgang: små celler skjules i T3.",
    },
    EN: {
        "identifying": "Identifying: released as a pseudonym only, and never in T2 or T3.",
        "quasi_identifying": "Identifying together with others: made coarser in T2 and T3.",
        "sensitive": "Sensitive: must differ enough within each group in T2; small cells are hidden in T3.",
        "outcome": "Outcome: treated as sensitive in T2; small cells are hidden in T3.",
        "process": "Process: small cells are hidden in T3.",
    },
}
