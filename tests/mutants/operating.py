"""Guards of what an operator's commands say and do."""

from tests.mutants.mutant import Mutant

_PAUSE = ("ops/test_pause",)
_STATUS = ("ops/status/test_status",)
_VERIFY = ("ops/verify/test_verify",)
_INDEX = ("ops/index/test_ledger",)
_LIST = ("ops/listing/test_list", "ops/listing/test_forms")
_SHOW = ("ops/show/test_show", "ops/show/test_unseen")

MUTANTS = (
    Mutant(
        "somebody else's pause is taken for one's own",
        "ops/pausing.py",
        "            raise\n        return found\n",
        "            raise\n        return pause\n",
        _PAUSE,
    ),
    Mutant(
        "a pause that could not be taken away is said to be gone",
        "ops/pausing.py",
        "if found := find_pause(clients):",
        "if found := None:",
        _PAUSE,
    ),
    Mutant(
        "the functions' own pause is taken away without a question",
        "ops/pause.py",
        "if found.by == FUNCTIONS:",
        "if False:",
        _PAUSE,
    ),
    Mutant(
        "a seal of the previous secret is called a forgery",
        "ops/verify/seal.py",
        "if self.secrets.previous is not None:",
        "if False:",
        _VERIFY,
    ),
    Mutant(
        "an object is called gone that a listing shows",
        "ops/tencent/videos.py",
        'if any(one.key == target.key for one in _page(reply, "").objects):',
        "if False:",
        _VERIFY,
    ),
    Mutant(
        "a limit counts that is not deployed",
        "ops/status/gather.py",
        "tick.status.limit if tick.status else access.settings.max_jobs_per_day",
        "access.settings.max_jobs_per_day",
        _STATUS,
    ),
    Mutant(
        "what was read is lost when a command is stopped",
        "ops/index/synchronise.py",
        "    finally:\n        save()",
        "    except MemoryError:\n        raise\n    save()",
        _INDEX,
    ),
    Mutant(
        "a record that became rubbish is still believed",
        "ops/index/synchronise.py",
        "gone.append(listed.key)",
        "pass",
        _INDEX,
    ),
    Mutant(
        "the record of a re-check of an old video is not seen for a day",
        "ops/index/ledger.py",
        "complete or asked_before or self._is_asked()",
        "complete or self._is_asked()",
        _INDEX,
    ),
    Mutant(
        "a list that goes on leaves out what has the same second",
        "ops/listing/query.py",
        '({source.time}, {source.id}) < (?, ?)", self.after.time, self.after.id',
        '{source.time} < ?", self.after.time',
        _LIST,
    ),
    Mutant(
        "a key is a formula in a spreadsheet",
        "ops/listing/exports.py",
        "text.startswith(_FORMULA)",
        "False",
        _LIST,
    ),
    Mutant(
        "the record of older bytes is taken for that of the object",
        "ops/show/judge.py",
        '("crc64", "size", "modified")',
        '("crc64", "size")',
        _SHOW,
    ),
    Mutant(
        "what could not be seen is no matter",
        "ops/show/command.py",
        "Code.UNSEEN if found.unseen else Code.DONE",
        "Code.DONE",
        _SHOW,
    ),
)
