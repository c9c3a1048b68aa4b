"""What is wrong with a translation, in sentences that say what to do."""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import TYPE_CHECKING

from tests.translations.content import Content, cells, content, numbers, spans
from tests.translations.pairs import PAIRS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.translations.pairs import Pair
    from tests.translations.sections import Section

COMMAND = ".venv/main/bin/python -m tests.translations"
#: Only there in Chinese.
WORDS = "docs/words.zh-CN.md"


def misplaced(pair: Pair) -> list[str]:
    """Sections that only one of the documents has, or that stand elsewhere in the other."""
    english = {section.heading: section.level for section in pair.originals()}
    translated = pair.translations()
    marks = [section.translates[1] if section.translates else "" for section in translated]
    said = [
        f"{pair.chinese}, line {section.line}: below the heading stands no `<!-- en: ? HEADING -->`"
        for section, mark in zip(translated, marks, strict=True)
        if not mark
    ]
    said += [
        f"{pair.english} has a section {name!r} that {pair.chinese} lacks: translate it, "
        f"and write `<!-- en: ? {name} -->` below its heading"
        for name in english
        if name not in marks
    ]
    said += [
        f"{pair.chinese} translates a section {name!r} that {pair.english} no longer has: "
        "take it out, or correct the name"
        for name in marks
        if name and name not in english
    ]
    if said:
        return said
    if marks != list(english):
        first = next(name for name, mark in zip(english, [*marks, ""], strict=False) if name != mark)
        return [f"{pair.chinese} has its sections in another order than {pair.english}, from {first!r} on"]
    return [
        f"{pair.chinese}, line {section.line}: {mark!r} has level {english[mark]} in {pair.english}"
        for section, mark in zip(translated, marks, strict=True)
        if section.level != english[mark]
    ]


def stale(pair: Pair) -> list[tuple[Section, Section]]:
    """English sections that changed since they were translated, each with its translation."""
    originals = {section.heading: section for section in pair.originals()}
    translated = [(section, section.translates) for section in pair.translations()]
    return [
        (originals[mark[1]], section)
        for section, mark in translated
        if mark and mark[1] in originals and mark[0] != originals[mark[1]].digest
    ]


def said_of(pair: Pair, original: Section, translation: Section) -> str:
    """What to do about a section that changed."""
    return (
        f"{pair.english}, line {original.line}: the section {original.heading!r} is not the one that was translated. "
        f"Compare it with {pair.chinese}, line {translation.line}, and change that; "
        f"then `{COMMAND} {original.heading!r}`"
    )


def unlike(pair: Pair) -> Iterator[str]:
    """What in a translation can be seen to differ without reading it."""
    originals = {section.heading: section for section in pair.originals()}
    for section in pair.translations():
        if section.translates and section.translates[1] in originals:
            name = section.translates[1]
            for difference in _differences(pair, content(originals[name].text), content(section.text)):
                yield f"{pair.chinese}, line {section.line}, {name!r}: {difference}"


def _differences(pair: Pair, english: Content, chinese: Content) -> Iterator[str]:
    yield from _uneven("lines of code", english.code, chinese.code)
    if english.code != chinese.code and sorted(english.code) == sorted(chinese.code):
        yield "lines of code are in another order"
    if english.items != chinese.items:
        yield f"{chinese.items} items in lists, and {english.items} in English"
    yield from _uneven("links", _targets(pair, pair.english, english), _targets(pair, pair.chinese, chinese))
    yield from _words(english.prose, chinese.prose)
    sizes = [[_size(table) for table in side.tables] for side in (english, chinese)]
    if sizes[0] != sizes[1]:
        yield f"tables with (rows, columns) {sizes[1]}, and {sizes[0]} in English"
        return
    for ours, theirs in zip(english.tables, chinese.tables, strict=True):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
            for cell, translated in zip(cells(one), cells(other), strict=False):
                for difference in _words(cell, translated):
                    yield f"row {number} of a table: {difference}"


def _words(english: str, chinese: str) -> Iterator[str]:
    yield from _uneven("code", spans(english), spans(chinese))
    if missing := numbers(english) - numbers(chinese):
        yield f"missing numbers: {', '.join(sorted(missing))}"


def _uneven(what: str, english: Iterable[str], chinese: Iterable[str]) -> Iterator[str]:
    ours, theirs = Counter(english), Counter(chinese)
    if missing := sorted(ours - theirs):
        yield f"missing {what}: {', '.join(missing)}"
    if more := sorted(theirs - ours):
        yield f"{what} that the English text does not have: {', '.join(more)}"


def _size(table: list[str]) -> tuple[int, int]:
    return len(table), len(cells(table[0]))


def _targets(pair: Pair, name: str, side: Content) -> list[str]:
    """Where links lead, named by the English documents. Those from the one language to the other do not count."""
    return [found for target in side.links if (found := _named(pair, name, target))]


def _named(pair: Pair, name: str, target: str) -> str:
    path, _, anchor = target.partition("#")
    if "://" in path:
        return target
    file = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    if file == WORDS:
        return ""
    for other in (pair, *PAIRS):
        if file not in (other.english, other.chinese):
            continue
        if other == pair and file != name and not anchor:
            return ""
        in_english = file == other.english
        heading = other.heading(file, anchor)
        strange = "" if in_english == (name == pair.english) else f" in {'English' if in_english else 'Chinese'}"
        return _joined(other.english, heading) + strange
    return _joined(file, anchor)


def _joined(file: str, place: str) -> str:
    return f"{file}#{place}" if place else file
