"""One run of `submit`: choose, say what was chosen, ask, write; or go on where one was stopped."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ops.asking import agreed
from ops.ending import Code
from ops.errors import IndexFileError
from ops.index.fresh import fresh_index
from ops.index.videos import VideoIndex
from ops.options import naming
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
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.access import Access
    from ops.index.index import Index
    from ops.submit.estimate import Estimate
    from ops.submit.journal import Journal
    from ops.submit.request import Request


class Mode(Enum):
    """What is done with what was chosen."""

    DRY_RUN = "say it"
    SUBMIT = "submit it"
    WAIT = "submit it, and wait for the results"


@dataclass(frozen=True)
class Manner:
    """How the command is run."""

    mode: Mode
    yes: bool
    json: bool
    quiet: bool
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
        request.check(self.access)
        with _with_contents(request) as (whole, file):
            if self.manner.mode is Mode.DRY_RUN:
                return self._rehearse(whole, file)
            with open_journal(self._runs / f"{whole.digest}.sqlite") as journal, self._index() as index:
                wanted = (Phase.WRITING, Phase.WRITTEN) if self.manner.mode is Mode.WAIT else (Phase.WRITING,)
                if journal.phase not in wanted:
                    return self._begin(whole, file, journal, index)
                return self._go_on(journal, index, yes=self.manner.yes)

    def go_on(self, run: str) -> Code:
        """Go on with the run of that name. Raises as above."""
        with open_journal(journal_of(self._runs, run)) as journal, self._index() as index:
            # Whoever names it has agreed to it.
            return self._go_on(journal, index, yes=True)

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
            screen.result(self._tell(journal, screen))
            return _code(journal)

    def _begin(self, request: Request, file: IO[bytes] | None, journal: Journal, index: Index) -> Code:
        screen = self._screen(journal)
        self._choose(request, file, journal, index)
        estimate = self._tell(journal, screen)
        count, _ = journal.total
        if not count or not agreed(f"Submit {objects(count)}?", yes=self.manner.yes):
            if not count and self.manner.json:
                screen.result()
            screen.remark("Nothing was submitted.")
            return _code(journal)
        journal.begin(Run.begun(index.note("updated")), again=request.wants_again)
        return self._finish(journal, index, estimate)

    def _go_on(self, journal: Journal, index: Index, *, yes: bool) -> Code:
        screen = self._screen(journal)
        run, (count, _) = journal.run.name, journal.total
        screen.remark(f"Continuing run {run}: {journal.written:,} of {objects(count)} are asked for.")
        if journal.phase is Phase.WRITING and not agreed("Continue?", yes=yes):
            screen.remark(f"Nothing more was submitted. {self._command('cancel', '--run', run)} takes it back.")
            return Code.DONE
        return self._finish(journal, index)

    def _command(self, name: str, *rest: str) -> str:
        """A command on this deployment, to be typed."""
        return " ".join((f"./cos-watermark {name}{naming(self.access.configuration.file.path)}", *rest))

    def _choose(self, request: Request, file: IO[bytes] | None, journal: Journal, index: Index) -> None:
        follow = follower(quiet=self.manner.quiet)
        filters = request.options.read(seconds_of(index.note("updated")), utc=request.utc)
        candidates = Candidates(self.access, index, VideoIndex(self.access, index, follow), follow)
        Choosing(self.access, index, candidates, journal).choose(request, filters, file)

    def _tell(self, journal: Journal, screen: Screen) -> Estimate | None:
        """Say what was chosen and what it costs; the estimate, if one was asked for."""
        screen.sum_up()
        screen.name_refused()
        if not journal.total[0]:
            return None
        estimate = None
        if self.manner.estimate:
            estimate = say_estimate(self.access, journal, screen)
        else:
            screen.say_cost()
        screen.say_limit()
        for remark in what_holds(self.access):
            screen.remark(remark)
        return estimate

    def _finish(self, journal: Journal, index: Index, estimate: Estimate | None = None) -> Code:
        screen, follow = self._screen(journal), follower(quiet=self.manner.quiet)
        try:
            if journal.phase is Phase.WRITING:
                Writing(self.access, index, journal, follow).run()
                journal.enter(Phase.WRITTEN)
                screen.result(estimate)
                if self.manner.mode is Mode.SUBMIT:
                    screen.remark("The functions do the rest: nothing needs to run here. To take it back:")
                    screen.remark(f"  {self._command('cancel', '--run', journal.run.name)}")
            if self.manner.mode is Mode.WAIT:
                Following(self.access, index, journal, screen, follow).run()
        except (CloudError, IndexFileError, KeyboardInterrupt):
            with suppress(IndexFileError):
                self._say_how_to_go_on(journal, screen)
            raise
        journal.discard()
        return _code(journal)

    def _say_how_to_go_on(self, journal: Journal, screen: Screen) -> None:
        command = self._command("submit", "--resume", journal.run.name)
        if journal.phase is Phase.WRITTEN:
            screen.must_say("All are asked for, and the functions do the rest. To wait again:")
            screen.must_say(f"  {command} --wait")
        else:
            screen.must_say(f"{journal.written:,} of {objects(journal.total[0])} are asked for. To continue:")
            screen.must_say(f"  {command}{' --wait' if self.manner.mode is Mode.WAIT else ''}")


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
