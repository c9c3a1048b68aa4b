"""Guards of what is spent: answers, checking again, the minimum age."""

from tests.mutants.mutant import Mutant

ATTEMPT, SUBMIT = "shared/use_cases/attempt.py", "shared/use_cases/submit_upload.py"
COMPLETE, TICK = "shared/use_cases/complete.py", "shared/use_cases/tick.py"
PACE, WRITE = "shared/use_cases/pace.py", "shared/use_cases/write_result.py"
RECONCILE, NEXT = "shared/use_cases/reconcile.py", "shared/domain/next_step.py"
ANSWERS, ANSWER = "shared/cloud/answers.py", "shared/domain/answer.py"
ENTRY, KNOWN = "shared/domain/waiting.py", "test_answers"
AGAIN, ENTRIES = "test_again", "test_waiting_entries"
FORMAT, SETTLING = "shared/test_waiting", "test_settling"
STATUS = "test_status"

MUTANTS = (
    Mutant(
        "an answer is not looked for",
        ATTEMPT,
        "if answer := _known(attempt.upload, head, clients):",
        "if (answer := _known(attempt.upload, head, clients)) and not clients:",
        (KNOWN,),
    ),
    Mutant(
        "answers are used though they are not to be",
        ATTEMPT,
        "if clients.settings.reuse_answers is Reuse.YES else None",
        "if clients.settings.reuse_answers in Reuse else None",
        (KNOWN,),
    ),
    Mutant(
        "bytes are known by their CRC-64 alone",
        ANSWER,
        "canonical(content.crc64, str(content.size), etag.strip('\"'))",
        "canonical(content.crc64, str(content.size))",
        (KNOWN,),
    ),
    Mutant(
        "a failure is an answer",
        ANSWER,
        "    if result.verdict in _ANSWERS and result.job:\n",
        "    if result.job:\n",
        (KNOWN,),
    ),
    Mutant(
        "a failure may lie among the answers",
        ANSWER,
        "    if answer.verdict not in _ANSWERS:\n        raise ClaimError(_STRANGE)\n",
        "",
        (KNOWN,),
    ),
    Mutant(
        "an answer that cannot be read is none",
        ANSWERS,
        'raise ClaimError(f"{self._store.at(name)} {error}") from error',
        "return None",
        (KNOWN,),
    ),
    Mutant(
        "the last answer stands",
        ANSWERS,
        "            self._store.create(name, body)\n",
        "            self._store.write(name, body)\n",
        (KNOWN, AGAIN),
    ),
    Mutant(
        "a callback keeps no answer",
        COMPLETE,
        "is_news = clients.answers.keep(upload, head.etag, result)",
        "is_news = bool(result)",
        (KNOWN,),
    ),
    Mutant(
        "the timer keeps no answer",
        RECONCILE,
        "    case.clients.answers.keep(case.seen.upload, case.head.etag, step.result)\n",
        "",
        (AGAIN, KNOWN),
    ),
    Mutant(
        "a copy with another ETag makes the bytes unknown",
        WRITE,
        "    if written.etag != head.etag:\n        clients.answers.keep(upload, written.etag, result)\n",
        "",
        (KNOWN,),
    ),
    Mutant(
        "a callback whose claim is gone is believed",
        COMPLETE,
        "        if ticket.attempt not in there:\n            return _left(ticket, job_id)\n",
        "",
        (AGAIN,),
    ),
    Mutant(
        "whether the claim is there is not looked at",
        COMPLETE,
        "there = [1] if is_news and ticket.attempt == 1 else",
        "there = [1] if ticket.attempt == 1 else",
        (AGAIN,),
    ),
    Mutant(
        "nothing is checked again",
        SUBMIT,
        "if sealed and (entry is None or entry.is_fulfilled_by(sealed, upload.modified)):",
        "if sealed:",
        (AGAIN,),
    ),
    Mutant(
        "what is asked for is checked whatever is known",
        ENTRY,
        "return not self.again or (",
        "return (",
        (FORMAT, ENTRIES),
    ),
    Mutant(
        "no answer fulfils what is to be checked again",
        ENTRY,
        "return not self.again or (sealed.result.at or stamp(written)) > self.at",
        "return not self.again",
        (FORMAT, AGAIN),
    ),
    Mutant(
        "an answer without a time fulfils nothing",
        ENTRY,
        "(sealed.result.at or stamp(written)) > self.at",
        "sealed.result.at > self.at",
        (FORMAT,),
    ),
    Mutant(
        "the seal that is replaced counts as an answer",
        "shared/domain/head.py",
        "return sealed if sealed and sealed.digits != replaced else None",
        "return sealed",
        (AGAIN,),
    ),
    Mutant(
        "a claim does not say which seal it replaces",
        SUBMIT,
        'replaces=sealed.digits if sealed else ""',
        'replaces=""',
        (AGAIN,),
    ),
    Mutant("a next attempt forgets which seal it replaces", NEXT, "        replaces=attempt.replaces,\n", "", (AGAIN,)),
    Mutant("two runs are one", SUBMIT, "upload=replace(upload, run=entry.run), ", "", (AGAIN,)),
    Mutant(
        "the answer that is there will do",
        ANSWERS,
        'return answer if upload.run in ("", answer.run) else None',
        "return answer",
        (AGAIN,),
    ),
    Mutant(
        "the older answer stays in the ledger",
        ANSWERS,
        "        if upload.run:\n            self._store.write(name, body)\n            return False\n",
        "",
        (AGAIN,),
    ),
    Mutant(
        "a callback knows no seal that is replaced",
        COMPLETE,
        "head.sealed(settings, ticket.replaces)",
        "head.sealed(settings)",
        (AGAIN,),
    ),
    Mutant(
        "of two runs none gives way",
        NEXT,
        "        or (not had_job and other.chain == seen.chain and _was_asked_for_before(other, seen.newest))\n",
        "",
        ("shared/test_giving_way",),
    ),
    Mutant(
        "an upload of any age has a job",
        ATTEMPT,
        "    if head.seen - attempt.upload.modified < clients.settings.min_age:\n"
        "        return hold(attempt, Held.YOUNG, clients)\n",
        "",
        (SETTLING,),
    ),
    Mutant(
        "an upload waits a second too long",
        ATTEMPT,
        "head.seen - attempt.upload.modified < clients.settings.min_age",
        "head.seen - attempt.upload.modified <= clients.settings.min_age",
        (SETTLING,),
    ),
    Mutant(
        "a held upload is old enough",
        NEXT,
        "    if seen.now - seen.upload.modified < rules.min_age:\n        return Hold(Held.YOUNG)\n",
        "",
        (SETTLING,),
    ),
    Mutant(
        "what was replaced while it was handed over is lost",
        RECONCILE,
        "begun is not Reason.REPLACED and (",
        "(",
        (SETTLING,),
    ),
    Mutant(
        "each tick is worth a line",
        PACE,
        "if not in_flight and now - self.logged < _HOUR:",
        "if not in_flight and now < self.logged:",
        (STATUS,),
    ),
    Mutant(
        "a tick that saw claims is not worth a line",
        PACE,
        "if not in_flight and now - self.logged < _HOUR:",
        "if now - self.logged < _HOUR:",
        (STATUS,),
    ),
    Mutant(
        "a refusal is told of for good",
        PACE,
        'return text if now - said_at < _REFUSED_FOR else ""',
        "return text",
        (STATUS,),
    ),
    Mutant(
        "a tick that could not list the claims calls itself complete",
        TICK,
        "            self.sweep.tally.complete = False\n",
        "            pass\n",
        (STATUS,),
    ),
)
