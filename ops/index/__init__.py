"""What the ledger and the video buckets hold, kept in an SQLite file for questions; it can be deleted at any time."""
