"""The probe's one function: writes each event and request that it gets as an object. Deployed alone, as it stands.

A request is answered 404 unless its path is `/<password>/<label>`, or `/<password>/<label>/<seconds since 1970>`, which
is answered 500 until that time. What would let somebody act for whoever made an upload is left out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import time
from typing import Any
from urllib.parse import quote
from urllib.request import Request, build_opener

_PATH = re.compile(r"/(?P<password>[0-9a-f]+)/(?P<label>[a-z-]{1,32})(?:/(?P<until>[0-9]{1,12}))?")
_SECRET = re.compile(r"authorization|.*token.*|.*secret.*", re.IGNORECASE)


def main_handler(event: Any, context: dict[str, Any]) -> object:  # noqa: ANN401 - whoever invokes it sends any JSON
    """Keep what came; says to a request whether it was."""
    if not isinstance(event, dict) or "httpMethod" not in event:
        _keep("events", event, context)
        return "kept"
    found = _PATH.fullmatch(str(event.get("path")))
    if not found or not hmac.compare_digest(found["password"], os.environ["PROBE_PASSWORD"]):
        return _answer(404)
    _keep(found["label"], event, context)
    return _answer(500 if time.time() < int(found["until"] or 0) else 200)


def _answer(status: int) -> dict[str, object]:
    return {"statusCode": status, "headers": {"Content-Type": "text/plain"}, "body": str(status)}


def _keep(label: str, event: object, context: dict[str, Any]) -> None:
    now = time.time()
    key = f"recorded/{label}/{int(now * 1000)}-{context['request_id']}.json"
    body = json.dumps({"at": now, "event": _without_secrets(event)}, ensure_ascii=False).encode()
    host = f"{os.environ['PROBE_BUCKET']}.cos.{os.environ['PROBE_REGION']}.myqcloud.com"
    # The address is the probe's own bucket, over https but for fakes.
    request = Request(f"{os.environ['PROBE_SCHEME']}://{host}/{key}", data=body, method="PUT")  # noqa: S310
    request.add_header("Authorization", _signed("put", f"/{key}", host, int(now)))
    request.add_header("Content-Type", "application/json")
    if os.environ.get("TENCENTCLOUD_SESSIONTOKEN"):
        request.add_header("x-cos-security-token", os.environ["TENCENTCLOUD_SESSIONTOKEN"])
    with build_opener().open(request, timeout=10) as reply:
        reply.read()


def _without_secrets(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {n: "…" if _SECRET.fullmatch(str(n)) and v else _without_secrets(v) for n, v in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _signed(method: str, path: str, host: str, now: int) -> str:
    """https://cloud.tencent.com/document/product/436/7778."""
    times = f"{now - 60};{now + 600}"
    key = _hmac(os.environ["TENCENTCLOUD_SECRETKEY"], times)
    asked = f"{method}\n{path}\n\nhost={quote(host, safe='-_.~')}\n"
    signature = _hmac(key, f"sha1\n{times}\n{hashlib.sha1(asked.encode()).hexdigest()}\n")  # noqa: S324 - COS's own
    return (
        f"q-sign-algorithm=sha1&q-ak={os.environ['TENCENTCLOUD_SECRETID']}&q-sign-time={times}&q-key-time={times}"
        f"&q-header-list=host&q-url-param-list=&q-signature={signature}"
    )


def _hmac(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), "sha1").hexdigest()
