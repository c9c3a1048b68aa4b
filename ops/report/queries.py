"""What the report asks the index: its tables and views are in `ops/index/schema.py`.

The results of the time that is wanted, one for each upload, are found once and kept aside until the report is made:
finding them is most of the work. Jobs are counted over all records, since an upload may have several, and each may name
a job that the others do not. `Choice.values` is for the question marks of `CHOOSE` and `JOBS`.
"""

from __future__ import annotations

from dataclasses import dataclass

# For one that had no job of its own, `at` is when an earlier job of the same bytes ended: nobody waited for that.
CHOOSE = """
CREATE TEMP TABLE chosen AS
SELECT name, bucket, key, modified, submitted, at, verdict, applied, reason, text, code, message, problem, size,
    jobs <> '[]' AS worked, CASE WHEN verdict <> 'skipped' AND jobs <> '[]' AND run IS NULL AND at >= modified
    THEN strftime('%s', at) - strftime('%s', modified) END AS since_upload,
    CASE WHEN verdict <> 'skipped' AND jobs <> '[]' AND at >= submitted
    THEN strftime('%s', at) - strftime('%s', submitted) END AS since_job
FROM results WHERE at >= ? AND at < ? AND substr(key, 1, length(?)) = ?
"""

COUNTS = """
SELECT verdict, COUNT(*), SUM(applied), SUM(NOT worked AND verdict IN ('found', 'none')) FROM chosen GROUP BY verdict
"""
# Python knows the years from 1 to 9999.
DAYS = "SELECT date(at), verdict, COUNT(*) FROM chosen WHERE date(at) BETWEEN '0001' AND '9999-12-31' GROUP BY 1, 2"
# A job belongs to the day of the first record that names it.
JOBS = """
SELECT CASE WHEN date(first) BETWEEN '0001' AND '9999-12-31' THEN date(first) ELSE '' END, COUNT(*) FROM (
    SELECT MIN(one.at) AS first FROM (SELECT at, jobs FROM records
        WHERE at >= ? AND at < ? AND substr(key, 1, length(?)) = ?
    ) AS one, json_each(one.jobs) AS job GROUP BY job.value)
GROUP BY 1
"""
BUCKETS = "SELECT DISTINCT bucket FROM chosen ORDER BY bucket"

# Beside MAX(), SQLite takes the other columns from the row that has it: https://www.sqlite.org/lang_select.html#bareagg.
FAILURES = """
SELECT COALESCE(code, ''), COUNT(*) AS count, key, COALESCE(message, ''), MAX(at) FROM chosen
WHERE verdict = 'failed' GROUP BY 1 ORDER BY count DESC, 1
"""
REASONS = """
SELECT COALESCE(reason, ''), COUNT(*) AS count, key, COALESCE(problem, message, ''), MAX(at) FROM chosen
WHERE NOT applied GROUP BY 1 ORDER BY count DESC, 1
"""


@dataclass(frozen=True)
class Span:
    """How long it took until the result: how many were measured, the one at a place by length, the slowest."""

    measured: str
    at_place: str
    slowest: str


SINCE_UPLOAD = Span(
    "SELECT COUNT(since_upload) FROM chosen",
    "SELECT since_upload FROM chosen WHERE since_upload IS NOT NULL ORDER BY 1 LIMIT 1 OFFSET ?",
    """SELECT bucket, key, modified, since_upload FROM chosen WHERE since_upload IS NOT NULL
       ORDER BY since_upload DESC, at DESC, name LIMIT ?""",
)
SINCE_JOB = Span(
    "SELECT COUNT(since_job) FROM chosen",
    "SELECT since_job FROM chosen WHERE since_job IS NOT NULL ORDER BY 1 LIMIT 1 OFFSET ?",
    """SELECT bucket, key, submitted, since_job FROM chosen WHERE since_job IS NOT NULL
       ORDER BY since_job DESC, at DESC, name LIMIT ?""",
)

ROWS = """
SELECT at, bucket, key, verdict, applied, COALESCE(text, ''), COALESCE(code, reason, ''),
    COALESCE(message, problem, ''), size, since_upload
FROM chosen ORDER BY at DESC, name LIMIT ?
"""
IN_FLIGHT = "SELECT COUNT(*) FROM in_flight WHERE substr(COALESCE(key, ''), 1, length(?)) = ?"
WAITING = "SELECT COUNT(*) FROM waiting WHERE substr(COALESCE(key, ''), 1, length(?)) = ?"
