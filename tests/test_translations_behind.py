"""What is noticed of a translation that is behind, on two small documents; and of Chinese text that is set badly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.translations.__main__ import ALL, main
from tests.translations.pairs import Pair
from tests.translations.typesetting import flaws

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

ENGLISH = """# Tool

[中文](tool.zh-CN.md)

It counts to 10.

    number ──▶ next number

## Install

    make install NAME=x  # as you like

```sh
# not a heading
./tool --start
```

| Setting | Default |
|---|---|
| `SPEED` | 5 |

### On a server

See [install](#install).

## Remove

1. Stop it.
2. Delete it.
"""

CHINESE = """# 工具
<!-- en: ? Tool -->

[English](tool.md)

> 本文对应 2026-01-01 的英文版，如有出入，以英文版为准。

它数到 10。

    数 ──▶ 下一个数

## 安装
<!-- en: ? Install -->

    make install NAME=x  # 随您喜欢

```sh
# 不是标题
./tool --start
```

| 配置 | 默认值 |
|---|---|
| `SPEED` | 5 |

### 在服务器上
<!-- en: ? On a server -->

见[安装](#安装)。

## 移除
<!-- en: ? Remove -->

1. 停止。
2. 删除。
"""


class Translated:
    """Two small documents, of which the Chinese one has been compared with the English one."""

    def __init__(self, folder: Path) -> None:
        self.pair = Pair("tool.md", folder)
        self.write(ENGLISH, CHINESE)
        self.renew(ALL)

    def write(self, english: str, chinese: str) -> None:
        (self.pair.root / "tool.md").write_bytes(english.encode())
        (self.pair.root / "tool.zh-CN.md").write_bytes(chinese.encode())

    @property
    def chinese(self) -> str:
        return self.pair.text("tool.zh-CN.md")

    def renew(self, *names: str) -> tuple[int, list[str]]:
        said: list[str] = []
        code = main(names, [self.pair], said.append, today="2026-02-03")
        return code, said

    def change_english(self, old: str, new: str) -> list[str]:
        assert old in ENGLISH
        self.write(ENGLISH.replace(old, new), self.chinese)
        return self.renew()[1]

    def change_chinese(self, old: str, new: str) -> list[str]:
        assert old in self.chinese
        self.write(ENGLISH, self.chinese.replace(old, new))
        return self.renew()[1]


@pytest.fixture
def translated(tmp_path: Path) -> Translated:
    return Translated(tmp_path)


def test_nothing_is_said_of_a_translation_that_was_compared(translated: Translated) -> None:
    assert translated.renew() == (0, [])
    assert "> 本文对应 2026-02-03 的英文版" in translated.chinese
    assert "<!-- en: ?" not in translated.chinese


def test_how_lines_are_wrapped_and_ended_makes_no_difference(translated: Translated) -> None:
    translated.write(ENGLISH.replace("counts to", "counts\nto").replace("\n", "\r\n"), translated.chinese)
    assert translated.renew() == (0, [])

    translated.write(ENGLISH, translated.chinese.replace("\n", "\r\n"))
    assert translated.renew() == (0, [])
    assert translated.chinese.count("\r\n") == CHINESE.count("\n")


@pytest.mark.parametrize(
    ("old", "new", "section"),
    [
        ("It counts", "It never counts", "Tool"),
        ("# as you like", "# as I like", "Install"),
        ("# not a heading", "# still none", "Install"),
        ("See [install]", "Look at [install]", "On a server"),
        ("Delete it.", "Keep it.", "Remove"),
    ],
)
def test_a_changed_section_is_named(translated: Translated, old: str, new: str, section: str) -> None:
    said = translated.change_english(old, new)

    assert len(said) == 1
    assert f"the section {section!r} is not the one that was translated" in said[0]
    assert f".venv/main/bin/python -m tests.translations {section!r}" in said[0]


def test_only_what_is_named_is_taken_for_compared(translated: Translated) -> None:
    translated.write(ENGLISH.replace("Stop it", "Halt it").replace("It counts", "It can count"), translated.chinese)

    code, said = translated.renew("Remove")

    assert code == 1
    assert said[0].startswith("tool.zh-CN.md: taken for compared: 'Remove', now ")
    assert "'Tool' is not the one" in said[1]
    assert translated.renew("Remove") == (1, [said[1], "no section 'Remove' has changed"])
    assert translated.renew(ALL)[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("## Remove\n", "## Update\n\nPull.\n\n## Remove\n", "tool.md has a section 'Update' that tool.zh-CN.md lacks"),
        ("## Remove\n", "## Uninstall\n", "translates a section 'Remove' that tool.md no longer has"),
        ("### On a server", "## On a server", "'On a server' has level 2 in tool.md"),
    ],
)
def test_a_section_that_came_or_went_is_named(translated: Translated, old: str, new: str, sentence: str) -> None:
    assert any(sentence in said for said in translated.change_english(old, new))


def test_sections_in_another_order_are_seen(translated: Translated) -> None:
    first, second = ENGLISH.index("## Install"), ENGLISH.index("## Remove")
    translated.write(ENGLISH[:first] + ENGLISH[second:] + "\n" + ENGLISH[first:second], translated.chinese)

    assert translated.renew() == (
        1,
        ["tool.zh-CN.md has its sections in another order than tool.md, from 'Remove' on"],
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("make install", "make instal", "missing lines of code: make install NAME=x"),
        ("./tool --start", "./tool --stop", "lines of code that the English text does not have: ./tool --stop"),
        ("`SPEED`", "`SPEAD`", "row 3 of a table: missing code: SPEED"),
        ("| 5 |", "| 50 |", "row 3 of a table: missing numbers: 5"),
        ("数到 10", "数到 100", "missing numbers: 10"),
        ("| `SPEED` | 5 |\n", "", "tables with (rows, columns) [(2, 2)], and [(3, 2)] in English"),
        ("(#安装)", "(#移除)", "missing links: tool.md#Install"),
        ("(#安装)", "(tool.md#install)", "links that the English text does not have: tool.md#Install in English"),
        ("2. 删除。\n", "", "1 items in lists, and 2 in English"),
        (" Remove -->", " -->", "below the heading stands no `<!-- en: ? HEADING -->`"),
    ],
)
def test_what_the_translation_has_otherwise_is_seen(translated: Translated, old: str, new: str, sentence: str) -> None:
    assert any(sentence in said for said in translated.change_chinese(old, new))


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("使用SCF 部署。", "a space is missing"),
        ("使用 `deploy`部署。", "a space is missing"),
        ("先部署,再上传。", "half-width punctuation"),
        ("**注意：**不要删除。", "GitHub shows the asterisks"),
        ("**[认领单](claims.md)**不要删除。", "GitHub shows the asterisks"),
        ("一行在句子\n中间断开。", "a line that goes on ends within a sentence"),
    ],
)
def test_what_a_typesetter_would_correct_is_seen(text: str, flaw: str) -> None:
    assert [said.startswith(flaw) for said in flaws(text)] == [True]


def test_well_set_text_has_no_flaw() -> None:
    text = "**注意**：*日志查询*中有 `job`，见 [README](README.md)。\n下一句（`a.b`）。"
    assert list(flaws(f"{text}\n\n    make test中\n\n- 一项\n- 二项")) == []
