"""Guards of what an operator is told before anything costs money."""

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        "the doctor is content with a bill that nothing bounds",
        "ops/doctor/settings.py",
        "if case.settings.max_jobs_per_day is None:",
        "if False:",
        ("ops/test_doctor_settings",),
    ),
    Mutant(
        "the largest bill is not said before deploying",
        "ops/deploy/command.py",
        "    typer.echo(_bill(configuration))\n",
        "",
        ("ops/deploy/test_deploy",),
    ),
    Mutant(
        "a bill that nothing bounds is no warning",
        "ops/deploy/command.py",
        '"Warning" if settings.max_jobs_per_day is None else "Largest bill"',
        '"Largest bill"',
        ("ops/deploy/test_deploy",),
    ),
    Mutant(
        "the largest size of a video is taken to bound the bill",
        "ops/bill.py",
        "return f\"{variable('max_size')} limits bytes, not minutes\"",
        'return "no setting limits their length"',
        ("ops/test_bill",),
    ),
    Mutant(
        "more variables than SCF takes are deployed",
        "ops/variables.py",
        "if sum(sizes.values()) > MAX_ENVIRONMENT:",
        "if False:",
        ("ops/configuration/test_configuration",),
    ),
    Mutant(
        "variables of exactly the size that SCF takes are refused",
        "ops/variables.py",
        "> MAX_ENVIRONMENT:",
        ">= MAX_ENVIRONMENT:",
        ("ops/configuration/test_configuration",),
    ),
)
