"""A search of CLS: page by page, and on from where CLS ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cloud import FakeCloud
from faketencent.cls import searching
from faketencent.faults import Fault
from faketencent.in_process import in_process
from faketencent.refusals import BareReply, Refusal
from ops.tencent import log_lines
from ops.tencent.log_lines import Line, Order, search, search_all
from shared.errors import GarbledReplyError, NotFoundError, ServerError, ThrottledError
from tests.ops.tencent.test_cam import api
from tests.world import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cls import Topic
    from ops.tencent.api import Api

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: From the official example: https://cloud.tencent.com/document/product/614/56447.
SAMPLE = {"Time": 1679902806070, "PkgId": "", "PkgLogId": "", "LogJson": '{"http_code":"200"}', "RawLog": ""}


class Writer:
    """Writes lines into SCF's topic, and searches it."""

    def __init__(self, cloud: FakeCloud) -> None:
        self.cloud = cloud
        self.topic: Topic = cloud.cls.backend.function_topic(REGION)
        self.api: Api = api(cloud.cam.account)

    def write(self, *times: float) -> None:
        begin = self.cloud.clock.now()
        for number, at in enumerate(times):
            self.cloud.cls.backend.write(self.topic.id, {"SCF_Message": str(number)}, begin + at)

    def found(self, order: Order = Order.OLDEST_FIRST, **span: float) -> list[int]:
        now = self.cloud.clock.now()
        begin, end = span.get("begin", -10.0), span.get("end", 1000.0)
        given = (self.api, self.topic.id, "*", round((now + begin) * 1000), round((now + end) * 1000), order)
        return [int(line.text.split('"')[3]) for line in search_all(*given)]


@pytest.fixture
def writer() -> Iterator[Writer]:
    with in_process(FakeCloud()) as cloud:
        yield Writer(cloud)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if CLS gave two pages of three lines each."""
    monkeypatch.setattr(log_lines, "PAGE", 3)
    monkeypatch.setattr(log_lines, "MOST", 6)
    monkeypatch.setattr(searching, "_MOST_LINES", 6)


def test_one_page_is_one_call(writer: Writer) -> None:
    writer.write(2, 1, 3)

    assert writer.found() == [1, 0, 2]
    assert writer.found(Order.NEWEST_FIRST) == [2, 0, 1]
    assert writer.cloud.operations() == ["SearchLog"] * 2


def test_the_end_is_not_in_it_and_the_beginning_is(writer: Writer) -> None:
    writer.write(1, 2)

    assert writer.found(begin=1, end=2) == [0]


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("count", [0, 3, 5, 6, 7, 12, 13, 40])
@pytest.mark.parametrize("numbered", [True, False])
def test_where_cls_ends_another_search_goes_on(writer: Writer, order: Order, count: int, numbered: bool) -> None:
    writer.cloud.cls.backend.numbered = numbered
    writer.write(*(n // 4 for n in range(count)))

    assert sorted(writer.found(order)) == list(range(count))


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("order", Order)
def test_more_lines_of_one_moment_than_cls_gives_do_not_hold_it_up_for_ever(writer: Writer, order: Order) -> None:
    writer.write(1, *([2] * 20), 3)

    assert len(writer.found(order)) >= 6


@pytest.mark.usefixtures("_small")
def test_only_the_pages_that_are_read_are_asked_for(writer: Writer) -> None:
    writer.write(*range(6))
    lines = search(writer.api, writer.topic.id, "*", 0, 10**13, Order.OLDEST_FIRST)

    for _ in range(3):
        next(lines)

    assert writer.cloud.operations() == ["SearchLog"]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Refusal(400, "LimitExceeded.LogSearch"), ThrottledError),
        (Refusal(400, "RequestLimitExceeded"), ThrottledError),
        (Refusal(400, "FailedOperation.SearchTimeout"), ServerError),
        (Refusal(400, "InternalError.SearchError"), ServerError),
        (Fault.MALFORMED, GarbledReplyError),
        (BareReply(200, b'{"Response": {"Results": [{}], "ListOver": true, "RequestId": "r"}}'), GarbledReplyError),
        (BareReply(200, b'{"Response": {"Results": [], "RequestId": "r"}}'), GarbledReplyError),
    ],
    ids=str,
)
def test_what_cls_refuses_is_an_error_of_ours(
    writer: Writer, trouble: Fault | Refusal | BareReply, kind: type[Exception]
) -> None:
    writer.cloud.faults.on("SearchLog", trouble)

    with pytest.raises(kind):
        writer.found()


def test_a_topic_that_is_gone_is_an_error_that_says_where_to_look(writer: Writer) -> None:
    writer.cloud.cls.backend.delete_topic(writer.topic)

    with pytest.raises(NotFoundError, match="DEPLOY_TOPIC_ID"):
        writer.found()


def test_a_search_that_finds_nothing_may_have_no_list(writer: Writer) -> None:
    body = b'{"Response": {"Results": null, "Context": "", "ListOver": true, "RequestId": "r"}}'
    writer.cloud.faults.on("SearchLog", BareReply(200, body, "application/json"))

    assert writer.found() == []


def test_lines_are_told_apart_by_number_or_by_time_and_content() -> None:
    numbered = {**SAMPLE, "PkgId": "p", "PkgLogId": "0"}
    lines = [Line.model_validate(one) for one in (SAMPLE, {**SAMPLE, "Time": 1}, {**SAMPLE, "LogJson": "{}"}, numbered)]

    assert len({line.id for line in lines}) == len(lines)
    assert Line.model_validate(SAMPLE).id == lines[0].id
    assert Line.model_validate({**numbered, "PkgLogId": "1"}).id != lines[3].id


def test_where_indexing_failed_the_line_is_there_as_it_was_printed() -> None:
    assert Line.model_validate({**SAMPLE, "LogJson": "", "RawLog": "printed"}).text == "printed"
