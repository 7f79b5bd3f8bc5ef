"""The codebook that people read: HTML and PDF, in Danish and in English, from the declarations alone.

What may stand in a column, never how often it does, nor the smallest or largest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from evaluation.formats.naming import SHORTEST_NAME, short_names
from evaluation.formats.package import moment
from evaluation.formats.parts import About, Table, english, numbers_of
from evaluation.formats.reasons import REASONS
from evaluation.formats.words import DA, DESCRIPTION, EN, SORTS, TYPES, WARNING, WORDS
from evaluation.variables import Dataset, Variable
from placement.paper.document import Entry, Heading, Paper, Paragraph
from placement.paper.document import Table as Grid

HTML_TYPE, PDF_TYPE = "text/html", "application/pdf"

# Dark on white (15:1), lines and not colours between cells, nothing from elsewhere.
_STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.8rem}h2{font-size:1.4rem;margin-top:2.5rem;border-top:2px solid #1a1a1a;padding-top:1rem}
h3{font-size:1.1rem;margin-top:2rem}code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
a{color:#0b4a8a}a:focus-visible{outline:3px solid #0b4a8a;outline-offset:2px}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
.warning{border:3px solid #8f1a1a;padding:.5rem 1rem;font-weight:bold}
dl{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.25rem 1rem}dt{font-weight:bold}dd{margin:0}
.wide{overflow-x:auto}table{border-collapse:collapse}caption{text-align:left;font-weight:bold}
th,td{border-bottom:1px solid #5c5c5c;padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top}
@media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
@media print{h3,table,.warning{break-inside:avoid}.skip,nav{display:none}}
"""


class _Told:
    """The declarations in one language; what nobody has put into English stands in Danish and says so."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words = WORDS[language]

    def both(self, danish: str, in_english: str) -> tuple[str, str]:
        """The text, and the language that it is in."""
        return (in_english, EN) if self.language == EN and in_english else (danish, DA)

    def part(self, declared: Variable | Dataset, part: str) -> tuple[str, str]:
        """A part of a declaration, and its language."""
        return self.both(getattr(declared, part), english(declared, part))

    def lines(self, variable: Variable) -> Iterator[tuple[str, str, str]]:
        """Name of the line, its text, and the language of that."""
        words, own = self.words, self.language
        if variable.description:
            yield words["description"], *self.part(variable, "description")
        yield words["type"], TYPES[own].get(variable.type, variable.type), own
        if variable.unit:
            yield words["unit"], *self.part(variable, "unit")
        yield words["sort"], SORTS[own][variable.sort.value], own
        for part in ("source", "why"):
            if getattr(variable, part):
                yield words[part], *self.part(variable, part)
        if variable.pattern:
            yield words["pattern"], variable.pattern, own
        reason = words["missing_yes"].format(name=variable.reason_name)
        yield words["missing"], reason if variable.missing else words["missing_no"], own
        short = short_names([variable.name], letters=SHORTEST_NAME)[variable.name]
        if short != variable.name:
            yield words["short"], short, own

    def values(self, variable: Variable) -> list[tuple[str, str, str, str]]:
        """Code, number in Stata and SPSS, meaning and its language, of each value on the list."""
        if variable.type == "boolean":
            return [("1", "1", self.words["yes"], self.language), ("0", "0", self.words["no"], self.language)]
        numbers: Mapping[str, int] = numbers_of(variable) if variable.type == "string" else {}
        return [
            (code, str(numbers.get(code, code)), *self.both(title, variable.values_en.get(code, "")))
            for code, title in variable.values.items()
        ]

    def reasons(self) -> list[tuple[str, str, str, str]]:
        return [
            (code, f".{one.letter}", str(one.number), self.both(one.title, one.title_en)[0])
            for code, one in REASONS.items()
        ]

    def about(self, about: About) -> Iterator[tuple[str, str, str]]:
        words = self.words
        yield words["kind"], about.kind, self.language
        yield words["purpose"], about.purpose, DA
        if about.agreement:
            yield words["agreement"], about.agreement, DA
        if about.cohort:
            yield words["cohort"], about.cohort, DA
        if about.snapshot_at:
            yield words["snapshot"], moment(about.snapshot_at), self.language
        yield words["created"], moment(about.created), self.language


def html(tables: Sequence[Table], about: About, language: str) -> str:
    """The codebook as one page that needs nothing else: no script, no picture, no address."""
    told = _Told(language)
    return "\n".join(_page(tables, about, told)) + "\n"


def _page(tables: Sequence[Table], about: About, told: _Told) -> Iterator[str]:
    words = told.words
    heading = f"{words['codebook']}: {about.title}"
    yield f'<!doctype html>\n<html lang="{told.language}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{escape(heading)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield f'<a class="skip" href="#main">{words["skip"]}</a>'
    yield f'<main id="main">\n<h1>{escape(heading)}</h1>'
    if about.personal_data:
        yield f'<p class="warning">{WARNING[told.language]}</p>'
    yield f"<p>{escape(DESCRIPTION[told.language][about.personal_data])}</p>\n<p>{words['no_counts']}</p>"
    yield from _list(told.about(about), told)
    yield from (f"<p{_lang(DA, told)}>{escape(one)}</p>" for one in about.notes)
    yield f'<nav aria-labelledby="contents">\n<h2 id="contents">{words["contents"]}</h2>\n<ul>'
    for table in tables:
        title, language = told.part(table.dataset, "title")
        yield f'<li{_lang(language, told)}><a href="#{escape(str(table.dataset.name))}">{escape(title)}</a></li>'
    yield f'<li><a href="#reasons">{words["reasons"]}</a></li>\n</ul>\n</nav>'
    for table in tables:
        yield from _section(table.dataset, told)
    yield f'<section aria-labelledby="reasons">\n<h2 id="reasons">{words["reasons"]}</h2>'
    head = (words["code"], words["letter"], words["spss"], words["meaning"])
    yield from _grid(words["reasons"], head, [(*row, told.language) for row in told.reasons()], told)
    yield "</section>\n</main>\n</body>\n</html>"


def _section(dataset: Dataset, told: _Told) -> Iterator[str]:
    title, language = told.part(dataset, "title")
    name = escape(str(dataset.name))
    yield f'<section aria-labelledby="{name}">'
    yield f'<h2 id="{name}"><span{_lang(language, told)}>{escape(title)}</span> (<code>{name}</code>)</h2>'
    about, language = told.part(dataset, "description")
    yield f"<p{_lang(language, told)}>{escape(about)}</p>"
    for variable in dataset.variables:
        words, language = told.part(variable, "title")
        yield (
            f'<h3 id="{name}.{escape(variable.name)}"><code>{escape(variable.name)}</code> '
            f"<span{_lang(language, told)}>{escape(words)}</span></h3>"
        )
        yield from _list(told.lines(variable), told)
        if values := told.values(variable):
            caption = f"{told.words['values']}: {variable.name}"
            head = (told.words["code"], told.words["number"], told.words["meaning"])
            yield from _grid(caption, head, values, told)
    yield "</section>"


def _list(lines: Iterator[tuple[str, str, str]], told: _Told) -> Iterator[str]:
    yield "<dl>"
    for name, text, language in lines:
        yield f"<dt>{escape(name)}</dt><dd{_lang(language, told)}>{escape(text)}</dd>"
    yield "</dl>"


def _grid(caption: str, head: Sequence[str], rows: Sequence[tuple[str, ...]], told: _Told) -> Iterator[str]:
    """A table; the last of a row's texts is the language of the one before it."""
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
    yield f"<caption>{escape(caption)}</caption>\n<thead><tr>"
    yield "".join(f'<th scope="col">{escape(text)}</th>' for text in head) + "</tr></thead>\n<tbody>"
    for *cells, meaning, language in rows:
        first, *others = cells
        yield (
            f'<tr><th scope="row"><code>{escape(first)}</code></th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in others)
            + f"<td{_lang(language, told)}>{escape(meaning)}</td></tr>"
        )
    yield "</tbody></table></div>"


def _lang(language: str, told: _Told) -> str:
    return "" if language == told.language else f' lang="{language}"'


def paper(tables: Sequence[Table], about: About, language: str) -> Paper:
    """The codebook as a paper, for a PDF."""
    told = _Told(language)
    words = told.words
    warning = WARNING[language] if about.personal_data else ""
    printed = Paper(
        title=f"{words['codebook']}: {about.title}",
        lead="\n".join(
            filter(None, (warning, DESCRIPTION[language][about.personal_data], words["no_counts"]))
        ),
        footer=" ".join(filter(None, (warning, f"{about.kind} {about.release_id}"))),
        page_words=(words["page"], words["of"]),
        language=language,
        printed_at=about.created,
    )
    blocks = printed.blocks
    blocks += [Paragraph("\n".join(f"{name}: {text}" for name, text, _language in told.about(about)))]
    blocks += [Paragraph(one) for one in about.notes]
    for table in tables:
        dataset = table.dataset
        blocks += [
            Heading(f"{told.part(dataset, 'title')[0]} ({dataset.name})"),
            Paragraph(told.part(dataset, "description")[0]),
        ]
        for variable in dataset.variables:
            lines = [(name, text) for name, text, _language in told.lines(variable)]
            if values := told.values(variable):
                listed = "\n".join(
                    f"{code} ({number}): {title}" if code != number else f"{code}: {title}"
                    for code, number, title, _language in values
                )
                lines.append((words["values"], listed))
            blocks.append(Entry(title=f"{variable.name} · {told.part(variable, 'title')[0]}", lines=lines))
    blocks += [
        Heading(words["reasons"]),
        Grid(
            caption=words["reasons"],
            head=(words["code"], words["letter"], words["spss"], words["meaning"]),
            rows=told.reasons(),
        ),
    ]
    return printed
