"""What is likely in one schedule; each has its own, so that no kind of trouble drowns the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.schedules.actions import Action, Kind

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

#: How likely each kind is, compared with the others that are possible; troubles and steps have rules of their own.
_WEIGHTS = {Kind.PEOPLE: 2, Kind.EVENT: 4, Kind.CALLBACK: 3, Kind.TICK: 8, Kind.START: 2, Kind.FINISH: 3, Kind.TIME: 4}
_TROUBLES = (Kind.STRIKE, Kind.FAINT, Kind.FORGET, Kind.REMEMBER, Kind.HIDE)


@dataclass(frozen=True)
class Mood:
    """`haste`: how long a run that is on its way goes on before others get their turn; `trouble`: how soon it comes.

    `quiet`: callbacks come late or never, so that the timer has something to do.
    """

    haste: float
    trouble: float
    quiet: bool

    @classmethod
    def of(cls, rng: random.Random) -> Mood:
        """One of many."""
        return cls(
            haste=rng.choice([0.2, 0.5, 0.8, 0.95]), trouble=rng.choice([0.05, 0.15, 0.4]), quiet=rng.random() < 0.5
        )

    def choose(self, possible: Sequence[Action], rng: random.Random) -> Action | None:
        """What happens next; `None` if nothing can."""
        kinds: dict[Kind, list[Action]] = {}
        for action in possible:
            kinds.setdefault(action.kind, []).append(action)
        if not kinds:
            return None
        return rng.choice(kinds[self._kind(kinds, rng)])

    def _kind(self, kinds: dict[Kind, list[Action]], rng: random.Random) -> Kind:
        troubles = [kind for kind in _TROUBLES if kind in kinds and (kind is not Kind.FAINT or rng.random() < 0.15)]
        if troubles and rng.random() < self.trouble:
            return Kind.STRIKE if Kind.STRIKE in kinds and rng.random() < 0.7 else rng.choice(troubles)
        usual = [kind for kind in _WEIGHTS if kind in kinds and not (kind is Kind.CALLBACK and self._is_late(rng))]
        if Kind.STEP not in kinds:
            return rng.choices(usual, [_WEIGHTS[kind] for kind in usual])[0] if usual else next(iter(kinds))
        # Who is on his way when much time passes is killed: so it mostly passes when nobody is.
        meanwhile = [kind for kind in usual if kind is not Kind.TIME or rng.random() < 0.01]
        if not meanwhile or rng.random() < self.haste:
            return Kind.STEP
        return rng.choices(meanwhile, [_WEIGHTS[kind] for kind in meanwhile])[0]

    def _is_late(self, rng: random.Random) -> bool:
        return self.quiet and rng.random() < 0.95
