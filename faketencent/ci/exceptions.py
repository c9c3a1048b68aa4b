"""CI's errors: its codes, and the way it writes them down, which differs from COS's.

Codes: https://cloud.tencent.com/document/product/1545/65185, form:
https://www.tencentcloud.com/document/product/1045/43611. No page gives every code its HTTP status; where
none does, 400 is assumed.
"""

from __future__ import annotations

from faketencent.errors import ServiceError

_SIGNATURE_CODES = {
    "AccessDenied": "SignatureExpired",
    "ExpiredToken": "SignatureExpired",
    "InvalidAccessKeyId": "SecretidNotExist",
}


def unsigned() -> ServiceError:
    """There is no signature at all."""
    return ServiceError(401, "MissingAuthorization", "The request is not signed")


def bad_signature(error: ServiceError) -> ServiceError:
    """What COS calls `error`, in the words of CI, where it is 401 instead of 403."""
    return ServiceError(401, _SIGNATURE_CODES.get(error.code, "InvalidAuthorization"), error.message)


def access_denied(action: str, resource: str) -> ServiceError:
    """Policies do not allow it; seen in the field as 401, unlike COS's 403."""
    return ServiceError(401, "AccessDenied", f"{action} on {resource}")


def invalid_argument(where: str, why: str) -> ServiceError:
    """A field or parameter has a value that the page does not allow: one code for all of them, CI's number 1015."""
    return ServiceError(400, "InvalidArgument", f"{where}: {why}")


def missing_content() -> ServiceError:
    """There is no body."""
    return ServiceError(400, "MissingContent", "The request has no body")


def invalid_content(why: str) -> ServiceError:
    """The body is not the document that was expected."""
    return ServiceError(400, "InvalidContent", why)


def invalid_content_type(value: str) -> ServiceError:
    """The body is declared to be something else than XML."""
    return ServiceError(400, "InvalidContentType", f"{value} is not application/xml")


def bucket_not_bound(bucket: str) -> ServiceError:
    """Media processing is not enabled on the bucket; 400 as seen in the field."""
    return ServiceError(400, "MediaBucketUnBinded", f"Media processing is not enabled on {bucket}")


def no_such_bucket(bucket: str) -> ServiceError:
    """The bucket is not bound to CI; that it is called so was seen in the field."""
    return ServiceError(404, "NoSuchBucket", f"The bucket {bucket} is not bound")


def role_missing(role: str) -> ServiceError:
    """The role with which CI reads and writes the account's buckets does not exist; 403 is assumed."""
    return ServiceError(403, "CIRoleNotExist", f"The service role {role} does not exist")


def queue_not_found(queue_id: str) -> ServiceError:
    """The bucket has no such queue."""
    return ServiceError(400, "QueueNotFound", f"There is no queue {queue_id}")


def job_not_found(job_id: str) -> ServiceError:
    """There is no such job, or its record has expired."""
    return ServiceError(400, "ResourceNotFound", f"There is no job {job_id}")


def not_a_media_file(key: str) -> ServiceError:
    """The object cannot be read as video or sound; that this is the one code for bad parameters is assumed."""
    return ServiceError(400, "InvalidArgument", f"{key} is not a media file")


def cannot_cancel(job_id: str, state: str) -> ServiceError:
    """Only jobs that have not started can be cancelled.

    No page says how the others are refused: assumed is the one code for whatever CI does not accept in a request.
    """
    return ServiceError(400, "InvalidArgument", f"Job {job_id} is {state}")
