"""One run of `submit`: choose, say what was chosen, ask, write; or go on where one was stopped."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ops.asking import agreed
from ops.ending import Code
from ops.index.fresh import fresh_index
from ops.index.videos import VideoIndex
from ops.progress import follower
from ops.submit.candidates import Candidates
from ops.submit.choosing import Choosing
from ops.submit.following import Following
from ops.submit.journal import Phase, Run, journal_of, open_journal
from ops.submit.keys_file import digest_of, keys_file
from ops.submit.remarks import what_holds
from ops.submit.sampling import say_estimate
from ops.submit.screen import Screen, objects
from ops.submit.writing import Writing
from ops.times import seconds_of
from shared.errors import CloudError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.access import Access
    from ops.index.index import Index
    from ops.submit.journal import Journal
    from ops.submit.request import Request


class Mode(Enum):
    """What is done with what was chosen."""

    DRY_RUN = "say it"
    SUBMIT = "submit it"
    WAIT = "submit it, and wait for the answers"


@dataclass(frozen=True)
class Manner:
    """How the command is run."""

    mode: Mode
    yes: bool
    json: bool
    quiet: bool
    utc: bool
    estimate: bool


@dataclass(frozen=True)
class Submit:
    """The command on one deployment."""

    access: Access
    manner: Manner

    def run(self, request: Request) -> Code:
        """Do what is asked for, or go on with it if it was begun.

        Raises:
            WatermarkError: what was done so far stays, and the same command goes on.
        """
        with _with_contents(request) as (whole, file):
            if self.manner.mode is Mode.DRY_RUN:
                return self._rehearse(whole, file)
            with open_journal(self._runs / f"{whole.digest}.sqlite") as journal, self._index() as index:
                wanted = (Phase.WRITING, Phase.WRITTEN) if self.manner.mode is Mode.WAIT else (Phase.WRITING,)
                if journal.phase in wanted:
                    return self._go_on(journal, index)
                return self._begin(whole, file, journal, index)

    def go_on(self, run: str) -> Code:
        """Go on with the run of that name. Raises as above."""
        if self.manner.mode is Mode.DRY_RUN:
            raise ConfigurationError("--resume goes on with what was chosen then: --dry-run does not belong to it")
        with open_journal(journal_of(self._runs, run)) as journal, self._index() as index:
            return self._go_on(journal, index)

    @property
    def _runs(self) -> Path:
        return self.access.state / "runs"

    @contextmanager
    def _index(self) -> Iterator[Index]:
        with fresh_index(self.access, quiet=self.manner.quiet) as index:
            yield index

    def _screen(self, journal: Journal) -> Screen:
        return Screen(self.access, journal, quiet=self.manner.quiet, as_json=self.manner.json)

    def _rehearse(self, request: Request, file: IO[bytes] | None) -> Code:
        with open_journal(self._runs / f"{request.digest}.dry.sqlite") as journal, self._index() as index:
            screen = self._screen(journal)
            self._choose(request, file, journal, index)
            screen.name_objects()
            self._tell(journal, screen)
            journal.discard()
            return _code(journal)

    def _begin(self, request: Request, file: IO[bytes] | None, journal: Journal, index: Index) -> Code:
        screen = self._screen(journal)
        self._choose(request, file, journal, index)
        self._tell(journal, screen)
        count, _ = journal.total
        if not count or not agreed(f"Submit {objects(count)}?", yes=self.manner.yes):
            screen.remark("Nothing was submitted.")
            journal.discard()
            return _code(journal)
        journal.begin(Run.begun(index.note("updated")), again=request.wants_again)
        return self._finish(journal, index)

    def _go_on(self, journal: Journal, index: Index) -> Code:
        screen = self._screen(journal)
        count, _ = journal.total
        screen.remark(f"going on with run {journal.run.name}: {journal.written:,} of {objects(count)} asked for")
        if journal.phase is Phase.WRITING and not agreed("Go on?", yes=self.manner.yes):
            screen.remark(f"Nothing more was submitted. ./cos-watermark cancel --run {journal.run.name} takes it back")
            return Code.DONE
        return self._finish(journal, index)

    def _choose(self, request: Request, file: IO[bytes] | None, journal: Journal, index: Index) -> None:
        follow = follower(quiet=self.manner.quiet)
        filters = request.options.read(seconds_of(index.note("updated")), utc=self.manner.utc)
        candidates = Candidates(self.access, index, VideoIndex(self.access, index, follow), follow)
        Choosing(self.access, index, candidates, journal).choose(request, filters, file)

    def _tell(self, journal: Journal, screen: Screen) -> None:
        screen.sum_up()
        screen.name_refused()
        if not journal.total[0]:
            return
        if self.manner.estimate:
            say_estimate(self.access, journal, screen)
        else:
            screen.say_cost()
        for remark in what_holds(self.access):
            screen.remark(remark)

    def _finish(self, journal: Journal, index: Index) -> Code:
        screen, follow = self._screen(journal), follower(quiet=self.manner.quiet)
        if journal.phase is Phase.WRITING:
            try:
                Writing(self.access, index, journal, follow).run()
            except (CloudError, KeyboardInterrupt):
                screen.remark(f"{journal.written:,} of {objects(journal.total[0])} are asked for; to go on:")
                screen.remark(f"  ./cos-watermark submit --resume {journal.run.name}")
                raise
            journal.enter(Phase.WRITTEN)
            screen.result()
        if self.manner.mode is Mode.WAIT:
            Following(self.access, index, journal, screen, follow).run()
        journal.discard()
        return _code(journal)


def _code(journal: Journal) -> Code:
    return Code.TO_DO if journal.has_refused else Code.DONE


@contextmanager
def _with_contents(request: Request) -> Iterator[tuple[Request, IO[bytes] | None]]:
    """The request and its file of keys, if it has one."""
    if request.file is None:
        yield request, None
        return
    with keys_file(None if request.file == "-" else Path(request.file)) as file:
        yield replace(request, contents=digest_of(file)), file
