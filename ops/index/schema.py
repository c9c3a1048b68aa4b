"""The tables and views of the index: docs/commands.md explains them, for those who open the file with another tool.

All times are text: UTC, ISO 8601, so that they sort. Yes and no are 1 and 0. What is not known is NULL.
"""

from __future__ import annotations

#: Kept in the file as `user_version`; a file of another version is made again.
VERSION = 1
#: The columns of `records` that come from a result record, in its order; the others say where it lies.
RECORD_COLUMNS = (
    "upload", "region", "bucket", "key", "crc64", "size", "modified", "at", "verdict", "applied", "reason", "text",
    "unattributed", "code", "message", "problem", "job", "submitted", "started", "jobs", "run", "attempts", "seal",
)  # fmt: skip

SCHEMA = """
-- How current the index is: `updated` is when the ledger was last read, `complete` when all of it was last read.
-- `metadata_prefix` is the prefix with which the metadata fields of objects were read.
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Every result record, by its name in the ledger. `jobs` is a JSON list.
CREATE TABLE records (
    name TEXT PRIMARY KEY, etag TEXT NOT NULL,
    upload TEXT NOT NULL, region TEXT NOT NULL, bucket TEXT NOT NULL, key TEXT NOT NULL, crc64 TEXT,
    size INTEGER NOT NULL, modified TEXT NOT NULL, at TEXT NOT NULL, verdict TEXT NOT NULL, applied INTEGER NOT NULL,
    reason TEXT, text TEXT, unattributed TEXT, code TEXT, message TEXT, problem TEXT, job TEXT, submitted TEXT,
    started TEXT, jobs TEXT NOT NULL, run TEXT, attempts INTEGER NOT NULL, seal TEXT
) WITHOUT ROWID;
CREATE INDEX records_by_upload ON records (upload, applied DESC, job IS NULL, at DESC);
CREATE INDEX records_by_object ON records (bucket, key, at);
CREATE INDEX records_by_time ON records (at, upload);

-- One record for each upload. Of several, first one that is applied, then one with a job, then the newest.
CREATE VIEW results AS
    SELECT * FROM records AS one WHERE name = (
        SELECT name FROM records AS other WHERE other.upload = one.upload
        ORDER BY applied DESC, job IS NULL, at DESC, name LIMIT 1);

-- The latest result of each object: that of its newest upload, and of several the newest.
CREATE VIEW latest AS
    SELECT * FROM results AS one WHERE NOT EXISTS (
        SELECT 1 FROM results AS other WHERE other.bucket = one.bucket AND other.key = one.key
        AND (other.modified, other.at, other.name) > (one.modified, one.at, one.name));

-- All attempts of all claims, as the ledger has them. `verdict`, `text` and `code` are of a result that could not be
-- written onto the object yet.
CREATE TABLE claims (
    name TEXT PRIMARY KEY, etag TEXT NOT NULL, written TEXT NOT NULL,
    upload TEXT NOT NULL, number INTEGER NOT NULL, region TEXT, bucket TEXT, key TEXT, crc64 TEXT, size INTEGER,
    modified TEXT, since TEXT, job TEXT, held TEXT, refused_since TEXT, refusal TEXT, verdict TEXT, text TEXT,
    code TEXT, unwritten_since TEXT, problem TEXT, chain INTEGER, run TEXT, asked_by TEXT
) WITHOUT ROWID;

CREATE INDEX claims_by_upload ON claims (upload, number);
CREATE INDEX claims_by_object ON claims (bucket, key);

-- One row for each upload in flight: its newest attempt.
CREATE VIEW in_flight AS
    SELECT * FROM claims AS one WHERE NOT EXISTS (
        SELECT 1 FROM claims AS other WHERE other.upload = one.upload AND other.number > one.number);

-- The waiting entries: what operators asked for and the timer has not taken up yet.
CREATE TABLE waiting (
    name TEXT PRIMARY KEY, etag TEXT NOT NULL, run TEXT NOT NULL,
    region TEXT, bucket TEXT, key TEXT, again INTEGER, by TEXT, at TEXT
) WITHOUT ROWID;
CREATE INDEX waiting_by_object ON waiting (bucket, key);

-- The videos in the buckets, each read by one HEAD. `upload` is the id of the upload that is there now. `verdict`,
-- `text`, `code`, `at`, `job` and `seal` are the metadata fields on the object, which others may have written too:
-- `verify` tells whether a seal is ours. `obstacle` is why the object cannot be checked as it is.
CREATE TABLE objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, region TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
    size INTEGER NOT NULL, storage TEXT NOT NULL, upload TEXT NOT NULL, crc64 TEXT NOT NULL,
    verdict TEXT, text TEXT, code TEXT, at TEXT, job TEXT, seal TEXT, obstacle TEXT,
    PRIMARY KEY (bucket, key)
) WITHOUT ROWID;

-- The videos that were never checked: no seal, no record of this upload, no claim, no waiting entry.
CREATE VIEW never AS
    SELECT * FROM objects AS one WHERE seal IS NULL
    AND NOT EXISTS (SELECT 1 FROM records WHERE records.upload = one.upload)
    AND NOT EXISTS (SELECT 1 FROM claims WHERE claims.bucket = one.bucket AND claims.key = one.key)
    AND NOT EXISTS (SELECT 1 FROM waiting WHERE waiting.bucket = one.bucket AND waiting.key = one.key);
"""
