"""`cos-watermark probe`: asks the real service what is assumed of it."""

from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated

import typer

from ops import waiting
from ops.asking import agreed
from ops.bill import usd
from ops.checkout import ENV_FILE
from ops.configuration.configuration import Configuration, read_configuration
from ops.ending import Code, in_words
from ops.options import Debug, EnvFile, Yes
from ops.probe import things
from ops.probe.account import NAME, Account
from ops.probe.catalogue import chosen, paid
from ops.probe.cleanup import clean
from ops.probe.questions import Answer, Question, asked
from ops.probe.report import Redaction, report, summary
from ops.probe.stage import Stage
from shared.errors import ConfigurationError

#: Characters of an answer on the terminal; the report has all of it.
_WIDTH = 160


def probe(  # noqa: PLR0913 - the command's options
    *,
    yes: Yes = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="NAME", help="Only this question, or all of this subject. Can be given several times."
        ),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Only list the questions.")] = False,
    clean_: Annotated[bool, typer.Option("--clean", help="Only remove what an earlier probe left behind.")] = False,
    report_: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE", help="The report to write. Default: `probe-<time>.md` in this folder."
        ),
    ] = None,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Test on a live account what the documentation does not say.

    It uses a bucket and a function of its own, and removes them. It shows the price first, and asks.

    Exit code 0: all was asked and removed; 1: something could not be removed.
    """
    with in_words(debug=debug):
        questions = chosen(only or [])
        if list_:
            typer.echo("\n".join(_listed(question) for question in questions))
            return
        if report_ and not report_.parent.is_dir():
            raise ConfigurationError(f"{report_.parent} is no folder to write a report into")
        configuration = read_configuration(env_file)
        if clean_:
            left = _clean(Account.of(configuration))
        else:
            typer.echo("\n".join([*map(_listed, questions), "", _price(questions, configuration)]))
            if not agreed("Ask the real service?", yes=yes):
                return
            left = _probe(Account.of(configuration), questions, report_)
    if left:
        raise typer.Exit(Code.TO_DO)


def _listed(question: Question) -> str:
    jobs = len(question.jobs)
    needs = f" [{jobs} paid job{'s' if jobs > 1 else ''}]" if jobs else ""
    return f"  {question.name}: {question.asks}{needs}\n      assumed: {question.assumed}"


def _price(questions: Sequence[Question], configuration: Configuration) -> str:
    jobs, price = len(paid(questions)), configuration.laptop.price
    cost = "No job is paid for; requests cost a few cents at most"
    if jobs:
        minutes = (
            f"{jobs} job{'s' if jobs > 1 else ''} on a clip of ten seconds, each counted as a minute at {usd(price)}"
        )
        cost = f"{minutes}: at most {usd(jobs * price)}, and a few cents for requests"
    return (
        f"{len(questions)} questions; some wait for minutes, all of them together for about a quarter of an hour.\n"
        f"Price: {cost}.\n"
        f"All of it happens in things of its own in {configuration.laptop.region}, whose names begin with {NAME} and "
        "which are removed at the end."
    )


def _probe(account: Account, questions: Sequence[Question], file: Path | None) -> list[str]:
    """What could not be removed. The bucket goes, and the report is written, whatever ends it."""
    redaction = Redaction.of(account)
    answered: list[tuple[Question, Answer]] = []
    begun = waiting.now()
    clean(account, lambda line: typer.echo(f"Left by an earlier run: {redaction.clean(line)}"))
    try:
        typer.echo(f"\nMaking the bucket {redaction.clean(account.bucket)}")
        things.make_bucket(account)
        stage = Stage(account, lambda made: typer.echo(f"    making {made}"))
        for question in questions:
            answer = asked(question, stage)
            answered.append((question, answer))
            line = f"{answer.verdict.value} {question.name}  {redaction.clean(answer.evidence)}"
            typer.echo(line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…")
    finally:
        try:
            if answered:
                text = report(answered, account.region, begun, redaction)
                typer.echo(f"\n{summary([answer for _, answer in answered])}. Report: {_written(file, text, begun)}")
        finally:
            left = _clean(account)
    return left


def _clean(account: Account) -> list[str]:
    """Remove everything, and say what could not be."""
    redaction = Redaction.of(account)
    typer.echo("\nRemoving what was made; if this is stopped, `./cos-watermark probe --clean` goes on")
    left = clean(account, lambda line: typer.echo(f"    {redaction.clean(line)}"))
    for line in left:
        typer.echo(f"! left: {redaction.clean(line)}", err=True)
    return left


def _written(file: Path | None, text: str, begun: float) -> Path:
    path = file or Path(f"probe-{datetime.fromtimestamp(begun, timezone.utc):%Y%m%dT%H%M%SZ}.md")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written ({error.strerror or type(error).__name__})") from error
    return path
