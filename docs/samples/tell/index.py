"""Tells another system the result of each upload: one POST per result record. How to deploy it: docs/integrate.md."""

from __future__ import annotations

import json
import logging
import os
from typing import Any
from urllib.parse import unquote

import requests
from qcloud_cos import CosConfig, CosS3Client

TOLD = ("upload", "applied", "verdict", "text", "reason", "region", "bucket", "key", "job", "at")
#: Seconds to wait for a connection, and for the next bytes.
PATIENCE = (3, 10)
# SCF keeps all log lines. At their lowest level these two log tokens and the address of the webhook.
for chatty in ("qcloud_cos", "urllib3"):
    logging.getLogger(chatty).setLevel(logging.CRITICAL + 1)


def main_handler(event: dict[str, Any], context: dict[str, Any]) -> dict[str, int]:
    """Post every record that the event names. If one fails, the others are posted all the same.

    Raises:
        RuntimeError: so that SCF delivers the event again, with all its records.
    """
    cos = client(context["tencentcloud_region"])
    failures: list[Exception] = []
    for notice in event["Records"]:
        try:
            tell(read(cos, notice))
        except Exception as error:  # noqa: BLE001 - it is raised below
            failures.append(error)
    if failures:
        raise RuntimeError(f"not done: {len(failures)} of {len(event['Records'])} records") from failures[0]
    return {"told": len(event["Records"])}


def client(region: str) -> CosS3Client:
    """A client for COS, with the keys of the function's role, which are new in each invocation."""
    secrets = {name: os.environ[f"TENCENTCLOUD_{name.upper()}"] for name in ("SecretId", "SecretKey")}
    token = os.environ["TENCENTCLOUD_SESSIONTOKEN"]
    return CosS3Client(CosConfig(Region=region, Token=token, Timeout=PATIENCE, **secrets))


def read(cos: CosS3Client, notice: dict[str, Any]) -> dict[str, Any]:
    """The result record that the event is about, as it is now: the newest of that name."""
    bucket = notice["cos"]["cosBucket"]
    # `/<APPID>/<bucket>/<key>`. Names in the ledger need no encoding, so `unquote` changes nothing that is not encoded.
    key = unquote(notice["cos"]["cosObject"]["key"].split("/", 3)[3])
    found = cos.get_object(Bucket=f"{bucket['name']}-{bucket['appid']}", Key=key)
    record: dict[str, Any] = json.loads(found["Body"].get_raw_stream().read())
    return record


def tell(record: dict[str, Any]) -> None:
    """Post one record.

    Raises:
        RuntimeError: the webhook did not accept it. The text has no address, because a webhook's is often a secret.
    """
    try:
        reply = requests.post(os.environ["WEBHOOK_URL"], json=message(record), timeout=PATIENCE, allow_redirects=False)
    except requests.RequestException as error:
        raise RuntimeError(f"no reply from the webhook: {type(error).__name__}") from None
    if not accepted(reply):
        raise RuntimeError(f"the webhook did not accept it: status {reply.status_code}")


def message(record: dict[str, Any]) -> dict[str, Any]:
    """The body of the POST, as JSON. A field that the record leaves out is null."""
    return {name: record.get(name) for name in TOLD}


def accepted(reply: requests.Response) -> bool:
    """Whether the webhook accepted it."""
    return 200 <= reply.status_code < 300
