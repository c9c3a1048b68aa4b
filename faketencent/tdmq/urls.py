"""Hosts and routes of TDMQ for CMQ: one path for everything, the parameter `Action` says what is meant.

Addresses: https://www.tencentcloud.com/document/product/1111/46417.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from faketencent.routes import Route, RouteTable
from faketencent.tdmq.parameters import parameters

if TYPE_CHECKING:
    from faketencent.tdmq.responses import TdmqResponses
    from faketencent.wire import Request

_REGION = "(?P<region>sh|bj|gz|cd|hk|nj)"
#: Public and private address.
HOSTS = (rf"cmq-{_REGION}\.public\.tencenttdmq\.com", rf"{_REGION}\.mqadapter\.cmq\.tencentyun\.com")


def routes(responses: TdmqResponses) -> RouteTable:
    """One route per action and method.

    The CAM action is named like the API action. The CAM page lists BatchReceiveMessage that way
    (https://www.tencentcloud.com/document/product/1111/43005); for the other actions it is assumed.
    """
    actions = {
        "SendMessage": responses.send_message,
        "BatchSendMessage": responses.batch_send_message,
        "ReceiveMessage": responses.receive_message,
        "BatchReceiveMessage": responses.batch_receive_message,
        "DeleteMessage": responses.delete_message,
        "BatchDeleteMessage": responses.batch_delete_message,
        "GetQueueAttributes": responses.get_queue_attributes,
        "PublishMessage": responses.publish_message,
        "BatchPublishMessage": responses.batch_publish_message,
    }
    return RouteTable(
        "tdmq",
        HOSTS,
        [
            Route(action, method, "/v2/index.php", handler, action=f"tdmq:{action}", accepts=partial(_asks_for, action))
            for action, handler in actions.items()
            for method in ("GET", "POST")
        ],
    )


def _asks_for(action: str, request: Request) -> bool:
    return parameters(request).get("Action") == action
