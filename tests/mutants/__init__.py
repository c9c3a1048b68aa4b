"""Guards taken away one by one, each with the tests that should notice: `make test-mutants`.

A mutant that survives is a promise that nothing proves. `test_mutants.py` sees to it that each still fits the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutants import (
    asking,
    choosing,
    claims,
    deciding,
    deploying,
    limit,
    logs,
    operating,
    pausing,
    reading,
    spending,
    telling,
    ticks,
    writing,
)
from tests.mutants.mutant import ROOT, Mutant

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MUTANTS", "ROOT", "Mutant"]

MUTANTS: Sequence[Mutant] = (
    *choosing.MUTANTS,
    *claims.MUTANTS,
    *deciding.MUTANTS,
    *limit.MUTANTS,
    *writing.MUTANTS,
    *reading.MUTANTS,
    *telling.MUTANTS,
    *spending.MUTANTS,
    *pausing.MUTANTS,
    *asking.MUTANTS,
    *ticks.MUTANTS,
    *deploying.MUTANTS,
    *operating.MUTANTS,
    *logs.MUTANTS,
)
