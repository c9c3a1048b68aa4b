"""Guards of waiting entries."""

from tests.mutants.mutant import Mutant

ATTEMPT, TAKE_UP = "shared/use_cases/attempt.py", "shared/use_cases/take_up.py"
TICK, PACE = "shared/use_cases/tick.py", "shared/use_cases/pace.py"
NEXT, WAITING = "shared/domain/next_step.py", "shared/cloud/waiting.py"
ENTRY, ENTRIES = "shared/domain/waiting.py", "test_waiting_entries"
FORMAT = "shared/test_waiting"

MUTANTS = (
    Mutant("as many as there are go in flight", TAKE_UP, "if self.room <= 0 or failures", "if failures", (ENTRIES,)),
    Mutant("failures have no end", TAKE_UP, "or failures >= _MOST_FAILURES ", "", (ENTRIES,)),
    Mutant(
        "an entry that fails keeps others waiting",
        TAKE_UP,
        "key=lambda listed: listed.key in self.pace.failed)",
        "key=lambda listed: listed.key)",
        (ENTRIES,),
    ),
    Mutant(
        "a job of which the reply was lost does not count",
        TAKE_UP,
        "_MAY_HAVE_A_JOB = (Kind.SUBMITTED, Kind.PENDING)",
        "_MAY_HAVE_A_JOB = (Kind.SUBMITTED,)",
        (ENTRIES,),
    ),
    Mutant(
        "what is held says nothing of the next",
        TAKE_UP,
        "            if outcome.kind is Kind.HELD and outcome.reason in _NO_MORE:\n                return\n",
        "",
        (ENTRIES,),
    ),
    Mutant(
        "a bug that one entry brings out ends the tick",
        TAKE_UP,
        "        except Exception:  # noqa: BLE001",
        "        except WatermarkError:  # noqa: BLE001",
        (ENTRIES,),
    ),
    Mutant(
        "an entry goes though nobody could look at its object",
        TAKE_UP,
        "            return Outcome(Kind.FAILED, detail=listed.key, error=error)\n",
        "            outcome = Outcome(Kind.FAILED, detail=listed.key, error=error)\n",
        (ENTRIES,),
    ),
    Mutant(
        "an entry goes though its object was replaced meanwhile",
        TAKE_UP,
        "        if outcome.reason is Reason.REPLACED:\n",
        "        if outcome.reason is Reason.UNFINISHED:\n",
        (ENTRIES,),
    ),
    Mutant(
        "an entry whose object is gone stays",
        TAKE_UP,
        "        except NotFoundError:\n            return Outcome(Kind.SKIPPED, target=target, reason=Reason.GONE)\n",
        "",
        (ENTRIES,),
    ),
    Mutant(
        "an entry whose object nobody can read stays",
        TAKE_UP,
        "        except RejectedError:\n",
        "        except NotFoundError:\n",
        (ENTRIES,),
    ),
    Mutant(
        "an entry stays",
        TAKE_UP,
        "            self.clients.waiting.remove(listed)\n",
        "            pass\n",
        (ENTRIES,),
    ),
    Mutant(
        "an entry is read whatever it became since it was listed",
        WAITING,
        "self._store.read(listed.key, listed.etag)",
        "self._store.read(listed.key)",
        (ENTRIES,),
    ),
    Mutant(
        "entries are listed to the end",
        WAITING,
        "self._store.first(FOLDER, PAGE)",
        "self._store.list(FOLDER)",
        (ENTRIES,),
    ),
    Mutant(
        "entries are taken up while there is a pause",
        TICK,
        "if room <= 0 or refused or paused or",
        "if room <= 0 or refused or",
        (ENTRIES,),
    ),
    Mutant(
        "entries are taken up while CI refuses jobs",
        TICK,
        "if room <= 0 or refused or paused or",
        "if room <= 0 or paused or",
        (ENTRIES,),
    ),
    Mutant(
        "entries are taken up though no slot is left",
        TICK,
        " or not self.clients.slots.are_left(now):",
        ":",
        (ENTRIES,),
    ),
    Mutant(
        "jobs of uploads do not count",
        TICK,
        "self.clients.settings.waiting_in_flight - self.sweep.tally.alive",
        "self.clients.settings.waiting_in_flight",
        (ENTRIES,),
    ),
    Mutant("claims that are due leave entries no time", TICK, "_FOR_WAITING = 0.25", "_FOR_WAITING = 0.0", (ENTRIES,)),
    Mutant(
        "a claim counts for ever",
        PACE,
        "return claim[-1].age < _DAY and self.held(claim) is None",
        "return self.held(claim) is None",
        (ENTRIES,),
    ),
    Mutant(
        "a claim that is held counts",
        PACE,
        "return claim[-1].age < _DAY and self.held(claim) is None",
        "return claim[-1].age < _DAY",
        (ENTRIES,),
    ),
    Mutant(
        "a job of an entry has the priority of uploads",
        ATTEMPT,
        "JobLevel.LOW if attempt.asked_by else settings.job_level",
        "settings.job_level",
        (ENTRIES,),
    ),
    Mutant("a next attempt forgets who asked", NEXT, "        asked_by=attempt.asked_by,\n", "", (ENTRIES,)),
    Mutant(
        "an entry may lie anywhere",
        ENTRY,
        "    if name != waiting_name(run_of(name), entry.target):\n",
        "    if not run_of(name):\n",
        (FORMAT,),
    ),
    Mutant("an entry may name any host", ENTRY, "    bucket: Bucket = ", "    bucket: str = ", (FORMAT,)),
    Mutant("an entry may name any region", ENTRY, "    region: Region = ", "    region: str = ", (FORMAT,)),
    Mutant(
        "an entry may say the time in any way",
        ENTRY,
        "    if stamp(_moment(text)) != text:\n",
        "    if not _moment(text):\n",
        (FORMAT,),
    ),
)
