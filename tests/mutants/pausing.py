"""Guards of the pause."""

from tests.mutants.mutant import Mutant

ATTEMPT, TICK = "shared/use_cases/attempt.py", "shared/use_cases/tick.py"
WRITE, NEXT = "shared/use_cases/write_result.py", "shared/domain/next_step.py"
PAUSING, PAUSE = "shared/cloud/pausing.py", "test_pause"
READ_BACK = "test_read_back"

MUTANTS = (
    Mutant(
        "a first attempt overlooks the pause",
        ATTEMPT,
        "    if clients.pausing.state(head.seen):\n        return hold(attempt, Held.PAUSED, clients)\n",
        "",
        (PAUSE,),
    ),
    Mutant(
        "a next attempt overlooks the pause",
        NEXT,
        "    if rules.pause:\n        return Hold(Held.PAUSED)\n",
        "",
        (PAUSE,),
    ),
    Mutant(
        "a pause does not keep a refused job from being given up",
        NEXT,
        "    if rules.pause:\n",
        "    if rules.pause and seen.newest.held is not Held.REFUSED:\n",
        (PAUSE,),
    ),
    Mutant("a pause is read for good", PAUSING, "not 0 <= now - read_at < _BELIEVED", "now < read_at", (PAUSE,)),
    Mutant("a pause is read each time", PAUSING, "_BELIEVED = 60", "_BELIEVED = 0", (PAUSE,)),
    Mutant(
        "a pause counts only if it says so in JSON",
        "shared/domain/pause.py",
        "    except ValidationError:\n        return Pause()\n",
        "    except ValidationError:\n        raise\n",
        (PAUSE,),
    ),
    Mutant(
        "a pause is written over",
        PAUSING,
        "            self._store.create(NAME, encode(",
        "            self._store.write(NAME, encode(",
        (READ_BACK,),
    ),
    Mutant(
        "who pauses does not know it himself",
        PAUSING,
        "            return\n        finally:\n            _read.pop(self._ledger, None)\n",
        "            return\n",
        (READ_BACK,),
    ),
    Mutant(
        "the timer believes what it read before",
        TICK,
        "self.clients.pausing.look(versioning.now)",
        "self.clients.pausing.state(versioning.now)",
        (PAUSE,),
    ),
    Mutant("a versioned ledger pauses nothing", TICK, "if versioning.status and pause is None:", "if False:", (PAUSE,)),
    Mutant(
        "a versioned ledger is told of at each tick",
        TICK,
        "if versioning.status and pause is None:",
        "if versioning.status:",
        (PAUSE,),
    ),
    Mutant(
        "a write that comes back changed pauses nothing",
        WRITE,
        "    if not head.sealed(clients.settings):\n",
        "    if not head.headers:\n",
        (READ_BACK,),
    ),
    Mutant("every write is read back", WRITE, "    if not _read_back:\n", "    if head:\n", (READ_BACK,)),
    Mutant(
        "an edit by somebody pauses everything",
        WRITE,
        "    if head.upload.content != upload.content or (head.upload != upload and not ours):\n",
        "    if not head:\n",
        (READ_BACK,),
    ),
    Mutant(
        "a deletion right after the write loses the record",
        WRITE,
        "    except NotFoundError:\n        return\n",
        "    except NotFoundError:\n        raise\n",
        (READ_BACK,),
    ),
    Mutant(
        "a write that could not be judged is the last to be read back",
        WRITE,
        "    try:\n        head = clients.objects.head(upload.target)\n",
        "    _read_back.append(upload)\n    try:\n        head = clients.objects.head(upload.target)\n",
        (READ_BACK,),
    ),
)
