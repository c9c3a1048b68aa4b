"""Breaks each guard once, in a copy of the tree, and shows which test notices: `make test-mutants`.

A mutant that survives is a promise that nothing proves. `test_mutants.py` sees to it that each still fits the source.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: At the top of the tree, what was made from it.
_MADE = ("build", "dist")
#: Seconds after which the tests of one mutant count as failed: some mutants run in circles.
_PATIENCE = 300

GUARDS, TRUST, CLAIMS, SWEEP = "test_guards", "test_trust", "test_claims", "test_sweep"
INTERLEAVING, GIVING_UP, SILENCE = "test_interleaving", "test_giving_up", "test_silence"


@dataclass(frozen=True)
class Mutant:
    """One guard taken away: in `file`, `old` becomes `new`. `tests` are those that should notice, fast ones first."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def apply(self, root: Path) -> None:
        """Change the source under `root`."""
        path = root / self.file
        source = path.read_text(encoding="utf-8")
        if source.count(self.old) != 1:
            raise ValueError(f"{self.name}: {self.old!r} is not once in {self.file}")
        path.write_text(source.replace(self.old, self.new), encoding="utf-8")


MUTANTS = (
    Mutant(
        "no second look after the claim",
        "shared/use_cases/submit.py",
        "    found = _claim_for(claim.content.target, clients)\n",
        "    found = claim\n",
        (INTERLEAVING,),
    ),
    Mutant(
        "claims can be overwritten",
        "shared/cloud/claims.py",
        '_ONLY_NEW = {"x-cos-forbid-overwrite": "true"}',
        "_ONLY_NEW: dict[str, str] = {}",
        (SILENCE, INTERLEAVING),
    ),
    Mutant(
        "a versioned claims bucket will do",
        "shared/cloud/claims.py",
        'if text(document, "Status"):',
        "if False:",
        (CLAIMS,),
    ),
    Mutant(
        "no reminder of an upload during a flight",
        "shared/use_cases/submit.py",
        "        clients.claims.remind(claim.content)\n",
        "",
        (INTERLEAVING,),
    ),
    Mutant(
        "claims made after the last look are dropped too",
        "shared/use_cases/write_result.py",
        "        clients.claims.drop(attempts)\n",
        "        clients.claims.drop(clients.claims.of(content))\n",
        (INTERLEAVING,),
    ),
    Mutant(
        "claims need no signature",
        "shared/domain/claim.py",
        "if not secrets.verify(signature, Purpose.CLAIM, text):",
        "if not signature:",
        (CLAIMS,),
    ),
    Mutant(
        "a claim may lie anywhere",
        "shared/cloud/claims.py",
        "if (self._bucket(claim.content), self._name(claim)) != (bucket, key):",
        "if not bucket:",
        (CLAIMS,),
    ),
    Mutant(
        "a garbled claim is a forged one",
        "shared/cloud/claims.py",
        "if again.body == first.body:",
        "if again:",
        (CLAIMS,),
    ),
    Mutant(
        "a planted claim holds its place",
        "shared/cloud/claims.py",
        "if not self._free(claim):",
        "if claim:",
        (CLAIMS,),
    ),
    Mutant(
        "POST /jobs is repeated",
        "shared/cloud/ci.py",
        "repeat=Repeat.NEVER",
        "repeat=Repeat.SAFE",
        (SWEEP,),
    ),
    Mutant(
        "the callback's ticket does not expire",
        "shared/use_cases/complete.py",
        "        shown.require_fresh(now, settings.ticket_lifetime)\n",
        "",
        (TRUST,),
    ),
    Mutant(
        "the fetched job's ticket may be for another video",
        "shared/use_cases/complete.py",
        "if job.tag != TAG or ticket_of(job, clients.settings).content != content:",
        "if job.tag != TAG:",
        (GUARDS,),
    ),
    Mutant(
        "tickets need no signature",
        "shared/domain/ticket.py",
        'if not secrets.verify(found["signature"], Purpose.TICKET, *_signed_parts(ticket)):',
        'if not found["signature"]:',
        (TRUST,),
    ),
    Mutant(
        "seals need no signature",
        "shared/domain/metadata.py",
        "if version != _SEAL_VERSION or not secrets.verify(signature, Purpose.SEAL, *_sealed_parts(fields, content)):",
        "if version != _SEAL_VERSION:",
        ("test_write_back",),
    ),
    Mutant(
        "a seal fits any content",
        "shared/domain/metadata.py",
        "return [*content.identity, *flat]",
        "return flat",
        (SILENCE,),
    ),
    Mutant(
        "the seal is not looked for before a job",
        "shared/use_cases/submit.py",
        "    if verdict_on(head, clients):\n",
        "    if verdict_on(head, clients) and not clients:\n",
        (SILENCE,),
    ),
    Mutant(
        "a result is written onto any content",
        "shared/use_cases/write_result.py",
        "    if head.content != content:\n        return Reason.REPLACED\n",
        "",
        (GUARDS,),
    ),
    Mutant(
        "a result is believed whatever lay there meanwhile",
        "shared/use_cases/write_result.py",
        "return head.modified <= issued or verdict_on(head, clients) is not None",
        "return bool(head) or bool(issued) or bool(clients)",
        (GUARDS,),
    ),
    Mutant(
        "the copy does not insist on the ETag",
        "shared/domain/selfcopy.py",
        '        "x-cos-copy-source-If-Match": head.headers.get("etag", ""),\n',
        "",
        (GUARDS,),
    ),
    Mutant(
        "the copy does not insist on the date",
        "shared/domain/selfcopy.py",
        '        "x-cos-copy-source-If-Unmodified-Since": head.headers.get("last-modified", ""),\n',
        "",
        (GUARDS,),
    ),
    Mutant(
        "a failure may replace a success",
        "shared/domain/result.py",
        "return earlier is Verdict.FAILED and self.verdict is not Verdict.FAILED",
        "return True",
        (GUARDS,),
    ),
    Mutant(
        "the sweep's attempts are not atomic",
        "shared/use_cases/reconcile.py",
        "        attempt = clients.claims.create(claim.next_attempt(case.object.seen))\n",
        "        attempt = claim.next_attempt(case.object.seen)\n        clients.claims.update(attempt)\n",
        (INTERLEAVING,),
    ),
    Mutant(
        "the sweep does not look again after its attempt",
        "shared/use_cases/reconcile.py",
        "    overtaken = _overtaken(case, clients)\n",
        "    overtaken = None\n",
        (INTERLEAVING,),
    ),
    Mutant(
        "the sweep does not wait for the functions",
        "shared/use_cases/sweep.py",
        "if newest.age >= tick.clients.settings.grace:",
        "if newest.age >= 0:",
        (SWEEP,),
    ),
    Mutant(
        "the sweep does not look for a lost reply's job",
        "shared/use_cases/reconcile.py",
        "    listed = islice(clients.jobs.on(target), _JOBS_SEARCHED)\n",
        "    listed = islice(clients.jobs.on(target), 0)\n",
        (SWEEP,),
    ),
    Mutant(
        "any job of ours on the object is adopted",
        "shared/use_cases/reconcile.py",
        " and ticket.content == claim.content else None",
        " else None",
        (SWEEP,),
    ),
    Mutant(
        "a claim goes before its job",
        "shared/use_cases/reconcile.py",
        "    if job and not job.state.finished:\n",
        "    if job and not job.state.finished and not reason:\n",
        (SWEEP,),
    ),
    Mutant(
        "outages are given up",
        "shared/use_cases/reconcile.py",
        "if isinstance(error, _PASSING) or waited",
        "if waited",
        (GIVING_UP,),
    ),
    Mutant(
        "nothing is ever given up",
        "shared/use_cases/reconcile.py",
        "or waited <= clients.settings.give_up_after:",
        "or waited >= 0:",
        (GIVING_UP,),
    ),
)


def main() -> int:
    """Run all mutants and print the table; 1 if one survives."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as directory:
        killers = {mutant.name: _killer(mutant, Path(directory) / str(number)) for number, mutant in enumerate(MUTANTS)}
    survivors = [name for name, killer in killers.items() if killer is None]
    _say(f"{len(killers) - len(survivors)} of {len(killers)} mutants killed")
    return 1 if survivors else 0


def _killer(mutant: Mutant, root: Path) -> str | None:
    _copy(root)
    mutant.apply(root)
    killer = _first_failure(root, mutant.tests)
    _say(f"{mutant.name:55} | {killer or 'SURVIVED'}")
    return killer


def _copy(root: Path) -> None:
    def left_out(directory: str, names: list[str]) -> list[str]:
        made = _MADE if Path(directory) == ROOT else ()
        return [name for name in names if name in made or name.startswith(".") or name == "__pycache__"]

    shutil.copytree(ROOT, root, ignore=left_out)


def _first_failure(root: Path, tests: tuple[str, ...]) -> str | None:
    files = [f"tests/{name}.py" for name in tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "--no-header", "-rfE", *files]
    try:
        run = subprocess.run(  # noqa: S603 - our own tests
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return "the tests did not end"
    failed = re.search(r"^(?:FAILED|ERROR) tests/(.+?)(?: - |$)", run.stdout, re.MULTILINE)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"the tests could not be run:\n{run.stdout}{run.stderr}")
    return failed[1] if failed else None


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
