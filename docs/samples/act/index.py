"""Acts on verdicts: gives each checked video the tag `watermark`, and keeps its other tags. See docs/integrate.md."""

from __future__ import annotations

import json
import logging
import os
from typing import Any
from urllib.parse import unquote

from qcloud_cos import CosConfig, CosS3Client, CosServiceError

TAG = "watermark"
#: `skipped` says nothing about the bytes.
VERDICTS = ("found", "none", "failed")
#: Seconds to wait for a connection, and for the next bytes.
PATIENCE = (3, 10)
# SCF keeps all log lines. At their lowest level these two log tokens.
for chatty in ("qcloud_cos", "urllib3"):
    logging.getLogger(chatty).setLevel(logging.CRITICAL + 1)


def main_handler(event: dict[str, Any], context: dict[str, Any]) -> dict[str, int]:
    """Act on every record that the event names. If one fails, the others are handled all the same.

    Raises:
        RuntimeError: so that SCF delivers the event again, with all its records.
    """
    cos = client(context["tencentcloud_region"])
    failures: list[Exception] = []
    tagged = 0
    for notice in event["Records"]:
        try:
            tagged += act(cos, read(cos, notice))
        except Exception as error:  # noqa: BLE001 - it is raised below
            failures.append(error)
    if failures:
        raise RuntimeError(f"not done: {len(failures)} of {len(event['Records'])} records") from failures[0]
    return {"tagged": tagged}


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


def act(cos: CosS3Client, record: dict[str, Any]) -> bool:
    """Tag the video with the verdict, if the record is about this video; returns whether it was tagged."""
    # The SDK takes one `/` off the beginning of a key, also one that belongs to it.
    video = {"Bucket": record["bucket"], "Key": "/" + record["key"]}
    if record["verdict"] not in VERDICTS or not is_about(record, headers(cos, video)):
        return False
    old = tags(cos, video)
    new = {**old, TAG: record["verdict"]}
    if new == old:
        return False
    cos.put_object_tagging(**video, Tagging={"TagSet": {"Tag": [{"Key": k, "Value": v} for k, v in new.items()]}})
    return True


def headers(cos: CosS3Client, video: dict[str, str]) -> dict[str, str]:
    """The headers of the video; none if it is gone."""
    try:
        return {name.lower(): value for name, value in cos.head_object(**video).items()}
    except CosServiceError as error:
        if error.get_status_code() != 404:
            raise
        return {}


def is_about(record: dict[str, Any], head: dict[str, str]) -> bool:
    """Whether the record is the newest about this video: the same bytes, and no other result on them."""
    if (head.get("x-cos-hash-crc64ecma"), head.get("content-length")) != (record.get("crc64"), str(record["size"])):
        return False
    seals = [value for name, value in head.items() if name.startswith("x-cos-meta-") and name.endswith("-seal")]
    return record.get("seal") in seals if record["applied"] else not seals


def tags(cos: CosS3Client, video: dict[str, str]) -> dict[str, str]:
    """The tags of the video."""
    try:
        found = cos.get_object_tagging(**video)["TagSet"] or {}
    except CosServiceError as error:
        if error.get_status_code() != 404:
            raise
        return {}
    return {tag["Key"]: tag["Value"] or "" for tag in found.get("Tag", [])}
