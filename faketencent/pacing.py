"""Replies that come slowly: late, byte by byte, or kept alive with white space until the document is ready.

A reply says only how it is paced; the front ends let the time pass. In process that is the cloud's own clock, over
HTTP it is real time, which `serve` can make shorter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds to wait, and the bytes that come then.
Step: TypeAlias = tuple[float, bytes]


@dataclass(frozen=True)
class Pacing:
    """How slowly a reply comes; all times are in seconds.

    Nothing comes for `before`. Then `head` passes before each byte of the status line and the headers, and `body`
    before each `piece` bytes of the body. In front of the body there is white space for `white_space`, one byte
    every `beat`: so COS keeps the connection of a slow copy alive, after it has said 200.
    """

    before: float = 0
    head: float = 0
    body: float = 0
    piece: int = 1
    white_space: float = 0
    beat: float = 5

    @property
    def knows_length(self) -> bool:
        """Whether the length of the body can be said before it comes."""
        return not self.white_space

    def head_steps(self, head: bytes) -> Iterator[Step]:
        """The status line and the headers."""
        yield self.before, b""
        yield from _pieces(head, self.head, 1)

    def body_steps(self, body: bytes) -> Iterator[Step]:
        """The body, with whatever is in front of it."""
        left = self.white_space
        while left > 0:
            yield min(left, self.beat), b" "
            left -= self.beat
        yield from _pieces(body, self.body, self.piece)

    def scaled(self, factor: float) -> Pacing:
        """The same steps, with every wait multiplied."""
        return Pacing(
            before=self.before * factor,
            head=self.head * factor,
            body=self.body * factor,
            piece=self.piece,
            white_space=self.white_space * factor,
            beat=self.beat * factor,
        )


def _pieces(text: bytes, pause: float, size: int) -> Iterator[Step]:
    if not pause:
        yield 0, text
        return
    for start in range(0, len(text), size):
        yield pause, text[start : start + size]
