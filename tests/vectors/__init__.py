"""The test vectors of docs/formats.md: `python -m tests.vectors` writes docs/vectors.json again."""
