"""Guards of what an operator's commands say and do."""

from tests.mutants.mutant import Mutant

_PAUSE = ("ops/test_pause",)
_STATUS = ("ops/status/test_status",)
_VERIFY = ("ops/verify/test_verify",)

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
)
