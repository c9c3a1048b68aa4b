"""Guards of claims and attempts: one job, and nothing lost."""

from tests.mutants.mutant import Mutant

ATTEMPT, SWEEP, LEDGER = "shared/use_cases/attempt.py", "shared/use_cases/sweep.py", "shared/cloud/ledger.py"
STORE = "shared/cloud/store.py"
RECONCILE, LOOK, SUBMIT = "shared/use_cases/reconcile.py", "shared/use_cases/look.py", "shared/use_cases/submit.py"
OF_LEDGER, PAGES, RACES, INTERLEAVING = "shared/test_ledger", "shared/test_pages", "test_races", "test_interleaving"
PATIENCE, OTHERS, SILENCE, CRASH = "test_patience", "test_others_meanwhile", "test_silence", "test_crash_matrix"
SCHEDULES = "test_schedules"
LOST = "test_races_lost"

MUTANTS = (
    Mutant(
        "attempts can be overwritten",
        STORE,
        '_ONLY_NEW = {"x-cos-forbid-overwrite": "true"}',
        "_ONLY_NEW: dict[str, str] = {}",
        (OF_LEDGER, SILENCE, INTERLEAVING),
    ),
    Mutant(
        "a versioned ledger will do",
        LEDGER,
        "if self._store.bucket not in _unversioned and self._store.versioning().status:",
        "if self._store.bucket not in _unversioned and self._store.versioning().status is None:",
        (OF_LEDGER,),
    ),
    Mutant(
        "an attempt is read whatever it became since it was listed",
        LEDGER,
        "self._store.read(entry.key, entry.etag)",
        "self._store.read(entry.key)",
        (OF_LEDGER, RACES, LOST),
    ),
    Mutant(
        "an attempt may lie anywhere",
        LEDGER,
        "if (attempt.upload.id, attempt.number) != (entry.upload_id, entry.number):",
        "if not attempt:",
        (OF_LEDGER,),
    ),
    Mutant(
        "the newest attempt is dropped first",
        LEDGER,
        "key=lambda attempt: attempt.number)",
        "key=lambda attempt: -attempt.number)",
        (OF_LEDGER, RACES, LOST),
    ),
    Mutant(
        "a DELETE is repeated",
        "shared/cloud/cos.py",
        'replace(_call("DELETE", target), repeat=Repeat.NEVER)',
        '_call("DELETE", target)',
        (RACES, LOST, OF_LEDGER),
    ),
    Mutant(
        "claims are listed on the first page only",
        "shared/cloud/cos.py",
        'if text(listing, "IsTruncated") != "true":',
        "if listing:",
        (PAGES, OF_LEDGER),
    ),
    Mutant(
        "a listing that does not get further goes on for ever",
        "shared/cloud/cos.py",
        "            if after <= marker:\n",
        "            if not after:\n",
        (PAGES,),
    ),
    Mutant(
        "the claim's own life is not looked at again",
        ATTEMPT,
        "    if there != {(entry.number, entry.etag) for entry in ours}:\n        return True\n",
        "",
        (RACES, LOST),
    ),
    Mutant(
        "the object is looked at before the ledger",
        ATTEMPT,
        "        blocked = _is_blocked(attempt, [*earlier, entry], clients)\n"
        "        needless = _why_needless(attempt.upload, clients)\n",
        "        needless = _why_needless(attempt.upload, clients)\n"
        "        blocked = _is_blocked(attempt, [*earlier, entry], clients)\n",
        (RACES, LOST, INTERLEAVING),
    ),
    Mutant(
        "a first attempt does not give way to other claims",
        ATTEMPT,
        "        return bool(others)\n",
        "        return False\n",
        (INTERLEAVING,),
    ),
    Mutant(
        "a next attempt does not give way to other jobs",
        ATTEMPT,
        "    return any(other.may_post or other.chain > attempt.chain for other in read)\n",
        "    return not isinstance(read, list)\n",
        (RACES, LOST),
    ),
    Mutant(
        "a next attempt gives way to claims that wait",
        ATTEMPT,
        "any(other.may_post or other.chain > attempt.chain for other in read)",
        "bool(read)",
        (RACES, LOST),
    ),
    Mutant(
        "the object is not looked at again",
        ATTEMPT,
        "        if needless:\n",
        "        if needless and not clients:\n",
        (INTERLEAVING, OTHERS),
    ),
    Mutant(
        "a needless attempt is removed before its claim",
        ATTEMPT,
        "    if attempt.number == 1:\n        clients.ledger.drop([attempt])\n",
        "    if attempt.number:\n        clients.ledger.drop([attempt])\n",
        (RACES, LOST),
    ),
    Mutant(
        "POST /jobs is repeated",
        "shared/cloud/ci.py",
        "repeat=Repeat.NEVER",
        "repeat=Repeat.SAFE",
        (RACES, LOST, CRASH),
    ),
    Mutant(
        "an unknown reply to POST counts as a refusal",
        ATTEMPT,
        "        if not error.is_refusal:\n            raise\n",
        "",
        (PATIENCE, CRASH),
    ),
    Mutant(
        "a time-out or a throttle counts as a refusal",
        "shared/errors.py",
        "return 400 <= status < 500 and status not in (408, 429) and bool(self.cause.code.strip()) and not momentary",
        "return status >= 400",
        ("shared/test_errors", PATIENCE),
    ),
    Mutant(
        "a refusal forgets when refusals began",
        ATTEMPT,
        "since, refusal = attempt.refused_since or now, str(error)[:MAX_TEXT]",
        "since, refusal = now, str(error)[:MAX_TEXT]",
        (PATIENCE,),
    ),
    Mutant(
        "refusals are tried without limit",
        SWEEP,
        "            self._refused_tries = min(self._refused_tries, _REFUSED_TRIES) - 1\n",
        "            pass\n",
        (PATIENCE,),
    ),
    Mutant(
        "one accepted frees nobody",
        SWEEP,
        "            self._refused_tries = _MOST\n",
        "            pass\n",
        (PATIENCE,),
    ),
    Mutant(
        "a young claim is taken up",
        SWEEP,
        "    if newest.age < GRACE or first.age < GRACE:\n        return False\n",
        "",
        (RACES, LOST),
    ),
    Mutant(
        "a claim that changes just now is taken up",
        SWEEP,
        "            if attempt is None:\n                return None\n",
        "            if attempt is None:\n                continue\n",
        (RACES, LOST, INTERLEAVING),
    ),
    Mutant(
        "a bug that one claim brings out stops the sweep",
        SWEEP,
        "        except Exception:  # noqa: BLE001",
        "        except MemoryError:  # noqa: BLE001",
        ("test_sweep",),
    ),
    Mutant(
        "the sweep's attempts are not atomic",
        ATTEMPT,
        "        entry = clients.ledger.create(attempt)\n",
        "        entry = clients.ledger.update(attempt) if attempt.number > 1 else clients.ledger.create(attempt)\n",
        (INTERLEAVING,),
    ),
    Mutant(
        "only the first page of jobs is looked at",
        "shared/cloud/ci.py",
        'if not token or token == params.get("nextToken"):',
        "if token is not None:",
        (PAGES,),
    ),
    Mutant(
        "a list of jobs that does not get further goes on for ever",
        "shared/cloud/ci.py",
        'if not token or token == params.get("nextToken"):',
        "if not token:",
        (PAGES,),
    ),
    Mutant(
        "another object's job is taken for ours",
        "shared/cloud/ci.py",
        "for job in _jobs(reply) if job.key == target.key)",
        "for job in _jobs(reply))",
        (PAGES,),
    ),
    Mutant(
        "jobs are taken as CI answers, whatever was asked",
        "shared/cloud/ci.py",
        "return {job_id: found[job_id] for job_id in ids}",
        "return {**dict.fromkeys(ids), **found}",
        (PAGES,),
    ),
    Mutant(
        "a lost reply's job is not looked for",
        LOOK,
        "islice(self.clients.jobs.on(self.seen.upload.target), _JOBS_SEARCHED)",
        "islice(self.clients.jobs.on(self.seen.upload.target), 0)",
        (PATIENCE, CRASH),
    ),
    Mutant(
        "a job is noted in the newest attempt, and not in its own",
        LOOK,
        "replace(attempts[ticket.attempt], job=job.job_id",
        "replace(attempts[max(attempts)], job=job.job_id",
        (RACES, LOST),
    ),
    Mutant(
        "a job replaces one that is known",
        LOOK,
        "if ticket and job.job_id not in known and not attempts[ticket.attempt].job:",
        "if ticket and job.job_id not in known:",
        (RACES, LOST),
    ),
    Mutant(
        "any job of ours on the object is adopted",
        LOOK,
        "job.tag == TAG and ticket.upload == self.seen.upload and ticket.attempt in self.entries",
        "job.tag == TAG and ticket.attempt in self.entries",
        (RACES, LOST, INTERLEAVING),
    ),
    Mutant(
        "a job's attempt may have been dropped",
        LOOK,
        " and ticket.attempt in self.entries\n",
        "\n",
        (SCHEDULES,),
    ),
)
