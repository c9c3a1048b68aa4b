"""HTML that cannot be broken by what is in it: every text is escaped, unless a function here made it."""

from __future__ import annotations

import html
import json
import unicodedata
from dataclasses import dataclass

#: Elements without content: https://html.spec.whatwg.org/multipage/syntax.html#void-elements.
_VOID = ("col", "input", "link", "meta", "rect", "line")
#: What no page may hold, or shows as nothing: controls, halves of pairs, and what Unicode keeps for itself.
_UNSHOWN = ("Cc", "Cs", "Cn")


@dataclass(frozen=True)
class Html:
    """Markup, made by `tag`, `joined` or `verbatim`."""

    text: str


def shown(text: str) -> str:
    """The text, with a sign that can be seen for each character that a page cannot show."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(one) in _UNSHOWN else one for one in text)


def tag(name: str, /, *children: Html | str, **attributes: str | float | bool) -> Html:
    """An element. `class_` is the attribute `class`, `data_by` is `data-by`; one that is `False` is left out."""
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>" if name not in ("rect", "line") else f"<{name}{written}/>")
    return Html(f"<{name}{written}>{joined(*children).text}</{name}>")


def joined(*parts: Html | str) -> Html:
    """One after the other."""
    return Html("".join(part.text if isinstance(part, Html) else html.escape(shown(part)) for part in parts))


def foreign(text: str, **attributes: str) -> Html:
    """A text of somebody else's. Whatever direction its script or its control characters give it ends with it."""
    return tag("bdi", text, **attributes)


def key(text: str) -> Html:
    """The key of an object. It is a path, which begins at the left in any script."""
    return foreign(text, class_="key", dir="ltr")


def verbatim(name: str, source: str, **attributes: str) -> Html:
    """Our own CSS or JavaScript."""
    assert "</" not in source  # noqa: S101 - it would end too early: a mistake of ours
    opened = tag(name, **attributes).text.removesuffix(f"</{name}>")
    return Html(f"{opened}{source}</{name}>")


def data(identity: str, value: object) -> Html:
    """A JSON document for the page's script, in ASCII; nothing in it can end the element or begin a comment."""
    text = json.dumps(value, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return verbatim("script", text, type="application/json", id=identity)


def _attribute(name: str, value: str | float | bool) -> str:  # noqa: FBT001 - it is the attribute's value
    if value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(shown(str(value)))}"'
