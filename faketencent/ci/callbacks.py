"""Sends the callbacks that a job has ended.

https://www.tencentcloud.com/document/product/436/49067. Not documented for media jobs, so assumed: which
states are told (Success and Failed, Cancel only if the policy says so), the `Content-Type`, that any 2xx is good,
and that nothing is retried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from faketencent.ci.documents import JobsDetailShape, callback_json, callback_xml
from faketencent.ci.left_out import Place
from faketencent.ci.targets import CallbackFormat, MqMode, MqTarget, Silence, UrlTarget
from faketencent.errors import ServiceError
from faketencent.wire import NoReplyError, Request

if TYPE_CHECKING:
    from faketencent.ci.jobs import Job
    from faketencent.ci.left_out import LeftOut
    from faketencent.ci.queues import Queue
    from faketencent.cloud import FakeCloud


@dataclass(frozen=True)
class CallbackPolicy:
    """What happens to callbacks, from now on.

    `copies` of each are sent (none: all are lost), `delay` seconds after the end of the job; one that fails
    is sent again up to `retries` times, `retry_after` seconds later. `shape` is for JSON only.
    Of a job that was called off nobody is told unless `tells_of_cancelled`.
    """

    copies: int = 1
    delay: float = 0
    retries: int = 0
    retry_after: float = 60
    shape: JobsDetailShape = JobsDetailShape.OBJECT
    tells_of_cancelled: bool = False


@dataclass(frozen=True)
class Delivery:
    """One attempt at one callback.

    `status` is the HTTP status of an address, None when nothing came back; `message_id` is what TDMQ gave;
    `error` says what went wrong otherwise.
    """

    job_id: str
    target: UrlTarget | MqTarget
    format: CallbackFormat
    body: bytes
    at: float
    status: int | None = None
    message_id: str | None = None
    error: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the other side has it."""
        return self.message_id is not None or (self.status is not None and 200 <= self.status < 300)


class CallbackSender:
    """Sends callbacks as its `policy` says, and remembers every attempt in `deliveries`."""

    def __init__(self, cloud: FakeCloud, left_out: LeftOut) -> None:
        self.policy = CallbackPolicy()
        self._left_out = left_out
        self.deliveries: list[Delivery] = []
        self._cloud = cloud

    def send(self, job: Job, queue: Queue | None) -> None:
        """Have the end of the job told, if the job or else its queue names a place for it."""
        target = job.request.callback or (queue.notify.target if queue else None)
        if target is None or isinstance(target, Silence):
            return
        form = _format(job, queue)
        left_out = self._left_out.at(Place.CALLBACK)
        is_xml = form is CallbackFormat.XML
        body = callback_xml(job, left_out) if is_xml else callback_json(job, self.policy.shape, left_out)
        planned = Delivery(job.id, target, form, body, self._cloud.clock.now())
        for _ in range(self.policy.copies):
            self._plan(planned, self.policy.delay, self.policy.retries)

    def _plan(self, planned: Delivery, delay: float, retries: int) -> None:
        def deliver() -> None:
            delivery = self._deliver(replace(planned, at=self._cloud.clock.now()))
            self.deliveries.append(delivery)
            if not delivery.arrived and retries:
                self._plan(planned, self.policy.retry_after, retries - 1)

        self._cloud.clock.call_later(delay, deliver)

    def _deliver(self, planned: Delivery) -> Delivery:
        try:
            if isinstance(planned.target, UrlTarget):
                return replace(planned, status=self._post(planned.target, planned))
            return replace(planned, message_id=self._enqueue(planned.target, planned))
        except (NoReplyError, ServiceError) as error:
            return replace(planned, error=str(error))

    def _post(self, target: UrlTarget, planned: Delivery) -> int:
        headers = [("Content-Type", f"application/{planned.format.value.lower()}")]
        return self._cloud.send(Request.to("POST", target.url, headers, planned.body)).status

    def _enqueue(self, target: MqTarget, planned: Delivery) -> str:
        tdmq = self._cloud.tdmq.backend
        put = tdmq.send if target.mode is MqMode.QUEUE else tdmq.publish
        return put(target.name, target.region.value, planned.body.decode())


def _format(job: Job, queue: Queue | None) -> CallbackFormat:
    """Assumed: a job with a place of its own does not look at the format of the queue."""
    if job.request.callback_format:
        return job.request.callback_format
    return CallbackFormat.XML if job.request.callback or not queue else queue.notify.format
