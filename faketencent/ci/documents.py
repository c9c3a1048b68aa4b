"""Jobs, queues and buckets as CI shows them.

The job document in a reply and in a callback, as XML or JSON, is the same one, built here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.ci.jobs import Embedding, Job, JobState
from faketencent.ci.left_out import InputField
from faketencent.ci.targets import MqTarget, UrlTarget
from faketencent.ci.times import time_text
from faketencent.ci.xml import Document, Node, to_xml

if TYPE_CHECKING:
    from collections.abc import Collection

    from faketencent.ci.buckets import MediaBucket
    from faketencent.ci.queues import NotifyConfig, Queue


class JobsDetailShape(Enum):
    """How a JSON callback holds its one job; the two differ between the documentation and the field.

    OBJECT: an object, empty values left out, as on https://www.tencentcloud.com/document/product/436/49067.
    LIST: a list of one, empty values kept, as integrators have captured it for sibling jobs.
    """

    OBJECT = "object"
    LIST = "list"


def job_document(job: Job, left_out: Collection[InputField] = ()) -> Document:
    """A `JobsDetail`; of its `Input` some fields may be left out."""
    shown = {
        InputField.BUCKET_ID: job.bucket,
        InputField.OBJECT: job.request.key,
        InputField.REGION: job.region,
    }
    return {
        "Code": job.code,
        "Message": job.message,
        "JobId": job.id,
        "State": job.state.value,
        "CreationTime": time_text(job.created_at),
        "StartTime": time_text(job.started_at),
        "EndTime": time_text(job.ended_at),
        "QueueId": job.queue_id,
        "Tag": job.request.tag.value,
        "Input": {name.value: text for name, text in shown.items() if name not in left_out},
        "Operation": _operation(job),
    }


def _operation(job: Job) -> Document:
    asked = job.request
    operation: dict[str, Node] = {asked.tag.value: _watermark(job)}
    if isinstance(asked.operation, Embedding):
        operation["Output"] = {
            "Region": asked.operation.region,
            "Bucket": asked.operation.bucket,
            "Object": asked.operation.key,
        }
    # `MediaInfo` and `MediaResult`, which the real service adds to finished embeddings, are left out.
    return operation | _given(UserData=asked.user_data, JobLevel=asked.job_level)


def _watermark(job: Job) -> Document:
    fixed = {"Type": "Text", "Version": "V1"}
    asked = job.request.operation
    if isinstance(asked, Embedding):
        ignore_error = asked.ignore_error.value if asked.ignore_error else None
        return {"Message": asked.message, **fixed, **_given(IgnoreError=ignore_error)}
    found = {"Message": job.watermark} if job.state is JobState.SUCCESS else {}
    return found | fixed


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def queue_document(queue: Queue) -> Document:
    """A `QueueList` entry, or a `Queue`."""
    return {
        "QueueId": queue.id,
        "Name": queue.name,
        "State": queue.state.value,
        "NotifyConfig": _notify_document(queue.notify),
        # What every queue starts with. The fake enforces neither.
        "MaxSize": "10000",
        "MaxConcurrent": "10",
        "UpdateTime": time_text(queue.updated_at),
        "CreateTime": time_text(queue.created_at),
        "Category": queue.category.value,
    }


def _notify_document(notify: NotifyConfig) -> Document:
    queue = notify.to if isinstance(notify.to, MqTarget) else None
    return {
        "Url": notify.to.url if isinstance(notify.to, UrlTarget) else "",
        "Event": ",".join(event.value for event in notify.events),
        "Type": "TDMQ" if queue else "Url",
        "State": notify.switch.value,
        "ResultFormat": notify.format.value,
        "MqMode": queue.mode.value if queue else "",
        "MqName": queue.name if queue else "",
        "MqRegion": queue.region.value if queue else "",
    }


def bucket_document(bucket: MediaBucket) -> Document:
    """A `MediaBucketList` entry, or a `MediaBucket`."""
    return {
        "BucketId": bucket.name,
        "Name": bucket.name,
        "Region": bucket.region,
        "CreateTime": time_text(bucket.created_at),
    }


def callback_xml(job: Job, left_out: Collection[InputField] = ()) -> bytes:
    """The body of a callback in XML."""
    return to_xml("Response", {"EventName": "TaskFinish", "JobsDetail": _sorted(job_document(job, left_out))})


def callback_json(job: Job, shape: JobsDetailShape, left_out: Collection[InputField] = ()) -> bytes:
    """The body of a callback in JSON; there is no `Response` around it."""
    detail = _sorted(job_document(job, left_out))
    shaped: Node = [detail] if shape is JobsDetailShape.LIST else _without_empty(detail)
    event = {"EventName": "TaskFinish", "JobsDetail": shaped}
    return json.dumps(event, ensure_ascii=False).encode()


def _sorted(node: Node) -> Node:
    """The samples of callbacks have their names in alphabetical order, other than those of replies."""
    return {name: _sorted(node[name]) for name in sorted(node)} if isinstance(node, Mapping) else node


def _without_empty(node: Node) -> Node:
    if not isinstance(node, Mapping):
        return node
    return {name: _without_empty(inner) for name, inner in node.items() if inner}
