"""Writes docs/vectors.json again."""

from __future__ import annotations

from tests.vectors.document import PATH, rendered

if __name__ == "__main__":
    PATH.write_text(rendered(), encoding="utf-8")
