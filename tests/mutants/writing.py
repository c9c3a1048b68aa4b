"""Guards of what is written onto objects and into the ledger."""

from tests.mutants.mutant import Mutant

COMPLETE, LEDGER, METADATA = "shared/use_cases/complete.py", "shared/cloud/ledger.py", "shared/domain/metadata.py"
WRITE, SELFCOPY, SUBMIT = (
    "shared/use_cases/write_result.py",
    "shared/domain/selfcopy.py",
    "shared/use_cases/submit_upload.py",
)
TRUST, GUARDS, WRITE_BACK = "test_trust", "test_guards", "test_write_back"
SILENCE, OTHERS, RACES, OF_LEDGER = "test_silence", "test_others_meanwhile", "test_races", "shared/test_ledger"
LOST, ODD = "test_races_lost", "test_odd_replies"
RECORD = "shared/domain/record.py"

MUTANTS = (
    Mutant(
        "the fetched job's ticket may be another one",
        COMPLETE,
        "if job.tag != TAG or ticket_of(job, settings.secrets) != ticket:",
        "if job.tag != TAG:",
        (TRUST, GUARDS),
    ),
    Mutant(
        "tickets need no signature",
        "shared/domain/ticket.py",
        'if not secrets.verify(found["signature"], Purpose.TICKET, *ticket._signed_parts()):',
        'if not found["signature"]:',
        (TRUST, "shared/test_ticket"),
    ),
    Mutant(
        "a ticket does not say which attempt it is",
        "shared/domain/ticket.py",
        "return (self.upload.target.region, self.upload.id, str(self.attempt), self.replaces)",
        "return (self.upload.target.region, self.upload.id, self.replaces)",
        ("shared/test_ticket", TRUST),
    ),
    Mutant(
        "seals need no signature",
        METADATA,
        "if version != _SEAL_VERSION or not secrets.verify(signature, Purpose.SEAL, *_sealed_parts(fields, content)):",
        "if version != _SEAL_VERSION:",
        ("shared/test_metadata", WRITE_BACK),
    ),
    Mutant(
        "a seal is bound to nothing",
        METADATA,
        "return [content.crc64, str(content.size), *flat]",
        "return flat",
        ("shared/test_metadata", SILENCE),
    ),
    Mutant(
        "the seal is not looked for before a job",
        SUBMIT,
        "    upload, sealed = head.upload, head.sealed(clients.settings)\n",
        "    upload, sealed = head.upload, None\n",
        (RACES, LOST),
    ),
    Mutant(
        "the seal is not looked for once more",
        "shared/use_cases/attempt.py",
        "return Reason.DONE if head.sealed(clients.settings, attempt.replaces) else head",
        "return head",
        (RACES, LOST, "test_interleaving"),
    ),
    Mutant(
        "a result is written onto any upload",
        COMPLETE,
        "        if head.upload != upload.writing:\n            return _left(ticket, job_id)\n",
        "",
        (GUARDS, OTHERS),
    ),
    Mutant(
        "an object that bears an answer is written again",
        COMPLETE,
        "        if head.upload.content == upload.content and head.sealed(settings, ticket.replaces):\n",
        "        if head.upload.content == upload.content and not settings:\n",
        (TRUST, "test_interleaving"),
    ),
    Mutant(
        "what CI cannot read is submitted",
        SUBMIT,
        "    if head.obstacle:\n",
        "    if head.obstacle and not clients:\n",
        (RACES, LOST),
    ),
    Mutant(
        "an archived object is written onto",
        WRITE,
        "    if head.obstacle:\n",
        "    if head.obstacle and not clients:\n",
        ("test_kept_results", OTHERS),
    ),
    Mutant(
        "the copy does not insist on the ETag",
        SELFCOPY,
        '        "x-cos-copy-source-If-Match": head.headers.get("etag", ""),\n',
        "",
        (GUARDS, OTHERS),
    ),
    Mutant(
        "the copy does not insist on the date",
        SELFCOPY,
        '        "x-cos-copy-source-If-Unmodified-Since": head.headers.get("last-modified", ""),\n',
        "",
        (GUARDS, OTHERS),
    ),
    Mutant(
        "a copy is repeated",
        "shared/cloud/cos.py",
        "call._replace(repeat=Repeat.NEVER, patience=COPY_TIMEOUT)",
        "call._replace(patience=COPY_TIMEOUT)",
        (RACES, LOST, GUARDS),
    ),
    Mutant(
        "the record of a write comes after the drop",
        WRITE,
        "    clients.ledger.keep(result_record(upload, result, attempts, job, seal=seal, reason=None))\n",
        "    clients.ledger.drop(attempts)\n"
        "    clients.ledger.keep(result_record(upload, result, attempts, job, seal=seal, reason=None))\n",
        ("test_interleaving", RACES, LOST, "test_crash_matrix"),
    ),
    Mutant(
        "later attempts are dropped too",
        COMPLETE,
        "for number in there if number <= ticket.attempt]",
        "for number in [*there, ticket.attempt + 1]]",
        (RACES, LOST, "test_interleaving"),
    ),
    Mutant(
        "earlier attempts are left",
        COMPLETE,
        "for number in there if number <= ticket.attempt]",
        "for number in there if number == ticket.attempt]",
        (RACES, LOST),
    ),
    Mutant(
        "the first write is not read back",
        WRITE,
        "    if not _read_back:\n",
        "    if _read_back:\n",
        (GUARDS, WRITE_BACK, RACES, LOST),
    ),
    Mutant(
        "a record without a job stays in the place of one with",
        RECORD,
        "        if other is None or not other.names_a_job:\n            return self\n",
        "        if other is None:\n            return self\n",
        (OF_LEDGER,),
    ),
    Mutant(
        "a record with a job is replaced by a later one",
        RECORD,
        "        if other is None or not other.names_a_job:\n            return self\n",
        "        if other is None or self.names_a_job:\n            return self\n",
        (OF_LEDGER,),
    ),
    Mutant(
        "an applied record does not win",
        LEDGER,
        "        if record.applied and not once:\n",
        "        if record.applied and not record:\n",
        (OF_LEDGER,),
    ),
    Mutant(
        "a HEAD that was refused once skips a video that can be read",
        "shared/cloud/cos.py",
        "        return GarbledReplyError(error.cause)\n",
        "        return error\n",
        (RACES, LOST, ODD),
    ),
    Mutant(
        "a reply without a code explains a refused HEAD",
        "shared/cloud/cos.py",
        "            if reason.cause.code:\n                return reason\n",
        "            return reason\n",
        (ODD,),
    ),
    Mutant(
        "a job that a reply leaves out is taken for unknown",
        "shared/cloud/ci.py",
        "if not found.keys() >= set(ids):",
        "found = dict.fromkeys(ids) | found\n        if not ids:",
        (ODD, "shared/test_pages"),
    ),
    Mutant(
        "a job of another object answers",
        "shared/use_cases/look.py",
        "if job and (job.tag, job.key) != (TAG, self.seen.upload.target.key):",
        "if job and not job.job_id:",
        (ODD,),
    ),
    Mutant(
        "notes of refusals pile up",
        "shared/use_cases/reconcile.py",
        "            case.clients.ledger.drop(refused)\n",
        "            case.clients.ledger.drop(refused[:0])\n",
        (ODD,),
    ),
    Mutant(
        "a ledger that begins to keep versions is not noticed",
        LEDGER,
        "        if listed.version:\n",
        "        if listed.version and not listed.key:\n",
        (ODD,),
    ),
    Mutant(
        "the queue comes before the sweep",
        "functions/callback.py",
        "    polls = invocation.settings.has_queue\n",
        "    polls = invocation.settings.has_queue\n    if polls:\n        _poll(invocation)\n",
        (ODD,),
    ),
)
