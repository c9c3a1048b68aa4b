"""What COS refuses: https://cloud.tencent.com/document/product/436/7730.

Codes and their statuses are the documented ones; a comment marks a case for which none is documented.
"""

from __future__ import annotations

from faketencent.errors import ServiceError


class KeyDeletedError(ServiceError):
    """The newest version of the object is a delete marker; the reply says so in a header."""


def no_such_bucket() -> ServiceError:
    """The bucket does not exist, or not in that region."""
    return ServiceError(404, "NoSuchBucket", "The specified bucket does not exist.")


def no_such_key() -> ServiceError:
    """There is no such object."""
    return ServiceError(404, "NoSuchKey", "The specified key does not exist.")


def key_deleted() -> ServiceError:
    """The object, or the version asked for, is a delete marker."""
    return KeyDeletedError(404, "NoSuchKey", "The specified key does not exist.")


def no_such_version() -> ServiceError:
    """The object has no such version."""
    return ServiceError(404, "NoSuchVersion", "The specified version does not exist.")


def no_such_upload() -> ServiceError:
    """There is no such multipart upload."""
    return ServiceError(404, "NoSuchUpload", "The specified multipart upload does not exist.")


def precondition_failed() -> ServiceError:
    """An `If-*` header did not hold."""
    return ServiceError(412, "PreconditionFailed", "Precondition not match.")


def invalid_argument(message: str) -> ServiceError:
    """A header or parameter that makes no sense."""
    return ServiceError(400, "InvalidArgument", message)


def malformed_xml(message: str) -> ServiceError:
    """A body that is not the XML expected."""
    return ServiceError(400, "MalformedXML", f"The XML you provided was not well-formed: {message}")
