"""The files of the instruments: what each must say, and what is refused, with the line and the reason."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from placement.access.errors import Refused
from placement.instruments import catalogue
from placement.instruments.checks import instruments_can_be_read
from placement.instruments.definition import Entry, Method
from placement.instruments.lines import lines_of, nearest
from placement.instruments.reading import InvalidDefinition, read_definition
from placement.progression.codes import Element, Respondent
from placement.progression.gas import gas_t_score

FILES = sorted(catalogue.SHIPPED.glob("*.toml"))
EPDS = (catalogue.SHIPPED / "epds.toml").read_text(encoding="utf-8")
NAMED = {
    "gas", "epds", "kpcs", "prfq", "who-5", "pss", "osss-3", "mspss",
    "adbb", "asq-3", "asq-se-2", "psi-sf", "kips", "sdq",
}  # fmt: skip


@pytest.fixture
def own_folder(tmp_path, settings):
    settings.INSTRUMENTS_DIR = str(tmp_path)
    catalogue.forget()
    yield tmp_path
    catalogue.forget()


def refusal(source: str) -> str:
    with pytest.raises(InvalidDefinition) as refused:
        read_definition(source)
    return str(refused.value.message)


def changed(before: str, after: str) -> str:
    assert EPDS.count(before) >= 1, before
    return EPDS.replace(before, after, 1)


def line_of(text: str, source: str = EPDS) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if text in line)


def test_every_instrument_that_was_promised_is_there():
    assert {definition.id for definition in catalogue.current()} == NAMED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_file_says_what_it_must(path: Path):
    definition = catalogue.read_file(path)
    assert definition.id == path.stem
    assert definition.licence.holder and definition.licence.terms and definition.licence.source
    assert definition.title.da != definition.title.en
    assert set(definition.facts) >= {"licence", "window", "scoring", "better"}
    assert all(fact.source for fact in definition.facts.values())
    assert definition.element in Element.values
    assert set(definition.respondents) <= set(Respondent.values)


def test_no_item_s_text_is_shipped_without_a_licence_that_lets_us():
    # The words are files of their own; there are none as long as nobody has compared them with the source.
    assert not (catalogue.SHIPPED / "texts").exists()


def test_what_nobody_read_at_its_source_is_marked():
    epds = catalogue.in_use("epds")
    assert "cut_offs" in epds.unchecked
    assert "cut_offs" not in catalogue.in_use("kpcs").unchecked


def test_goal_attainment_is_reckoned_from_goals_and_nowhere_else():
    gas = catalogue.in_use("gas")
    (scale,) = gas.scales
    assert (gas.entry, scale.method) == (Entry.GOALS, Method.GOALS)
    many = [(3, 2)] * 500
    assert gas_t_score(many) <= scale.highest
    assert gas_t_score([(w, -x) for w, x in many]) >= scale.lowest


@pytest.mark.parametrize(
    ("before", "after", "at", "reason"),
    [
        ("highest = 30", "highest = 33", "lowest = 0\nhighest = 33", "fra 0 til 33, men svarene giver fra 0 til 30"),
        ("count = 10", "count = 9", "reversed", "spørgsmål 10, men der er 9"),
        ("items = [3, 4, 5]", "items = [3, 4, 11]", "items = [3, 4, 11]", "spørgsmål 11, men der er 10"),
        ("items = [3, 4, 5]", "items = [3, 3, 5]", "items = [3, 3, 5]", "hvert spørgsmål skal stå én gang"),
        ("at_least = 11", "at_least = 31", "[[scales.cut_offs]]", "skiller ikke noget"),
        ("at_least = 11", "at_most = 11", "[[scales.cut_offs]]", "den ende, der er bedst"),
        ("at_least = 11\n", "", "[[scales.cut_offs]]", "enten at_least eller at_most"),
        ("at_least = 1\n", "at_least = 4\n", "at_least = 4", "skiller ikke noget"),
        ("item = 10", "item = 12", "item = 12", "et spørgsmål, der ikke findes"),
        ('entry = "items"', 'entry = "totals"', 'entry = "totals"', "items hører til"),
        ('element = "mentalisation"', 'element = "mood"', 'element = "mood"', "element nævner mood"),
        ('about = ["parent"]', "about = []", "about = []", "about er tom"),
        ('version = "1"', 'version = "one"', 'version = "one"', "version skal være tal"),
        ("months = [0, 12]", "months = [12, 0]", "months = [12, 0]", "det mindste først"),
        ("pregnancy = true", "pregnant = true", "pregnant = true", "betyder ikke noget her"),
        ("highest = 3\n", 'highest = "3"\n', 'highest = "3"', "ikke af den rigtige slags"),
        ('better = "lower"', 'better = "less"', 'better = "less"', "skal være en af"),
        ("minutes = 5", "minutes = 0", "minutes = 0", "mindst 1"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_with_its_line(before, after, at, reason):
    source = changed(before, after)
    said = refusal(source)
    assert reason in said
    line = next(number for number, text in enumerate(source.splitlines(), 1) if at.splitlines()[0] in text)
    if at.startswith("lowest"):
        line = line_of('code = "total"', source) + 3
    assert f"Linje {line}: " in said, said


def test_a_claim_without_its_source_is_refused_and_so_is_a_source_without_a_claim():
    gone = "\n".join(line for line in EPDS.splitlines() if not line.startswith("missing = {"))
    assert "facts.missing mangler" in refusal(gone)
    assert "facts.bands handler ikke om noget" in refusal(
        EPDS + 'bands = { source = "Et sted", checked = true }\n'
    )
    assert "licence.holder er tom" in refusal(
        changed('holder = "The Royal College of Psychiatrists (Cox, Holden & Sagovsky 1987)"', 'holder = ""')
    )


def test_a_file_that_is_no_toml_says_where():
    assert "line 2" in refusal('id = "x"\nversion = \n')


def test_the_line_of_a_table_in_a_list_is_found_behind_texts_over_several_lines():
    source = 'a = """\n[not.a.table]\nb = 1\n"""\n[[rows]]\nc = [\n  1,\n]\n[[rows]]\nc = 2\n[[rows.parts]]\nd = 1\n'
    lines = lines_of(source)
    assert (lines["rows.0.c"], lines["rows.1.c"], lines["rows.1.parts.0.d"]) == (6, 10, 12)
    assert "b" not in lines
    assert nearest(lines, "rows.1.parts.0.unknown.deep") == 11


def test_a_municipality_s_newer_version_takes_the_place_of_the_shipped_one(own_folder):
    (own_folder / "epds.toml").write_text(
        changed('version = "1"', 'version = "1.1"').replace("at_least = 11", "at_least = 12"),
        encoding="utf-8",
    )
    assert catalogue.in_use("epds").scale("total").cut_offs[0].at_least == Decimal(12)
    assert catalogue.find_version("epds", "1").scale("total").cut_offs[0].at_least == Decimal(11)
    with pytest.raises(Refused) as refused:
        catalogue.in_use("epds", "1")
    assert refused.value.type == "instrument-version-gone"
    assert "version 1.1" in str(refused.value.message)


def test_the_same_version_twice_stops_the_start(own_folder):
    (own_folder / "epds.toml").write_text(EPDS, encoding="utf-8")
    (error,) = instruments_can_be_read(None)
    assert "findes allerede i version 1" in error.msg


def test_a_file_that_contradicts_itself_stops_the_start_and_says_which(own_folder):
    (own_folder / "mine.toml").write_text(changed("count = 10", "count = 9"), encoding="utf-8")
    errors = instruments_can_be_read(None)
    assert errors and all(error.msg.startswith("mine.toml: Linje ") for error in errors)


def test_the_shipped_files_let_the_application_start():
    assert instruments_can_be_read(None) == []


def test_an_unknown_instrument_is_refused():
    with pytest.raises(Refused) as refused:
        catalogue.in_use("mmpi")
    assert refused.value.type == "instrument-unknown"


def words(items: int = 3, options: str = "") -> str:
    asked = ", ".join(f'"Spørgsmål {n}?"' for n in range(1, items + 1))
    return (
        'instrument = "osss-3"\nversion = "1"\nlanguage = "da"\nsource = "Oversætteren"\n'
        f'licence = "Kommunens"\nitems = [{asked}]\n{options}'
    )


def test_a_municipality_puts_in_the_text_that_it_may_use(own_folder):
    (own_folder / "texts").mkdir()
    options = 'options = [["a","b","c","d"], ["1","2","3","4","5"], ["1","2","3","4","5"]]\n'
    (own_folder / "texts" / "osss-3.da.toml").write_text(words(options=options), encoding="utf-8")
    texts = catalogue.texts_of(catalogue.in_use("osss-3"), "en")
    assert texts is not None
    assert (texts.item(2), texts.option(1, 3)) == ("Spørgsmål 2?", "d")
    assert catalogue.texts_of(catalogue.in_use("kpcs"), "da") is None


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (words(items=2), "Der skal være 3 tekster."),
        (words(options='options = ["a", "b", "c", "d"]\n'), "Der skal være 5 tekster."),
        (words().replace("osss-3", "mmpi"), "intet redskab"),
        (words().replace('licence = "Kommunens"', 'licence = ""'), "licence mangler"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(own_folder, source, reason):
    (own_folder / "texts").mkdir()
    (own_folder / "texts" / "a.toml").write_text(source, encoding="utf-8")
    (error,) = instruments_can_be_read(None)
    assert reason in error.msg


def test_the_command_checks_a_file_in_words(tmp_path):
    file, out = tmp_path / "epds.toml", StringIO()
    file.write_text(EPDS, encoding="utf-8")
    call_command("instruments", "check", str(file), stdout=out)
    assert "EPDS (epds, version 1): i orden." in out.getvalue()
    assert "Ikke efterset ved kilden: cut_offs" in out.getvalue()
    file.write_text(changed("count = 10", "count = 9"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"epds\.toml: Linje \d+: .*men der er 9"):
        call_command("instruments", "check", str(file))
    out = StringIO()
    call_command("instruments", "list", stdout=out)
    assert all(name in out.getvalue() for name in NAMED)
