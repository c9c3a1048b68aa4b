"""The Chinese documents: which state of the English text each section follows, and what a machine can compare."""
