"""What a search finds in a log topic: https://cloud.tencent.com/document/product/614/56447."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from pydantic import Field

from ops.tencent.api import Product
from ops.tencent.replies import Answer, read_as
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.tencent.api import Api

#: What one search gives in all, and on one page.
MOST = 10_000
PAGE = 1_000
#: Bytes of a query.
LONGEST_QUERY = 12 * 1024
_WHICH = "Was the topic deleted? Check DEPLOY_TOPIC_ID and --topic; `./cos-watermark setup --logs` makes one"


class Order(Enum):
    """Which lines come first."""

    OLDEST_FIRST = "asc"
    NEWEST_FIRST = "desc"


class Line(Answer):
    """A line as it is kept: `at` in ms since 1970. Package and number can be empty; `raw` is where indexing failed."""

    at: int = Field(alias="Time")
    package: str | None = Field(None, alias="PkgId")
    number: str | None = Field(None, alias="PkgLogId")
    fields: str | None = Field(None, alias="LogJson")
    raw: str | None = Field(None, alias="RawLog")

    @property
    def text(self) -> str:
        """A JSON object, or what the function printed."""
        return self.fields or self.raw or ""

    @property
    def id(self) -> tuple[str, ...]:
        """By what two lines are told apart; where CLS numbers none, by time and content."""
        return (self.package, self.number) if self.package and self.number else (str(self.at), self.text)


class _Page(Answer):
    lines: list[Line] = Field(alias="Results")
    context: str = Field("", alias="Context")
    complete: bool = Field(alias="ListOver")


def search(api: Api, topic: str, query: str, begin: int, end: int, order: Order) -> Iterator[Line]:
    """The first `MOST` lines of [begin, end), in ms since 1970; a page is asked for when it is needed.

    Raises:
        NotFoundError: no such topic, or it has no index.
        CloudError: as any call.
    """
    asked = {"TopicId": topic, "From": begin, "To": end, "QueryString": query, "QuerySyntax": 1, "Limit": PAGE}
    context = ""
    for _ in range(MOST // PAGE):
        going_on = {"Context": context} if context else {}
        page = _page(api, {**asked, "Sort": order.value, **going_on})
        yield from page.lines
        context = page.context
        if page.complete or not context:
            return


def _page(api: Api, asked: dict[str, object]) -> _Page:
    try:
        answer = api.call(Product.CLS, "SearchLog", asked)
    except NotFoundError as error:
        raise NotFoundError(error.cause, _WHICH) from error
    # A search that finds nothing may have no list: the page does not say.
    return read_as(_Page, {**answer, "Results": answer.get("Results") or []}, "cls SearchLog")


def search_all(api: Api, topic: str, query: str, begin: int, end: int, order: Order) -> Iterator[Line]:
    """All lines of [begin, end): where one search ends, another goes on from the time of its last line.

    Only more than `MOST` lines of one millisecond are not found. Raises as `search`.
    """
    known: set[tuple[str, ...]] = set()
    while True:
        count, at, here = 0, -1, set(known)
        for line in search(api, topic, query, begin, end, order):
            count += 1
            if line.at != at:
                at, here = line.at, set() if at != -1 else here
            if line.id not in known:
                here.add(line.id)
                yield line
        edge = (begin, at + 1) if order is Order.NEWEST_FIRST else (at, end)
        if count < MOST or edge == (begin, end):
            return
        (begin, end), known = edge, here
