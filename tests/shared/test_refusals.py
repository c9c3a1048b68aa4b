"""What an error reply means for us, by its code, or else by its status."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cloud import refusals
from shared.cloud.refusals import refusal
from shared.errors import (
    BlockedError,
    Cause,
    CloudError,
    ConflictError,
    NotFoundError,
    RejectedError,
    ServerError,
    ThrottledError,
)
from tests.shared.samples import any_text


def meaning(status: int, code: str = "") -> CloudError:
    return refusal(Cause("PUT cos b/k", status, code, "why", "id"))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        # https://cloud.tencent.com/document/product/436/7730
        (403, "AccessDenied", BlockedError),
        (400, "ExpiredToken", BlockedError),
        (403, "InvalidAccessKeyId", BlockedError),
        (403, "SignatureDoesNotMatch", BlockedError),
        (403, "RequestTimeTooSkewed", BlockedError),
        (403, "InvalidObjectState", BlockedError),
        (409, "InvalidObjectState", BlockedError),
        (409, "ObjectLocked", BlockedError),
        (404, "NoSuchBucket", BlockedError),
        (404, "NoSuchKey", NotFoundError),
        (404, "NoSuchCopySource", NotFoundError),
        (404, "NoSuchVersion", NotFoundError),
        (409, "FileAlreadyExists", ConflictError),
        (412, "PreconditionFailed", ConflictError),
        (400, "EntityTooLarge", RejectedError),
        (400, "InvalidArgument", RejectedError),
        (400, "KeyTooLong", RejectedError),
        (405, "MethodNotAllowed", RejectedError),
        (451, "UnavailableForLegalReasons", RejectedError),
        (400, "RequestTimeout", ServerError),
        (500, "InternalError", ServerError),
        (503, "ServiceUnavailable", ServerError),
        (503, "SlowDown", ThrottledError),
        (503, "KmsFreqControl", ThrottledError),
        # https://www.tencentcloud.com/document/product/1045/43611
        (401, "AccessDenied", BlockedError),
        (400, "CIRoleNotExist", BlockedError),
        (400, "MediaBucketUnBinded", BlockedError),
        (404, "QueueNotFound", BlockedError),
        (400, "InvalidContent", RejectedError),
        (429, "TooManyRequests", ThrottledError),
    ],
)
def test_documented_codes(status: int, code: str, kind: type[CloudError]) -> None:
    assert type(meaning(status, code)) is kind


@pytest.mark.parametrize("code", ["", "NeverHeardOf"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, BlockedError),
        (403, BlockedError),
        (404, NotFoundError),
        (409, BlockedError),
        (411, BlockedError),
        (412, ConflictError),
        (429, ThrottledError),
        (451, RejectedError),
        (500, ServerError),
        (502, ServerError),
        (503, ServerError),
        (200, ServerError),
        (304, ServerError),
    ],
)
def test_a_reply_without_a_code_we_know_is_judged_by_its_status(status: int, code: str, kind: type[CloudError]) -> None:
    assert type(meaning(status, code)) is kind


def test_a_400_is_final_for_a_head_and_mendable_with_a_code_nobody_knows() -> None:
    assert type(meaning(400, "")) is RejectedError
    assert type(meaning(400, "NeverHeardOf")) is BlockedError


def test_a_code_counts_more_than_the_status_it_came_with() -> None:
    # A copy that fails on the way says so in the body of a 200.
    for status in (200, 400, 403, 404, 500, 503):
        assert type(meaning(status, "SlowDown")) is ThrottledError


def test_every_code_is_in_one_table_only() -> None:
    # Reads the tables themselves: a code that stood in two would silently mean whichever is asked first.
    tables = [value for name, value in vars(refusals).items() if name.startswith("_") and name[1:].isupper()]
    codes = Counter(code for table in tables if isinstance(table, dict | set) for code in table)

    assert len(codes) > 30
    assert [code for code, times in codes.items() if times > 1] == []


def test_whoever_has_to_mend_something_is_told_what() -> None:
    for code in (*refusals._MENDABLE, "NeverHeardOf"):
        error = meaning(403, code)
        assert isinstance(error, BlockedError)
        assert error.advice
        assert error.advice in str(error)


@given(st.integers(100, 599), any_text)
def test_every_reply_means_something_and_keeps_its_cause(status: int, code: str) -> None:
    cause = Cause("PUT cos b/k", status, code, "why", "id")

    error = refusal(cause)

    assert error.cause is cause
    assert type(error) in CloudError.__subclasses__()
