"""The operations of CI: from a call to the backend, and back to a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.ci.buckets import read_bucket_filter
from faketencent.ci.documents import bucket_document, job_document, queue_document
from faketencent.ci.exceptions import (
    access_denied,
    invalid_argument,
    invalid_content_type,
    job_not_found,
)
from faketencent.ci.fields import Fields
from faketencent.ci.left_out import Place
from faketencent.ci.listing import read_job_query
from faketencent.ci.models import SERVICE_ROLE
from faketencent.ci.paging import read_page_request
from faketencent.ci.queues import read_queue_filter, read_queue_update
from faketencent.ci.submission import read_job
from faketencent.ci.xml import to_xml
from faketencent.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.ci.buckets import MediaBucket
    from faketencent.ci.jobs import Job
    from faketencent.ci.models import CiBackend
    from faketencent.ci.xml import Document, Node
    from faketencent.routes import Call

REQUEST_ID_HEADER = "x-ci-request-id"
_XML = [("Content-Type", "application/xml")]


class CiResponses:
    """One method per operation."""

    def __init__(self, backend: CiBackend, uin: str, new_request_id: Callable[[], str]) -> None:
        self._backend = backend
        self._role = f"qcs::cam::uin/{uin}:roleName/{SERVICE_ROLE}"
        self._new_request_id = new_request_id

    def create_job(self, call: Call) -> Reply:
        """POST /jobs."""
        request = read_job(_xml_body(call))
        bucket = self._bucket(call)
        # Whoever has CI work on objects lends it the role: https://cloud.tencent.com/document/product/460/41741
        if call.identity and not call.identity.may("cam:PassRole", self._role):
            raise access_denied("cam:PassRole", self._role)
        return _reply({"JobsDetail": self._shown(self._backend.submit(bucket, request), Place.CREATED)})

    def describe_jobs(self, call: Call) -> Reply:
        """GET /jobs/<id>[,<id>...]."""
        bucket = self._bucket(call)
        jobs = {job_id: self._backend.records.find(bucket.name, job_id) for job_id in _job_ids(call)}
        found = [job for job in jobs.values() if job]
        if len({job.request.tag for job in found}) > 1:
            raise invalid_argument("jobId", "jobs of different kinds")
        missing = [job_id for job_id, job in jobs.items() if job is None]
        document: dict[str, Node] = {"JobsDetail": [self._shown(job, Place.DESCRIBED) for job in found]}
        # The page says it is one text; that several ids are joined by commas is assumed.
        return _reply(document | ({"NonExistJobIds": ",".join(missing)} if missing else {}))

    def list_jobs(self, call: Call) -> Reply:
        """GET /jobs."""
        jobs = self._backend.records.listed(self._bucket(call).name)
        page = read_job_query(Fields.of_query(call.request.params)).page(jobs)
        shown = [self._shown(job, Place.LISTED) for job in page.jobs]
        return _reply({"JobsDetail": shown, "NextToken": page.next_token})

    def cancel_jobs(self, call: Call) -> Reply:
        """PUT /jobs/<id>[,<id>...]?cancel."""
        bucket = self._bucket(call)
        ids = _job_ids(call)
        for job_id in ids:
            if self._backend.records.find(bucket.name, job_id) is None:
                raise job_not_found(job_id)
        self._backend.cancel(*ids)
        return Reply(200)

    def describe_queues(self, call: Call) -> Reply:
        """GET /queue. Asked by id, the reply has no page numbers, but names the ids that do not exist."""
        queues = self._backend.queues_of(self._bucket(call))
        query = Fields.of_query(call.request.params)
        wanted, page = read_queue_filter(query), read_page_request(query)
        query.end()
        found = [queue for queue in queues if wanted.lets_through(queue)]
        shown: dict[str, Node] = {"QueueList": [queue_document(queue) for queue in page.cut(found)]}
        known = {queue.id for queue in queues}
        missing: dict[str, Node] = {"NonExistPIDs": [name for name in wanted.ids if name not in known]}
        return self._reply_with_id(shown | missing if wanted.ids else page.document(len(found)) | shown)

    def update_queue(self, call: Call) -> Reply:
        """PUT /queue/<id>."""
        update = read_queue_update(_xml_body(call))
        queue = self._backend.queue(self._bucket(call), call.names["queue"])
        return self._reply_with_id({"Queue": queue_document(self._backend.update_queue(queue, update))})

    def describe_buckets(self, call: Call) -> Reply:
        """GET /mediabucket, of all regions unless some are named; which region's host is asked does not matter."""
        query = Fields.of_query(call.request.params)
        wanted, page = read_bucket_filter(query), read_page_request(query)
        query.end()
        found = [bucket for bucket in self._backend.buckets.values() if wanted.lets_through(bucket)]
        shown: dict[str, Node] = {"MediaBucketList": [bucket_document(bucket) for bucket in page.cut(found)]}
        return self._reply_with_id(page.document(len(found)) | shown)

    def describe_binding(self, call: Call) -> Reply:
        """GET /."""
        status = self._backend.status(call.bucket, call.region)
        return Reply(200, _XML, to_xml("CIStatus", status.value))

    def bind(self, call: Call) -> Reply:
        """PUT /."""
        self._backend.bind_ci(call.bucket, call.region)
        return Reply(200)

    def unbind(self, call: Call) -> Reply:
        """PUT /?unbind."""
        self._backend.unbind_ci(call.bucket, call.region)
        return Reply(200)

    def create_bucket(self, call: Call) -> Reply:
        """POST /mediabucket."""
        bucket = self._backend.bind_bucket(call.bucket, call.region)
        return self._reply_with_id({"MediaBucket": bucket_document(bucket)})

    def delete_bucket(self, call: Call) -> Reply:
        """DELETE /mediabucket."""
        self._backend.unbind_bucket(self._bucket(call).name)
        return self._reply_with_id({"BucketName": call.bucket})

    def _shown(self, job: Job, place: Place) -> Document:
        return job_document(job, self._backend.left_out.at(place))

    def _bucket(self, call: Call) -> MediaBucket:
        return self._backend.bucket(call.bucket, call.region)

    def _reply_with_id(self, document: Document) -> Reply:
        request_id = self._new_request_id()
        return _reply({"RequestId": request_id, **document}, (REQUEST_ID_HEADER, request_id))


def _reply(document: Document, *headers: tuple[str, str]) -> Reply:
    return Reply(200, [*_XML, *headers], to_xml("Response", document))


def _xml_body(call: Call) -> bytes:
    # The pages show the header as sent; that it may be left out is known from the SDKs, which do.
    declared = call.request.headers.get("Content-Type", "application/xml")
    if declared.partition(";")[0].strip().lower() != "application/xml":
        raise invalid_content_type(declared)
    return call.request.body


def _job_ids(call: Call) -> list[str]:
    ids = call.names["jobs"].split(",")
    if len(ids) > 10:
        raise invalid_argument("jobId", "more than 10")
    return ids
