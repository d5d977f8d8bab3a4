"""The command line: `sendthemes report`, `check`, `codebooks` and their siblings.

Exit codes: 0 done; 1 the input is at fault, with a readable message; 2 wrong usage.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import sendthemes
from sendthemes.errors import Problem, SendThemesError, StudyError
from sendthemes.files import written_whole
from sendthemes.table import Cell, defused

app: typer.Typer = typer.Typer(
    help="Code open-text survey answers with a YAML codebook, and make the report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


# The helps that are too long for their line.
_CODINGS = "The CSV to write, one row a coding; a folder gets Parquet parts."
_DRAWN = "Answers to draw; default: as many as the margin needs."
_LENDERS = "A codebook to borrow from (again for more; default: all bundled ones), or none."
_DECISIONS = "The decisions file; default: the study's, or decisions.csv beside it."
_READ = "Answers to read; default: as many as ± 10 points need."
_CODERS = "Decisions files, and filled-in samples named after their coder."
_TABLES = "A folder for all tables as CSV, and decisions.csv."


class Mode(StrEnum):
    """Who reads the report."""

    internal = "internal"
    publish = "publish"


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"


Answers = Annotated[Path, typer.Argument(help="The file of answers: CSV, TSV, XLSX, SAV or Parquet.")]
AnswersOrStudy = Annotated[Path, typer.Argument(help="A file of answers, or a study.yml.")]
StudyFile = Annotated[Path, typer.Argument(help="The study.yml.")]
Survey = Annotated[Path | None, typer.Option(help="A survey.yml that says what was asked.")]
_BOOK = typer.Option("--codebook", "-c", help="With a file of answers: a bundled codebook, or a path.")
BookOfAnswers = Annotated[str | None, _BOOK]
Seed = Annotated[int, typer.Option(help="The same seed draws the same answers.")]
Book = Annotated[str, typer.Option("--codebook", "-c", help="A bundled codebook's name, or a path.")]


def main() -> None:
    """Run the command line; faults of the input end it with exit code 1 and no traceback."""
    try:
        app()
    except SendThemesError as fault:
        typer.echo(str(fault), err=True)
    except OSError as fault:
        name = f"{fault.filename}: " if fault.filename else ""
        typer.echo(f"{name}{fault.strerror or fault}.", err=True)
    sys.exit(1)  # the app ends by itself where all went well


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        typer.echo(sendthemes.__version__)
        raise typer.Exit


@app.command()
def report(
    study: StudyFile,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.")] = Path("out"),
    mode: Annotated[Mode | None, typer.Option(help="Default: what the study says.")] = None,
) -> None:
    """Make a study's report: HTML, Word, Excel, Markdown, JSON and CSV tables."""
    made = sendthemes.load_study(study).run(mode=None if mode is None else mode.value)
    _written(*made.save_all(out))


@app.command()
def check(
    path: Annotated[str, typer.Argument(help="A codebook (bundled name or path), or a study.yml.")],
    answers: Annotated[Path | None, typer.Option(help="Answers to try a codebook's entries on.")] = None,
    survey: Survey = None,
    form: Annotated[Format, typer.Option("--format", help="How to print what is found.")] = Format.text,
) -> None:
    """Check a codebook, or a study with everything that it names; exit 1 where there is an error."""
    if _is_study(Path(path)):
        found = _check_study(path)
    else:
        tried = None if answers is None else sendthemes.read_answers(answers, survey=survey)
        found = sendthemes.check_codebook(path, tried).to_dicts()
    if form is Format.json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    for row in found if form is Format.text else ():
        place = f"{row['where']}: " if row["where"] else ""
        typer.echo(f"{place}{row['severity']}: {row['message']} {row['remedy']}".rstrip())
    if form is Format.text and not found:
        typer.echo(f"{path}: nothing found.")
    if any(row["severity"] == "error" for row in found):
        raise typer.Exit(1)


def _check_study(path: str) -> list[dict[str, Cell]]:
    try:
        study = sendthemes.load_study(path)
        book = study.folder / study.definition.codebook
        found = sendthemes.check_codebook(book if book.is_file() else study.codebook).to_dicts()
        errors = [row for row in found if row["severity"] == "error"]
        return errors or [asdict(each) | {"severity": "warning"} for each in _doubtful_decisions(study)]
    except SendThemesError as fault:
        return [asdict(each) | {"severity": "error"} for each in fault.problems]


def _doubtful_decisions(study: sendthemes.Study) -> Iterator[Problem]:
    """List the decisions of a study that are not applied, or need a second look."""
    if study.definition.decisions:
        file = study.folder / study.definition.decisions
        coded = sendthemes.code_answers(study.answers, study.codebook)
        for row in sendthemes.flagged_decisions(coded, sendthemes.read_decisions(file)):
            about = f"{row['coder']}, {row['answer_id']} {row['theme'] or row['decision']}"
            yield Problem(f"{about}: {row['finding']}.", str(file), code="decision")


@app.command()
def describe(answers: Answers, survey: Survey = None) -> None:
    """Print what is understood of a file of answers: each question, its kind and why; no answer's text."""
    typer.echo(str(sendthemes.describe(answers, survey=survey)))


@app.command()
def init(
    answers: Answers,
    folder: Annotated[Path | None, typer.Option(help="Where to write; default: beside the answers.")] = None,
) -> None:
    """Write a survey.yml and a study.yml to start from; nothing is written over."""
    from sendthemes.survey.describe import initialise

    _written(*initialise(answers, folder))


@app.command()
def codebooks() -> None:
    """List the bundled codebooks."""
    for row in sendthemes.list_codebooks():
        typer.echo(f"{row['codebook']} {row['version']}: {row['themes']} themes, {row['entries']} entries")
        typer.echo(f"    {row['about']}")


@app.command()
def code(  # noqa: PLR0917 - typer makes options of them, by name
    answers: Answers,
    codebook: Book,
    out: Annotated[Path, typer.Option("--out", "-o", help=_CODINGS)],
    survey: Survey = None,
    words: Annotated[bool, typer.Option(help="Also write the words matched, unredacted.")] = False,
    processes: Annotated[int, typer.Option(min=1, help="How many processes share the work.")] = 1,
    cache: Annotated[Path | None, typer.Option(help="A folder that makes the next run quicker.")] = None,
    progress: Annotated[bool, typer.Option(help="Show answers done, rate and time left.")] = False,
) -> None:
    """Code answers and write the codings: ids, themes, entries, offsets. A folder takes up a stopped run."""
    book = sendthemes.load_codebook(codebook)
    if out.suffix.lower() != ".csv":
        if words or cache:
            raise typer.BadParameter("A folder of parts takes neither --words nor --cache.")
        parts = sendthemes.code_to_parquet(
            answers, book, out, survey=survey, processes=processes, progress=progress
        )
        done = [sum(map(int, map(str, parts.column(name)))) for name in ("codings", "answers")]
        _written(out, more=f"{len(parts)} parts, {done[0]:,} codings of {done[1]:,} answers")
        return
    read = sendthemes.read_answers(answers, survey=survey)
    coded = sendthemes.code_answers(read, book, processes=processes, cache=cache, progress=progress)
    names = "answer_id respondent question theme entry start end negated echo status"
    columns = [*names.split(), *(["matched"] if words else [])]
    rows = tuple(tuple(getattr(coding, name) for name in columns) for coding in coded)
    table = sendthemes.Table(tuple(columns), rows)
    table.to_csv(out)
    for note in coded.notes:
        typer.echo(note)
    _written(out, more=f"{len(table):,} codings of {len(read.texts):,} answers")


@app.command()
def compare(
    old: Annotated[str, typer.Argument(help="The codebook before: bundled name or path.")],
    new: Annotated[str, typer.Argument(help="The codebook after.")],
    answers: Answers,
    by: Annotated[
        str | None, typer.Option(help="A closed question by which the effect is also shown.")
    ] = None,
    survey: Survey = None,
) -> None:
    """Show what differs between two codebooks and what it does to the answers."""
    from sendthemes.sensecheck.compare import compare_codebooks

    read = sendthemes.read_answers(answers, survey=survey)
    found = compare_codebooks(old, new, read, by=by, redactor=sendthemes.Redactor(known=read))
    shown = [str(table) for table in found.tables.values() if len(table)]
    typer.echo("\n\n".join(shown) if shown else "The codebooks do not differ.")


@app.command()
def kwic(  # noqa: PLR0917 - typer makes options of them, by name
    answers: AnswersOrStudy,
    codebook: BookOfAnswers = None,
    theme: Annotated[str | None, typer.Option(help="Only this theme's hits.")] = None,
    entry: Annotated[str | None, typer.Option(help="Only this entry's hits.")] = None,
    pattern: Annotated[str | None, typer.Option(help="Try a word or phrase that is in no codebook.")] = None,
    question: Annotated[str | None, typer.Option(help="Only answers to this question.")] = None,
    width: Annotated[int, typer.Option(help="Characters on either side.")] = 40,
    limit: Annotated[int | None, typer.Option(help="Hits shown at most.")] = None,
    survey: Survey = None,
) -> None:
    """Show hits with the words around them, redacted."""
    coded, redactor = _coded(answers, codebook, survey)
    only = {"theme": theme, "entry": entry, "pattern": pattern, "question": question}
    typer.echo(str(sendthemes.kwic(coded, **only, width=width, limit=limit, redactor=redactor)))


@app.command()
def sample(  # noqa: PLR0917 - typer makes options of them, by name
    answers: AnswersOrStudy,
    out: Annotated[Path, typer.Option("--out", "-o", help="The sheet to write: .xlsx or .csv.")],
    codebook: BookOfAnswers = None,
    size: Annotated[int | None, typer.Option(min=1, help=_DRAWN)] = None,
    seed: Seed = 0,
    survey: Survey = None,
) -> None:
    """Draw answers for a second person to code, redacted, without showing what the rules found."""
    coded, redactor = _coded(answers, codebook, survey)
    drawn = sendthemes.sense_check_sample(coded, size=size, seed=seed, path=out, redactor=redactor)
    _written(out, more=f"{len(drawn)} answers")


@app.command()
def suggest(  # noqa: PLR0917 - typer makes options of them, by name
    answers: AnswersOrStudy,
    decisions: Annotated[Path, typer.Argument(help="The decisions file of a review.")],
    codebook: BookOfAnswers = None,
    survey: Survey = None,
    borrow: Annotated[list[str] | None, typer.Option(help=_LENDERS)] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Edit the codebook's file; give its path.")] = False,
) -> None:
    """Suggest entries to add, remove and exclude, from answers that a person has reviewed."""
    from sendthemes.sensecheck.decisions import read_decisions
    from sendthemes.sensecheck.edit import apply_suggestions

    coded, redactor = _coded(answers, codebook, survey)
    lenders = [] if borrow == ["none"] else borrow
    gold = read_decisions(decisions)
    found = sendthemes.suggest_entries(coded, gold, borrow=lenders, redactor=redactor)
    typer.echo(str(found))
    if apply:
        if codebook is None:
            raise StudyError("--apply edits a file: name it with --codebook.")
        _written(Path(codebook), more=repr(apply_suggestions(codebook, found)))


@app.command()
def review(  # noqa: PLR0917 - typer makes options of them, by name
    study: StudyFile,
    coder: Annotated[str, typer.Option(help="Who reviews: a code or initials.")] = "reviewer",
    decisions: Annotated[Path | None, typer.Option(help=_DECISIONS)] = None,
    blind: Annotated[bool, typer.Option(help="Hide what the rules found.")] = False,
    size: Annotated[int | None, typer.Option(min=1, help=_READ)] = None,
    seed: Seed = 0,
    unredacted: Annotated[bool, typer.Option(help="Show names and places.")] = False,
    port: Annotated[int, typer.Option(help="Default: any free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Read answers one at a time in the browser and decide on their themes; nothing leaves this machine."""
    import webbrowser

    from sendthemes.sensecheck.review import Review
    from sendthemes.sensecheck.review_page import ReviewServer

    loaded, coded = _coded_study(study)
    path = decisions or loaded.folder / (loaded.definition.decisions or "decisions.csv")
    redactor = None if unredacted else loaded.redactor()
    session = Review(coded, path=path, coder=coder, redactor=redactor, blind=blind, size=size, seed=seed)
    with ReviewServer(session, port=port) as server:
        typer.echo(f"Open {server.address}\nEnd with Ctrl+C. Decisions are kept at once in {path}")
        if browser:
            webbrowser.open(server.address)
        try:
            server.wait()
        except KeyboardInterrupt:
            typer.echo(f"{len(session.read())} of {len(session.answers)} answers read.")


@app.command()
def agree(
    study: StudyFile,
    files: Annotated[list[Path], typer.Argument(help=_CODERS)],
    out: Annotated[Path | None, typer.Option("--out", "-o", help=_TABLES)] = None,
) -> None:
    """Say how far coders agree with the rules and each other, and correct the counts by what they read."""
    from sendthemes.sensecheck.coders import agreement_tables, gather_decisions
    from sendthemes.sensecheck.decisions import write_decisions

    loaded, coded = _coded_study(study)
    decisions = gather_decisions(files, coded)
    tables = agreement_tables(coded, decisions, redactor=loaded.redactor())
    shown = [str(table) for name, table in tables.items() if name.startswith(("agreement", "corrected"))]
    typer.echo("\n\n".join(shown))
    if "flagged" in tables:
        place = "give --out to read them in flagged.csv" if out is None else "see flagged.csv"
        typer.echo(f"{len(tables['flagged'])} findings about decisions: {place}.")
    if out is not None:
        for name, table in tables.items():
            table.to_csv(out / f"{name}.csv")
        write_decisions(decisions, out / "decisions.csv")
        _written(out)


def _written(*paths: Path, more: str = "") -> None:
    for path in paths:
        typer.echo(f"Written: {path}{more and f' ({more})'}")


def _coded_study(path: Path) -> tuple[sendthemes.Study, sendthemes.CodedAnswers]:
    """Read a study and code its answers by the rules alone."""
    loaded = sendthemes.load_study(path)
    return loaded, sendthemes.code_answers(loaded.answers, loaded.codebook, lemmas=loaded.definition.lemmas)


def _coded(
    path: Path, codebook: str | None, survey: Path | None
) -> tuple[sendthemes.CodedAnswers, sendthemes.Redactor]:
    """Code a file of answers, or a study's; give the redactor that fits."""
    if _is_study(path):
        loaded, coded = _coded_study(path)
        return coded, loaded.redactor()
    if codebook is None:
        raise typer.BadParameter("A file of answers needs --codebook; a study.yml names its own.")
    read = sendthemes.read_answers(path, survey=survey)
    book = sendthemes.load_codebook(codebook)
    return sendthemes.code_answers(read, book), sendthemes.Redactor(known=read, codebook=book)


@app.command()
def redact(
    answers: Answers,
    out: Annotated[Path, typer.Option("--out", "-o", help="The CSV to write: one row an answer.")],
    key: Annotated[Path | None, typer.Option(help="The pseudonym key; made if absent.")] = None,
    survey: Survey = None,
) -> None:
    """Redact the open answers and write them; a person must read them before they are published."""
    bar = sys.stderr.isatty()
    read = sendthemes.read_answers(answers, survey=survey, progress=bar)
    redactor = sendthemes.Redactor(key=sendthemes.PseudonymKey(key), known=read)
    people = [read.respondents[at] for at in read.answer_respondents]
    redacted = redactor.redact_stream(read.texts, people, progress=bar)
    hidden = 0
    with written_whole(out) as file:
        text = io.TextIOWrapper(file, "utf-8", "replace", newline="")
        writer = csv.writer(text)
        writer.writerow(("respondent", "question", "text", "hidden"))
        for person, which, each in zip(read.answer_respondents, read.answer_questions, redacted, strict=True):
            row: list[Cell] = [f"R{person + 1}", read.questions[which].id, each.text, len(each.found)]
            writer.writerow(map(defused, row))
            hidden += len(each.found)
        text.detach()
    _written(out, more=f"{hidden:,} places hidden in {len(people):,} answers")


@app.command()
def doctor(cache: Annotated[Path | None, typer.Option(help="A cache folder to look at.")] = None) -> None:
    """Say whether everything that sendthemes needs is here and as it should be; exit 1 where it is not."""
    from sendthemes.doctor import findings

    found = findings(cache)
    for each in found:
        typer.echo(f"{each.name}: {each.state}")
    if not all(each.well for each in found):
        raise typer.Exit(1)


def _is_study(path: Path) -> bool:
    """Say whether a file is a study: its first keys say so, even where the rest does not parse."""
    if not path.is_file():
        if path.suffix in {".yml", ".yaml"} and path.stem == "study":
            raise StudyError(Problem("There is no such file.", str(path)))
        return False
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    return any(line.startswith("study:") for line in lines)


if __name__ == "__main__":
    main()
