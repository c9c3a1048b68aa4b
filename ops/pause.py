"""The commands `pause` and `resume`: stop submitting new jobs, and start again."""

import json as jsons
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from ops import waiting
from ops.access import Access
from ops.asking import agreed
from ops.checkout import ENV_FILE
from ops.ending import in_words
from ops.options import Debug, EnvFile, Json, Quiet, Utc, Yes, naming
from ops.pausing import FUNCTIONS, find_pause, lift_pause, set_pause
from ops.plain import plain, say, well_formed
from ops.times import shown
from ops.who import whoever
from shared.domain.pause import Pause
from shared.domain.result import MAX_TEXT, stamp
from shared.errors import CloudError

_WHY = "The reason, for others who see the pause."
#: https://cloud.tencent.com/document/product/583/49313; how long events wait then:
#: https://cloud.tencent.com/document/product/583/41138.
_STOP = (
    "To stop the functions themselves, in an emergency: reserved concurrency 0 of both (SCF console). Events that wait "
    "for longer than six hours are dropped then; a pause loses nothing."
)


def pause(
    *,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help=_WHY)] = "",
    json: Json = False,
    quiet: Quiet = False,
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Stop submitting new jobs.

    Jobs that were submitted end as usual. New uploads are held, and nothing is lost.

    Exit code 0: all is paused; 2: a wrong file; 3: the cloud did not reply.
    """
    with in_words(debug=debug, stopped="look with `./cos-watermark status` whether it is paused"):
        access, voice = Access.by(env_file), _Voice(quiet=quiet, as_json=json)
        before = find_pause(access.clients)
        if before:
            voice.result(f"Paused already, {told(before, utc=utc)}. It was left as it is.", before, changed=False)
            return
        now, flight = _look_at_claims(access)
        ours = Pause(whoever(), stamp(now), well_formed(why)[:MAX_TEXT])
        found = set_pause(access.clients, ours)
        if found != ours:
            voice.result(f"Paused already, {told(found, utc=utc)}. It was left as it is.", found, changed=False)
            return
        voice.result("Paused. Within a minute no function submits a job any more.", ours, changed=True)
        voice.remark(
            f"What has a job ends, and is paid for{flight}. New uploads are held: they wait, and are not lost."
        )
        voice.remark(f"To go on: ./cos-watermark resume{naming(env_file)}")
        voice.remark(_STOP)


def resume(
    *,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Start submitting jobs again.

    It asks first if the pause was not made by a person.

    Exit code 0: nothing is paused any more, or you answered no; 2: wrong use; 3: the cloud did not reply, or the pause
    is still there.
    """
    with in_words(debug=debug, stopped="look with `./cos-watermark status` whether it is still paused"):
        clients, voice = Access.by(env_file).clients, _Voice(quiet=quiet, as_json=json)
        found = find_pause(clients)
        if found is None:
            voice.result("Not paused.", None, changed=False)
            return
        voice.remark(f"Paused {told(found, utc=utc)}.")
        doubt = _doubt(found)
        if doubt:
            voice.warn(doubt)
            if not agreed("Take the pause away?", yes=yes):
                voice.result("It was left as it is.", found, changed=False)
                return
        lift_pause(clients, found)
        voice.result("Resumed. Within a minute functions submit jobs again.", None, changed=True)
        voice.remark("What was held goes on by itself, the oldest first, as far as the daily limit allows.")


@dataclass(frozen=True)
class _Voice:
    """What is said: a result, which `--json` has as data, remarks that can be left out, and what nobody should miss."""

    quiet: bool
    as_json: bool

    def result(self, text: str, pause: Pause | None, *, changed: bool) -> None:
        """How it is now; `pause` is the one that is on, and `changed` whether that is new."""
        if self.as_json:
            typer.echo(
                jsons.dumps({"v": 1, "paused": pause is not None, "changed": changed, **asdict(pause or Pause())})
            )
        else:
            say(text)

    def remark(self, text: str) -> None:
        """Something beside it."""
        if not (self.quiet or self.as_json):
            say(text)

    def warn(self, text: str) -> None:
        """Why a person should think first."""
        typer.echo(plain(text), err=self.as_json)


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
