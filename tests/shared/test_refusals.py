"""What an error reply means for us, by its code, or else by its status."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cloud.refusals import TABLE, About, meaning_of, refusal
from shared.errors import (
    BlockedError,
    Cause,
    CloudError,
    ConflictError,
    GarbledReplyError,
    NoReplyError,
    NotFoundError,
    RejectedError,
    ServerError,
    Service,
    ThrottledError,
)
from tests.shared.samples import any_text

COS, CI, TDMQ = Service.COS, Service.CI, Service.TDMQ
SETUP, CREDENTIALS, MONEY, OBJECT = About.SETUP, About.CREDENTIALS, About.MONEY, About.OBJECT
MOMENT, CONDITION, MISSING = About.MOMENT, About.CONDITION, About.MISSING


def cause_of(service: Service | None, status: int, code: str = "", message: str = "why") -> Cause:
    return Cause("PUT cos b/k", status, code, message, "id", service)


#: Who says it, with which status and code; what it is about, which error it is, and a word of the remedy.
LINES: list[tuple[Service, int, str, About, type[CloudError], str]] = [
    # https://cloud.tencent.com/document/product/436/7730
    (COS, 403, "AccessDenied", SETUP, BlockedError, "cos-watermark policy"),
    (COS, 404, "NoSuchBucket", SETUP, BlockedError, "bucket exists"),
    (COS, 451, "DomainAuditFailed", SETUP, BlockedError, "domain"),
    (COS, 400, "ExpiredToken", CREDENTIALS, BlockedError, "credentials"),
    (COS, 403, "InvalidAccessKeyId", CREDENTIALS, BlockedError, "credentials"),
    (COS, 403, "SignatureDoesNotMatch", CREDENTIALS, BlockedError, "credentials"),
    (COS, 403, "Request has expired", CREDENTIALS, BlockedError, "credentials"),
    (COS, 403, "RequestTimeTooSkewed", CREDENTIALS, BlockedError, "clock"),
    (COS, 402, "PaymentRequired", MONEY, BlockedError, "Pay"),
    (COS, 403, "InvalidObjectState", OBJECT, BlockedError, "restore"),
    (COS, 409, "InvalidObjectState", OBJECT, BlockedError, "restore"),
    (COS, 409, "ObjectLocked", OBJECT, BlockedError, "retention"),
    (COS, 400, "EntityTooLarge", OBJECT, RejectedError, ""),
    (COS, 400, "InvalidArgument", OBJECT, RejectedError, ""),
    (COS, 400, "InvalidContent", OBJECT, RejectedError, ""),
    (COS, 400, "InvalidCopySource", OBJECT, RejectedError, ""),
    (COS, 400, "InvalidObject", OBJECT, RejectedError, ""),
    (COS, 400, "InvalidRequest", OBJECT, RejectedError, ""),
    (COS, 400, "InvalidURI", OBJECT, RejectedError, ""),
    (COS, 400, "KeyTooLong", OBJECT, RejectedError, ""),
    (COS, 400, "MalformedXML", OBJECT, RejectedError, ""),
    (COS, 400, "MetadataTooLarge", OBJECT, RejectedError, ""),
    (COS, 405, "MethodNotAllowed", OBJECT, RejectedError, ""),
    (COS, 400, "NotSupportedStorageClass", OBJECT, RejectedError, ""),
    (COS, 400, "SsecDecryptHeaderInvalid", OBJECT, RejectedError, ""),
    (COS, 451, "UnavailableForLegalReasons", OBJECT, RejectedError, ""),
    (COS, 400, "RequestTimeout", MOMENT, ServerError, ""),
    (COS, 500, "InternalError", MOMENT, ServerError, ""),
    (COS, 503, "ServiceUnavailable", MOMENT, ServerError, ""),
    (COS, 503, "KmsFreqControl", MOMENT, ThrottledError, ""),
    (COS, 503, "FreqControl", MOMENT, ThrottledError, ""),
    (COS, 503, "RequestLimitExceeded", MOMENT, ThrottledError, ""),
    (COS, 503, "SlowDown", MOMENT, ThrottledError, ""),
    (COS, 409, "FileAlreadyExists", CONDITION, ConflictError, ""),
    (COS, 412, "PreconditionFailed", CONDITION, ConflictError, ""),
    (COS, 404, "NoSuchCopySource", MISSING, NotFoundError, ""),
    (COS, 404, "NoSuchKey", MISSING, NotFoundError, ""),
    (COS, 404, "NoSuchResource", MISSING, NotFoundError, ""),
    (COS, 404, "NoSuchVersion", MISSING, NotFoundError, ""),
    # https://www.tencentcloud.com/document/product/1045/43611
    (CI, 401, "AccessDenied", SETUP, BlockedError, "cos-watermark policy"),
    (CI, 403, "UnauthorizedOperation", SETUP, BlockedError, "cos-watermark policy"),
    (CI, 400, "CIRoleNotExist", SETUP, BlockedError, "roleName=CI_QCSRole"),
    (CI, 400, "MediaBucketUnBinded", SETUP, BlockedError, "Bind the bucket"),
    (CI, 400, "MediaBucketNotBind", SETUP, BlockedError, "Bind the bucket"),
    (CI, 400, "BucketUnBinded", SETUP, BlockedError, "Bind the bucket"),
    (CI, 404, "QueueNotFound", SETUP, BlockedError, "WATERMARK_QUEUE_ID"),
    (CI, 400, "InvalidArgument", SETUP, BlockedError, "WATERMARK_CALLBACK_URL"),
    (CI, 400, "InvalidRequest", SETUP, BlockedError, "WATERMARK_QUEUE_ID"),
    (CI, 400, "InvalidContent", SETUP, BlockedError, "WATERMARK_MQ_NAME"),
    (CI, 400, "InvalidContentType", SETUP, BlockedError, "WATERMARK_MQ_REGION"),
    (CI, 400, "InvalidUrl", SETUP, BlockedError, "WATERMARK_CALLBACK_URL"),
    (CI, 400, "MalformedXML", SETUP, BlockedError, "WATERMARK_MQ_MODE"),
    (CI, 400, "MissingContent", SETUP, BlockedError, "WATERMARK_CALLBACK_URL"),
    (CI, 451, "UnavailableForLegalReasons", SETUP, BlockedError, "message centre"),
    (CI, 451, "DomainAuditFailed", SETUP, BlockedError, "domain"),
    (CI, 401, "SignatureExpired", CREDENTIALS, BlockedError, "credentials"),
    (CI, 401, "SecretidNotExist", CREDENTIALS, BlockedError, "credentials"),
    (CI, 401, "InvalidAuthorization", CREDENTIALS, BlockedError, "credentials"),
    (CI, 401, "MissingAuthorization", CREDENTIALS, BlockedError, "credentials"),
    (CI, 402, "PaymentRequired", MONEY, BlockedError, "Pay"),
    (CI, 402, "BalanceNotEnough", MONEY, BlockedError, "Pay"),
    (CI, 429, "TooManyRequests", MOMENT, ThrottledError, ""),
    # https://cloud.tencent.com/document/product/1496/70948
    (TDMQ, 200, "4100", CREDENTIALS, BlockedError, "credentials"),
    (TDMQ, 200, "4440", SETUP, BlockedError, "WATERMARK_MQ_NAME"),
    (TDMQ, 200, "4420", MOMENT, ThrottledError, ""),
    (TDMQ, 200, "4480", MOMENT, ThrottledError, ""),
]


@pytest.mark.parametrize(("service", "status", "code", "about", "kind", "word"), LINES)
def test_every_line_of_the_table(
    service: Service, status: int, code: str, about: About, kind: type[CloudError], word: str
) -> None:
    cause = cause_of(service, status, code)

    error = refusal(cause)

    assert (type(error), meaning_of(cause).about) == (kind, about)
    assert word in error.advice
    assert error.advice in str(error)
    assert bool(error.advice) == isinstance(error, BlockedError)


def test_there_is_no_line_that_is_not_tested() -> None:
    tested = {(service, code) for service, _, code, *_ in LINES}
    special = {(TDMQ, "4000(10461)")}

    assert {key for key in TABLE if not tested & _spellings(*key)} == special


def _spellings(service: Service | None, code: str) -> set[tuple[Service, str]]:
    return {(one, code) for one in Service} if service is None else {(service, code)}


def test_tdmq_says_in_the_message_that_rights_are_missing() -> None:
    cause = cause_of(TDMQ, 200, "4000", "(10461)no rights")

    assert "cos-watermark policy" in refusal(cause).advice
    assert "70948" in refusal(cause_of(TDMQ, 200, "4000", "(10350)parameter numOfMsg")).advice


@pytest.mark.parametrize("code", ["", "NeverHeardOf"])
@pytest.mark.parametrize("service", [COS, CI, TDMQ, None])
@pytest.mark.parametrize(
    ("status", "about", "kind"),
    [
        (401, CREDENTIALS, BlockedError),
        (402, MONEY, BlockedError),
        (403, SETUP, BlockedError),
        (404, MISSING, NotFoundError),
        (408, MOMENT, ServerError),
        (409, SETUP, BlockedError),
        (411, SETUP, BlockedError),
        (412, CONDITION, ConflictError),
        (429, MOMENT, ThrottledError),
        (500, MOMENT, ServerError),
        (502, MOMENT, ServerError),
        (503, MOMENT, ServerError),
        (520, MOMENT, ServerError),
        (304, MOMENT, ServerError),
    ],
)
def test_a_reply_without_a_code_we_know_is_judged_by_its_status(
    status: int, about: About, kind: type[CloudError], service: Service | None, code: str
) -> None:
    cause = cause_of(service, status, code)

    assert (type(refusal(cause)), meaning_of(cause).about) == (kind, about)


@pytest.mark.parametrize(
    ("service", "status", "code", "about", "kind"),
    [
        # A HEAD's reply never has a body; what it means of an object that it cannot be read.
        (COS, 400, "", OBJECT, RejectedError),
        (COS, 451, "", OBJECT, RejectedError),
        (COS, 400, "NeverHeardOf", SETUP, BlockedError),
        (CI, 400, "", SETUP, BlockedError),
        (CI, 451, "", SETUP, BlockedError),
        (CI, 400, "NeverHeardOf", SETUP, BlockedError),
        # A copy that fails on the way says so in a 200.
        (COS, 200, "NeverHeardOf", MOMENT, ServerError),
        (COS, 200, "SlowDown", MOMENT, ThrottledError),
        (TDMQ, 200, "6000", MOMENT, ServerError),
        (TDMQ, 200, "5100", SETUP, BlockedError),
    ],
)
def test_what_has_no_code_or_a_new_one_is_judged_by_who_says_it(
    service: Service, status: int, code: str, about: About, kind: type[CloudError]
) -> None:
    cause = cause_of(service, status, code)

    assert (type(refusal(cause)), meaning_of(cause).about) == (kind, about)


@pytest.mark.parametrize("service", [COS, CI])
def test_the_code_of_a_blocked_object_can_mean_an_account_in_arrears(service: Service) -> None:
    said = cause_of(service, 451, "UnavailableForLegalReasons", "The appid is unavailable for legal reasons.")

    assert meaning_of(said).about is MONEY
    assert isinstance(refusal(said), BlockedError)


def test_a_code_counts_more_than_the_status_it_came_with() -> None:
    for status in (200, 400, 403, 404, 500, 503):
        assert type(refusal(cause_of(COS, status, "SlowDown"))) is ThrottledError


def test_the_role_is_made_by_a_link_that_names_it_its_policies_and_who_takes_it() -> None:
    advice = refusal(cause_of(CI, 400, "CIRoleNotExist")).advice
    link = urlsplit(next(word for word in advice.split() if word.startswith("https://")))

    assert (link.netloc, link.path) == ("console.cloud.tencent.com", "/cam/role/grant")
    asked = parse_qs(link.query)
    assert asked["roleName"] == ["CI_QCSRole"]
    assert len(asked["policyName"][0].split(",")) == 3
    assert base64.b64decode(asked["principal"][0]) == b'{"service":"ci.qcloud.com"}'


class TestCertainRefusal:
    """After it, a POST certainly had no effect."""

    @pytest.mark.parametrize(("service", "status", "code", "_", "kind", "__"), LINES)
    def test_is_a_4xx_with_a_code_that_is_not_about_the_moment(
        self, service: Service, status: int, code: str, _: About, kind: type[CloudError], __: str
    ) -> None:
        expected = 400 <= status < 500 and kind not in (ServerError, ThrottledError)

        assert refusal(cause_of(service, status, code)).is_refusal is expected

    @pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 409, 411, 412, 451])
    def test_needs_the_services_own_document(self, status: int) -> None:
        assert refusal(cause_of(CI, status, "NeverHeardOf")).is_refusal
        for unreadable in ("", " ", "\n"):
            assert not refusal(cause_of(CI, status, unreadable)).is_refusal

    @pytest.mark.parametrize("status", [0, 200, 204, 301, 302, 307, 399, 408, 429, 500, 502, 503, 504, 520, 599])
    def test_is_none_with_any_other_status(self, status: int) -> None:
        assert not refusal(cause_of(CI, status, "InvalidArgument")).is_refusal

    @pytest.mark.parametrize("code", ["SlowDown", "TooManyRequests", "RequestLimitExceeded", "RequestTimeout"])
    def test_is_none_with_a_code_about_the_moment(self, code: str) -> None:
        assert not refusal(cause_of(CI, 400, code)).is_refusal

    @pytest.mark.parametrize("kind", [NoReplyError, GarbledReplyError, ServerError, ThrottledError])
    def test_is_none_if_the_reply_did_not_come_or_cannot_be_read(self, kind: type[CloudError]) -> None:
        assert not kind(cause_of(CI, 400, "InvalidArgument")).is_refusal


@given(st.sampled_from([None, *Service]), st.integers(100, 599), any_text, any_text)
def test_every_reply_means_something_and_keeps_its_cause(
    service: Service | None, status: int, code: str, message: str
) -> None:
    cause = cause_of(service, status, code, message)

    error = refusal(cause)

    assert error.cause is cause
    assert type(error) in CloudError.__subclasses__()
