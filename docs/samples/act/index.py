"""Acts on verdicts: gives each checked video the tag `watermark`, and keeps its other tags. See docs/integrate.md."""

from __future__ import annotations

import json
import logging
import os
from typing import Any
from urllib.parse import unquote

from qcloud_cos import CosConfig, CosS3Client, CosServiceError

TAG = "watermark"
#: `skipped` says nothing of the bytes.
VERDICTS = ("found", "none", "failed")
#: Seconds until a connection stands, and until the next bytes come.
PATIENCE = (3, 10)
# SCF logs everything, and at their lowest level these two write down tokens.
for chatty in ("qcloud_cos", "urllib3"):
    logging.getLogger(chatty).setLevel(logging.CRITICAL + 1)


def main_handler(event: dict[str, Any], context: dict[str, Any]) -> dict[str, int]:
    """Act on every record that the event names. One that fails does not keep the others back.

    Raises:
        RuntimeError: SCF is to bring the event again, with all its records.
    """
    cos = client(context["tencentcloud_region"])
    failures: list[Exception] = []
    tagged = 0
    for notice in event["Records"]:
        try:
            tagged += act(cos, read(cos, notice))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised below
            failures.append(error)
    if failures:
        raise RuntimeError(f"not done: {len(failures)} of {len(event['Records'])} records") from failures[0]
    return {"tagged": tagged}


def client(region: str) -> CosS3Client:
    """COS, with the keys of the function's role, which are new in each run."""
    secrets = {name: os.environ[f"TENCENTCLOUD_{name.upper()}"] for name in ("SecretId", "SecretKey")}
    token = os.environ["TENCENTCLOUD_SESSIONTOKEN"]
    return CosS3Client(CosConfig(Region=region, Token=token, Timeout=PATIENCE, **secrets))


def read(cos: CosS3Client, notice: dict[str, Any]) -> dict[str, Any]:
    """The result record that was written; it is read now, so it is the newest of that name."""
    bucket = notice["cos"]["cosBucket"]
    # `/<APPID>/<bucket>/<key>`. Names in the ledger are plain, so it does no harm if they were not encoded.
    key = unquote(notice["cos"]["cosObject"]["key"].split("/", 3)[3])
    found = cos.get_object(Bucket=f"{bucket['name']}-{bucket['appid']}", Key=key)
    record: dict[str, Any] = json.loads(found["Body"].get_raw_stream().read())
    return record


def act(cos: CosS3Client, record: dict[str, Any]) -> bool:
    """Tag the video with the verdict, if it still is the one that the record is about; whether it was tagged."""
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
    """What HEAD says; nothing if the video is gone."""
    try:
        return {name.lower(): value for name, value in cos.head_object(**video).items()}
    except CosServiceError as error:
        if error.get_status_code() != 404:
            raise
        return {}


def is_about(record: dict[str, Any], head: dict[str, str]) -> bool:
    """Whether the record is the newest word on what is there: the same bytes, and no result but its own on them."""
    if (head.get("x-cos-hash-crc64ecma"), head.get("content-length")) != (record.get("crc64"), str(record["size"])):
        return False
    seals = [value for name, value in head.items() if name.startswith("x-cos-meta-") and name.endswith("-seal")]
    return record.get("seal") in seals if record["applied"] else not seals


def tags(cos: CosS3Client, video: dict[str, str]) -> dict[str, str]:
    """The tags that the video has."""
    try:
        found = cos.get_object_tagging(**video)["TagSet"] or {}
    except CosServiceError as error:
        if error.get_status_code() != 404:
            raise
        return {}
    return {tag["Key"]: tag["Value"] or "" for tag in found.get("Tag", [])}
