"""The function that one would write first, after the SDK's examples: two calls for an upload, three for a callback.

It promises nothing: no claim, no seal, no ticket; an event that comes twice is paid for twice.
"""

from __future__ import annotations

import os
from typing import Any

import xmltodict
from qcloud_cos import CosConfig, CosS3Client

SUFFIXES = (".mp4", ".mov", ".avi", ".mkv")


def submit(event: dict[str, Any], _: dict[str, Any]) -> dict[str, int]:
    """Submit a job for each new video."""
    jobs = 0
    for record in event["Records"]:
        _, appid, name, key = record["cos"]["cosObject"]["key"].split("/", 3)
        if not key.endswith(SUFFIXES):
            continue
        client, bucket = connect(), f"{name}-{appid}"
        if "x-cos-meta-watermark" in client.head_object(bucket, key):
            continue
        operation = {"ExtractDigitalWatermark": {"Type": "Text", "Version": "V1"}}
        job = {"Tag": "ExtractDigitalWatermark", "Input": {"Object": key}, "Operation": operation}
        client.ci_create_media_jobs(bucket, Jobs=job, ContentType="application/xml")
        jobs += 1
    return {"submitted": jobs}


def callback(event: dict[str, Any], _: dict[str, Any]) -> dict[str, Any]:
    """Write the result of the job that a callback names onto the object."""
    if event.get("Type") == "Timer":
        return {}
    if not event["body"].startswith("<"):
        return {"statusCode": 403}
    job = xmltodict.parse(event["body"])["Response"]["JobsDetail"]
    bucket, key = job["Input"]["BucketId"], job["Input"]["Object"]
    client = connect()
    (job,) = client.ci_get_media_jobs(bucket, job["JobId"])["JobsDetail"]
    head = client.head_object(bucket, key)
    text = job["Operation"]["ExtractDigitalWatermark"]["Message"] or "none"
    client.copy_object(
        bucket,
        key,
        {"Bucket": bucket, "Key": key, "Region": os.environ["TENCENTCLOUD_REGION"]},
        CopyStatus="Replaced",
        ContentType=head["Content-Type"],
        Metadata={"x-cos-meta-watermark": text},
    )
    return {"statusCode": 200}


def connect() -> CosS3Client:
    """The client, with the credentials of this invocation; the SDK keeps its connections."""
    return CosS3Client(
        CosConfig(
            Region=os.environ["TENCENTCLOUD_REGION"],
            SecretId=os.environ["TENCENTCLOUD_SECRETID"],
            SecretKey=os.environ["TENCENTCLOUD_SECRETKEY"],
            Token=os.environ["TENCENTCLOUD_SESSIONTOKEN"],
            Scheme="https",
        )
    )
