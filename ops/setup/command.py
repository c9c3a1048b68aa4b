"""The command `setup`."""

import os
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console

from ops import plan
from ops.asking import agreed
from ops.bill import largest_bill
from ops.checkout import ENV_FILE
from ops.configuration.configuration import Site, find_credentials, understood
from ops.configuration.env_file import EnvFile as Settings
from ops.ending import Code, in_words
from ops.options import Debug, DryRun, EnvFile, Region, Yes, naming, parser
from ops.setup.account import Account, check, identify
from ops.setup.answers import Given, completed, opened, scheme_in, site_in
from ops.setup.by_hand import by_hand
from ops.setup.ledger import Keeping
from ops.setup.person import PersonNeededError
from ops.setup.plan import Wishes, steps
from shared.errors import WatermarkError
from shared.formats import Bucket

_NEXT = "Next: ./cos-watermark deploy{}"
_AGAIN = "the same command goes on from there."
_FOR_A_PERSON = "Left for a person; then run the same command again:"
_Days = Annotated[
    int | None, typer.Option(min=1, metavar="DAYS", help="Let a lifecycle rule delete these after DAYS days.")
]


def setup(  # noqa: PLR0913 - the command's options
    *,
    region: Annotated[
        str | None, typer.Option(parser=parser(Region), help="Region of buckets and functions, like ap-beijing.")
    ] = None,
    bucket: Annotated[
        list[str] | None, typer.Option(parser=parser(Bucket), help="A video bucket; may be given several times.")
    ] = None,
    ledger_bucket: Annotated[
        str | None, typer.Option(parser=parser(Bucket), help="The ledger's bucket; it is made if it is not there.")
    ] = None,
    max_jobs_per_day: Annotated[
        int | None, typer.Option(min=1, max=9_999_999, help="The daily limit, which bounds the bill.")
    ] = None,
    site: Annotated[Site | None, typer.Option(help="Where the account is.")] = None,
    name: Annotated[
        str | None, typer.Option(help="What the names of functions, roles and policies begin with.")
    ] = None,
    logs: Annotated[
        bool, typer.Option("--logs", help="Also a log topic of its own, with fields to search for.")
    ] = False,
    keep_results: _Days = None,
    keep_answers: _Days = None,
    print_: Annotated[
        bool, typer.Option("--print", help="Only print the steps to do it by hand; asks nothing.")
    ] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Prepare the account for a deployment.

    Shows a plan first, and asks. It can be run again at any time.

    Exit code 0: nothing is left to do; 1: something is left to do, by a person or because of --dry-run; 2: wrong
    options or a wrong file; 3: the cloud did not reply or refused; 130: stopped by Ctrl-C. The same command continues.
    """
    given = Given(region, tuple(bucket or ()), ledger_bucket, max_jobs_per_day, site, name, yes)
    with in_words(debug=debug):
        file = opened(env_file, given)
        if print_:
            typer.echo(by_hand(file, logs=logs))
            return
        account = _account(file, given)
        wishes = Wishes(logs, Keeping(keep_results, keep_answers))
        whole = _set_up(account, wishes, yes=yes, dry_run=dry_run)
    raise typer.Exit(Code.DONE if whole else Code.TO_DO)


def _account(file: Settings, given: Given) -> Account:
    identity = identify(find_credentials(os.environ, file), site_in(file), scheme_in(file))
    configuration = understood(completed(file, given, identity), os.environ)
    check(configuration, identity)
    return Account.of(configuration, identity)


def _set_up(account: Account, wishes: Wishes, *, yes: bool, dry_run: bool) -> bool:
    """Whether all is there in the end."""
    console = Console()
    found = list(steps(account, wishes))
    plan.legend(console)
    plan.show(found, console)
    settings, laptop = account.configuration.settings, account.configuration.laptop
    following = _NEXT.format(naming(account.configuration.file.path))
    typer.echo(f"\nLargest bill: {largest_bill(settings, laptop.price)}\n")
    if plan.is_complete(found):
        typer.echo(f"All is there. {following}")
        return True
    todo = plan.to_apply(found)
    if dry_run or (todo and not agreed("Do this?", yes=yes)):
        return False
    left = [step for step in found if step.state is plan.State.PERSON]
    left += _apply(todo, console)
    typer.echo(f"Done. {following}" if not left else _FOR_A_PERSON)
    plan.show(left, console)
    return not left


def _apply(todo: Sequence[plan.Step], console: Console) -> Iterator[plan.Step]:
    """Do it; gives what turned out to need a person."""
    for step in todo:
        try:
            if step.apply:
                step.apply()
        except PersonNeededError as error:
            yield plan.person(error.text, error.link)
        except (WatermarkError, KeyboardInterrupt):
            typer.echo(f"Not done, or not known to be: {step.text}. What was done stays; {_AGAIN}", err=True)
            raise
        else:
            plan.show([plan.there(step.text)], console)
