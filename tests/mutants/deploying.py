"""Guards of what `deploy` and `remove` do to an account."""

from tests.mutants.mutant import Mutant

_STATES = ("ops/deploy/test_states",)
_DIFFERENCE = ("ops/deploy/test_difference",)
_TRIGGERS = ("ops/deploy/test_trigger_changes",)
_REMOVE = ("ops/remove/test_remove",)

MUTANTS = (
    Mutant(
        "a secret is shown among the changes",
        "ops/deploy/difference.py",
        'return not name.startswith("WATERMARK_") or "SECRET" in name',
        "return False",
        _DIFFERENCE,
    ),
    Mutant(
        "code that was changed since is taken for ours",
        "ops/deploy/goal.py",
        "marker.size in (None, found.code_size)",
        "True",
        (*_DIFFERENCE, *_STATES),
    ),
    Mutant(
        "code is taken for sent whose reply was lost",
        "ops/deploy/functions.py",
        "self.scf.code_sha256(goal.functions[key].name) == goal.marker.sha256",
        "True",
        ("ops/deploy/test_deploy",),
    ),
    Mutant(
        "a function whose creation failed is made again and again",
        "ops/deploy/functions.py",
        "            self._refuse_failure(name, part)\n",
        "",
        _STATES,
    ),
    Mutant(
        "a role that is not known everywhere yet is no reason to wait",
        "ops/deploy/functions.py",
        "if error.cause.code in _NEW_ROLE and waiting.now() < begun + _PROPAGATION:",
        "if False:",
        _STATES,
    ),
    Mutant(
        "a function URL is deleted",
        "ops/deploy/trigger_changes.py",
        "one.trigger is None or one.trigger.kind is TriggerKind.HTTP",
        "one.trigger is None",
        (*_TRIGGERS, *_STATES),
    ),
    Mutant(
        "a trigger goes before the new one is there",
        "ops/deploy/trigger_changes.py",
        "elif any(_overlap(one.trigger, trigger) for trigger in changes.made):",
        "elif changes.made:",
        _TRIGGERS,
    ),
    Mutant(
        "uploads run the function before everything else stands",
        "ops/deploy/work.py",
        'self._bindings(goal, "submit").bring(goal.of("submit"), _URL | _TIMER)',
        'self._bindings(goal, "submit").bring(goal.of("submit"), _URL | _TIMER | _UPLOADS)',
        ("ops/deploy/test_deploy",),
    ),
    Mutant(
        "another runtime is tried to be changed",
        "ops/deploy/plan.py",
        "if there and there.runtime and there.runtime != function.runtime:",
        "if False:",
        _STATES,
    ),
    Mutant(
        "a secret that would be forgotten is no warning",
        "ops/deploy/plan.py",
        "if old - {wanted[_SECRET], wanted.get(_PREVIOUS)}:",
        "if False:",
        _STATES,
    ),
    Mutant(
        "functions go while jobs run",
        "ops/remove/command.py",
        "if flight and not now:",
        "if False:",
        _REMOVE,
    ),
    Mutant(
        "jobs begin while the last ones are waited for",
        "ops/remove/command.py",
        "        begin_pause(self.clients, waiting.now())\n",
        "",
        _REMOVE,
    ),
    Mutant(
        "somebody else's pause is taken away",
        "ops/pausing.py",
        "if found and found.by == _REMOVE:",
        "if found:",
        _REMOVE,
    ),
    Mutant(
        "a function of somebody else is removed",
        "ops/remove/functions.py",
        "if one and read_marker(one.description)]",
        "if one]",
        _REMOVE,
    ),
    Mutant(
        "a function of somebody else is replaced",
        "ops/deploy/command.py",
        "    if not replace:\n",
        "    if False:\n",
        _STATES,
    ),
    Mutant(
        "records go with the ledger bucket",
        "ops/remove/rest.py",
        "if key not in no_record]",
        "if False]",
        _REMOVE,
    ),
    Mutant(
        "a policy that others have is deleted",
        "ops/remove/rest.py",
        "if policy and not policy.attachments:",
        "if policy:",
        _REMOVE,
    ),
    Mutant(
        "the pause of a removal that was stopped stays",
        "ops/deploy/command.py",
        "    _end_our_pause(configuration)\n",
        "",
        _REMOVE,
    ),
    Mutant(
        "a name that means nothing is let through",
        "ops/configuration/configuration.py",
        "        if name not in known:\n",
        "        if False:\n",
        ("ops/configuration/test_configuration",),
    ),
    Mutant(
        "others on the machine may read the settings",
        "ops/configuration/private.py",
        "            Path(name).chmod(0o600)\n",
        "            Path(name).chmod(0o644)\n",
        ("ops/configuration/test_env_file",),
    ),
    Mutant(
        "a key that is there twice in serverless.yml is let through",
        "ops/manifest/text.py",
        "            if name in seen:\n",
        "            if False:\n",
        ("ops/manifest/test_reading",),
    ),
    Mutant(
        "an error behind an unexpected content type is taken for data",
        "ops/tencent/api.py",
        "        if isinstance(said, dict):\n",
        "        if False:\n",
        ("ops/tencent/test_api",),
    ),
    Mutant(
        "the SDK logs what it sends",
        "ops/tencent/api.py",
        ".setLevel(logging.CRITICAL + 1)",
        ".setLevel(logging.DEBUG)",
        ("ops/tencent/test_api",),
    ),
)
