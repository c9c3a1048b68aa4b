"""Which documents there are in Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.checkout import ROOT
from tests.translations.sections import Section, anchors, sections

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Pair:
    """An English document and its translation, by their paths in the repository."""

    english: str
    root: Path = ROOT

    @property
    def chinese(self) -> str:
        """Beside the English one."""
        return self.english.removesuffix(".md") + ".zh-CN.md"

    def text(self, name: str) -> str:
        """What is in one of the two. Line ends stay as they are."""
        return (self.root / name).read_bytes().decode()

    def originals(self) -> list[Section]:
        """The sections of the English document."""
        return sections(self.text(self.english))

    def translations(self) -> list[Section]:
        """The sections of the Chinese one."""
        return sections(self.text(self.chinese))

    def heading(self, name: str, anchor: str) -> str:
        """The English heading that an anchor of one of the two documents stands for; the anchor itself if for none."""
        found = sections(self.text(name))
        names = {section.heading: (section.translates or ("", ""))[1] for section in found}
        headings = [heading for heading in names if anchors(f"# {heading}") == [anchor]]
        if not headings:
            return anchor
        return headings[0] if name == self.english else names[headings[0]]


#: All of them. A document is added here when its translation is there.
PAIRS = [Pair("README.md"), Pair("docs/deploy.md"), Pair("docs/operations.md")]
