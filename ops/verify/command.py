"""The command `verify`."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from ops.access import Access
from ops.checkout import ENV_FILE
from ops.ending import Code, in_words
from ops.options import Debug, EnvFile, Json, Quiet, Utc
from ops.parallel import in_parallel
from ops.progress import follower
from ops.table import console
from ops.verify.report import Report
from ops.verify.seal import Seals, State
from shared.domain.choice import why_unchecked
from shared.domain.objects import ObjectRef
from shared.errors import ConfigurationError

_KEYS = "Whole keys, or cos://<bucket>/<key>; after --, also keys that begin with a hyphen."
_ALL = "All objects in the video buckets that the settings choose by key and size."
_BUCKET = "The bucket of the keys; with --all, only this bucket."
_PREFIX = "With --all, only keys that begin with this."


def verify(  # noqa: PLR0913 - an option each
    keys: Annotated[list[str] | None, typer.Argument(metavar="KEY...", help=_KEYS, show_default=False)] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help=_ALL)] = False,
    bucket: Annotated[str | None, typer.Option("--bucket", metavar="NAME", help=_BUCKET)] = None,
    prefix: Annotated[str, typer.Option("--prefix", metavar="TEXT", help=_PREFIX)] = "",
    json: Json = False,
    utc: Utc = False,
    quiet: Quiet = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Verify that the seals on objects are ours.

    And that each is for the bytes of its object. It needs WATERMARK_SECRET in .env, sends one HEAD per object and
    changes nothing.

    Exit code 0: every seal is ours; 1: a seal is not ours or is for other bytes, or a KEY has no seal or does not exist
    (with --all, an object without a seal is no error); 2: wrong use, or no secret; 3: the cloud did not reply, or a KEY
    cannot be read (SSE-C).
    """
    with in_words(debug=debug, stopped="the same command begins anew"):
        access = Access.by(env_file)
        seals = _seals(access)
        targets = _targets(access, keys or [], bucket, prefix, everything=everything)
        report = Report(console(), json, utc, len(access.buckets) == 1)
        # Lines that come one after the other show by themselves how far it is.
        follow = follower(quiet=quiet or not everything or sys.stdout.isatty())
        with report.summed_up(quiet=quiet), follow("checking seals") as tell:
            for checked in in_parallel(seals.look, targets):
                report.add(checked)
                tell()
    raise typer.Exit(_code(report, everything=everything))


def _seals(access: Access) -> Seals:
    if access.secrets is None:
        raise ConfigurationError(
            "seals can be checked only with the secret of the functions: put WATERMARK_SECRET into .env, or have "
            "somebody check them who has it"
        )
    return Seals(access, access.secrets)


def _targets(
    access: Access, keys: list[str], bucket: str | None, prefix: str, *, everything: bool
) -> Iterator[ObjectRef]:
    if everything == bool(keys):
        raise ConfigurationError("say which objects: either KEY..., or --all")
    if prefix and not everything:
        raise ConfigurationError("--prefix is for --all")
    if not everything:
        # All are looked at before the first call: whoever mistypes one gets no half of an answer.
        return iter([access.target(key, bucket) for key in keys])
    buckets = access.buckets if bucket is None else (access.bucket(bucket),)
    return (target for name in buckets for target in _listed(access, name, prefix))


def _listed(access: Access, bucket: str, prefix: str) -> Iterator[ObjectRef]:
    for page in access.videos.pages(bucket, prefix):
        for one in page.objects:
            if why_unchecked(one.key, one.size, access.settings) is None:
                yield ObjectRef(access.region, bucket, one.key)


def _code(report: Report, *, everything: bool) -> Code:
    wrong = [State.NOT_OURS] if everything else [State.NOT_OURS, State.NO_SEAL, State.GONE]
    if any(report.counts[state] for state in wrong):
        return Code.TO_DO
    return Code.UNSEEN if report.counts[State.UNSEEN] and not everything else Code.DONE
