"""What is typed into a shell, for commands that are shown to be copied."""

from __future__ import annotations

import shlex

from ops.plain import plain


def quoted(text: str) -> str:
    """One word for a shell: in `$'...'`, which bash and zsh know, if something in it cannot be shown."""
    if plain(text) == text:
        return shlex.quote(text)
    return f"$'{''.join(map(_escaped, text))}'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode(errors="surrogatepass"))
