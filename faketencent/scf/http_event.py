"""An HTTP request as a function is told of it: https://cloud.tencent.com/document/product/583/96099."""

from __future__ import annotations

import base64
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from faketencent.scf.invocation import Event
    from faketencent.wire import Request

#: Where the caller seems to sit; a documentation address.
SOURCE_IP = "203.0.113.7"


class EventShape(Enum):
    """The forms in which HTTP reaches a function.

    FUNCTION_URL is the documented one. COMPATIBLE is what function URLs were seen to send in 2025 and 2026, with
    the nodes of API Gateway. The others are API Gateway's (https://cloud.tencent.com/document/product/583/12513).
    """

    FUNCTION_URL = "function URL, as documented"
    COMPATIBLE = "function URL, as observed"
    API_GATEWAY = "API Gateway"
    API_GATEWAY_BASE64 = "API Gateway with the body in base64"


def http_event(request: Request, shape: EventShape) -> Event:
    """The event for a request. Whether `path` is decoded is not documented: here it is as it was sent."""
    if shape in (EventShape.FUNCTION_URL, EventShape.COMPATIBLE):
        return _of_function_url(request, shape)
    return _of_api_gateway(request, shape)


def _of_function_url(request: Request, shape: EventShape) -> Event:
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers["content-length"] = str(len(request.body))
    headers["x-scf-remote-addr"] = SOURCE_IP
    event: Event = {
        "headers": headers,
        "httpMethod": request.method,
        "path": request.path,
        "queryString": request.params,
    }
    if shape is EventShape.COMPATIBLE:
        return {
            **event,
            # Observed to be there and empty when the request has no body.
            "body": _text(request),
            "headerParameters": {},
            "isBase64Encoded": False,
            "pathParameters": {},
            "queryStringParameters": {},
            "requestContext": {"sourceIp": SOURCE_IP},
        }
    # Assumed: the documented event has no body where the request has none.
    return {"body": _text(request), **event} if request.body else event


def _of_api_gateway(request: Request, shape: EventShape) -> Event:
    encoded = shape is EventShape.API_GATEWAY_BASE64
    query = _query(request)
    return {
        "requestContext": {
            "serviceId": "service-f94sy04v",
            "path": request.path,
            "httpMethod": "ANY",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": {},
            "sourceIp": SOURCE_IP,
            "stage": "release",
        },
        "headers": dict(request.headers.items()),
        "body": base64.b64encode(request.body).decode() if encoded else _text(request),
        "isBase64Encoded": encoded,
        "pathParameters": {},
        "queryStringParameters": query,
        "headerParameters": {},
        "stageVariables": {"stage": "release"},
        "path": request.path,
        "queryString": query,
        "httpMethod": request.method,
    }


def _query(request: Request) -> dict[str, str | list[str]]:
    """API Gateway gives a list where a parameter comes twice (tencentyun/scf-go-lib, events/apigw_test.go)."""
    values = parse_qs(request.query, keep_blank_values=True)
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}


def _text(request: Request) -> str:
    """The body as text; bytes that are no UTF-8 do not survive."""
    return request.body.decode("utf-8", "replace")
