"""The commands `pause` and `resume`: no new job is submitted, until somebody says so."""

from typing import Annotated

import typer

from ops import waiting
from ops.access import Access
from ops.asking import agreed
from ops.checkout import ENV_FILE
from ops.ending import in_words
from ops.options import Debug, EnvFile, Utc, Yes, naming
from ops.pausing import FUNCTIONS, find_pause, lift_pause, set_pause
from ops.plain import say, well_formed
from ops.times import shown
from ops.who import whoever
from shared.domain.pause import Pause
from shared.domain.result import MAX_TEXT, stamp
from shared.errors import CloudError

_WHY = "Why, for whoever finds the pause."
#: https://cloud.tencent.com/document/product/583/49313; how long events wait then:
#: https://cloud.tencent.com/document/product/583/41138.
_STOP = (
    "To stop the functions themselves, in an emergency: reserved concurrency 0 of both (SCF console). Events that wait "
    "for longer than six hours are dropped then; a pause loses nothing."
)


def pause(
    *,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help=_WHY)] = "",
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Have no new job submitted.

    What has a job ends; new uploads are held, and nothing is lost.

    Ends with 0 if all is paused, 2 for a wrong file, 3 if the cloud does not answer.
    """
    with in_words(debug=debug, stopped="look with `./cos-watermark status` whether it is paused"):
        access = Access.by(env_file)
        before = find_pause(access.clients)
        if before:
            say(f"Paused already, {told(before, utc=utc)}. It was left as it is.")
            return
        now, flight = _look_at_claims(access)
        ours = Pause(whoever(), stamp(now), well_formed(why)[:MAX_TEXT])
        found = set_pause(access.clients, ours)
        if found != ours:
            say(f"Paused already, {told(found, utc=utc)}. It was left as it is.")
            return
        say("Paused. Within a minute no function submits a job any more.")
        say(f"What has a job ends, and is paid for{flight}. New uploads are held: they wait, and are not lost.")
        say(f"To go on: ./cos-watermark resume{naming(env_file)}")
        say(_STOP)


def resume(*, utc: Utc = False, yes: Yes = False, debug: Debug = False, env_file: EnvFile = ENV_FILE) -> None:
    """Have jobs submitted again.

    Asks first if no person paused.

    Ends with 0 if nothing is paused any more, or you said no; 1 if it still is, 2 for wrong use, 3 if the cloud does
    not answer.
    """
    with in_words(debug=debug, stopped="look with `./cos-watermark status` whether it is still paused"):
        clients = Access.by(env_file).clients
        found = find_pause(clients)
        if found is None:
            say("Not paused.")
            return
        say(f"Paused {told(found, utc=utc)}.")
        doubt = _doubt(found)
        if doubt:
            say(doubt)
            if not agreed("Take the pause away?", yes=yes):
                say("It was left as it is.")
                return
        lift_pause(clients, found)
        say(
            "Resumed. Within a minute functions submit jobs again. What was held goes on by itself, the oldest first, "
            "as far as the daily limit allows."
        )


def told(found: Pause, *, utc: bool) -> str:
    """Who paused, when and why: `by ada at 2026-11-25 08:00:00Z: budget`."""
    if found == Pause():
        return "by an object `paused` in the ledger that does not say who put it there, or why"
    at = f" at {shown(found.at, utc=utc)}" if found.at else ""
    return f"by {found.by or 'somebody'}{at}: {found.why or 'no reason was given'}"


def _doubt(found: Pause) -> str:
    """Why a person should think before this pause is taken away; empty if there is no reason."""
    if found == Pause():
        return "Nobody knows whether its reason is gone."
    if found.by == FUNCTIONS:
        return (
            "The functions paused by themselves, to do no harm. Remove the cause first: docs/operations.md, `The daily "
            "limit, and the pause`."
        )
    if found.by.startswith(f"{FUNCTIONS} "):
        return "That is another command's pause, and it may be at work still."
    return ""


def _look_at_claims(access: Access) -> tuple[int, str]:
    """The time, COS's if it says one, and how many uploads are in flight, in words."""
    try:
        page = next(access.ledger_pages("claims/"))
    except CloudError:
        # To pause takes no right to list.
        return int(waiting.now()), ""
    uploads = len({one.key.rpartition("/")[0] for one in page.objects})
    more = " or more" if page.last else ""
    claims = "1 claim" if uploads == 1 else f"{uploads}{more} claims"
    return page.now, f" (the ledger has {claims}, held ones among them)" if uploads else ""
