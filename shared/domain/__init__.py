"""What it is about; no I/O."""
