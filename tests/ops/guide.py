"""docs/deploy.md taken at its word: what it has one type, and the values that it has one put in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ops.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_CODE = re.compile(r"(?:^ {4}.*\n)+", re.MULTILINE)
_SECTION = re.compile(r"^## (\d+)\. .*\n", re.MULTILINE)


@dataclass(frozen=True)
class Guide:
    """The numbered steps of the page."""

    text: str

    @cached_property
    def _steps(self) -> dict[int, str]:
        numbered, _, _ = self.text.partition("\n## Variants")
        _, *parts = _SECTION.split(numbered)
        return {int(number): step for number, step in zip(parts[::2], parts[1::2], strict=True)}

    def commands(self, step: int) -> list[str]:
        """The command lines of a step, those that go on over several lines put together."""
        blocks = "".join(_CODE.findall(self._steps[step]))
        return [line.strip() for line in re.sub(r"\\\n", " ", blocks).splitlines()]

    def variables(self, step: int) -> dict[str, str]:
        """The variables that the step's table gives a value."""
        return dict(re.findall(r"^\| `(\w+)` \| `([^`]+)`", self._steps[step], re.MULTILINE))

    def example(self, name: str) -> str:
        """The example of the table at the beginning."""
        found = re.search(rf"^\| {re.escape(name)} \| `([^`]+)`", self.text, re.MULTILINE)
        assert found is not None, f"the guide gives no example of {name}"
        return found[1]


GUIDE = Guide((ROOT / "docs" / "deploy.md").read_text())


def made(target: str) -> str:
    """The command line that does the same as `make <target>`."""
    found = re.search(rf"^{target}:.*\n\t@\$\(BIN\)/python -m ops (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert found is not None, f"no such target: {target}"
    return f"./cos-watermark {found[1]}"


def fill_in(env: Path, **values: str) -> None:
    """Give variables of a `.env` file their values; one that is commented out is uncommented."""
    text = env.read_text()
    for name, value in values.items():
        text, found = re.subn(rf"^(?:# )?{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        assert found == 1, f"{name} is in .env {found} times"
    env.write_text(text)


def uncomment(serverless_yml: Path, name: str, value: str) -> None:
    """Uncomment a setting's two lines, and put the value in."""
    text, found = re.subn(
        rf"^( +)# (- key: {name}\b.*)\n +# ( +value: ).+$",
        rf"\1\2\n\1\g<3>{value}",
        serverless_yml.read_text(),
        flags=re.MULTILINE,
    )
    assert found == 1, f"{name} is commented out {found} times"
    serverless_yml.write_text(text)
