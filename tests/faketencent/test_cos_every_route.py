"""The SDK's own client against every route of COS, in process and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.video import tiny_mp4

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend

KEY = "a b+c/片🎬.mp4"


def use_buckets(client: CosS3Client, bucket: str) -> None:
    client.head_bucket(Bucket=bucket)
    client.get_bucket_location(Bucket=bucket)
    client.list_objects(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, Status="Enabled")
    client.get_bucket_versioning(Bucket=bucket)
    client.get_bucket_acl(Bucket=bucket)
    client.list_objects_versions(Bucket=bucket)


def use_setup(client: CosS3Client, cos: CosBackend, bucket: str) -> None:
    client.create_bucket(Bucket="new-1250000000")
    client.list_buckets()
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": "1"}}
    client.put_bucket_lifecycle(Bucket="new-1250000000", LifecycleConfiguration={"Rule": [rule]})
    client.get_bucket_lifecycle(Bucket="new-1250000000")
    client.delete_bucket_lifecycle(Bucket="new-1250000000")
    client.delete_bucket(Bucket="new-1250000000")
    cos.replicate(bucket, cos.create_bucket("replica-1250000000", "ap-beijing", versioning=True).name)
    client.get_bucket_replication(Bucket=bucket)


def use_objects(client: CosS3Client, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key=KEY, Body=b"hello", Metadata={"x-cos-meta-name": "片"})
    source = {"Bucket": bucket, "Key": KEY, "Region": "ap-beijing"}
    client.copy_object(Bucket=bucket, Key=KEY, CopySource=source, CopyStatus="Replaced")
    client.head_object(Bucket=bucket, Key=KEY)
    assert client.get_object(Bucket=bucket, Key=KEY)["Body"].get_raw_stream().read() == b"hello"
    client.put_object_acl(Bucket=bucket, Key=KEY, ACL="public-read")
    assert client.get_object_acl(Bucket=bucket, Key=KEY)["CannedACL"] == "public-read"
    tags = {"TagSet": {"Tag": [{"Key": "k", "Value": "片"}]}}
    client.put_object_tagging(Bucket=bucket, Key=KEY, Tagging=tags)
    assert client.get_object_tagging(Bucket=bucket, Key=KEY) == tags
    client.delete_object_tagging(Bucket=bucket, Key=KEY)
    client.delete_object(Bucket=bucket, Key=KEY)


def use_the_archive(client: CosS3Client, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key=KEY, Body=b"hello", StorageClass="ARCHIVE")
    request = {"Days": 1, "CASJobParameters": {"Tier": "Expedited"}}
    client.restore_object(Bucket=bucket, Key=KEY, RestoreRequest=request)


def use_other_types(client: CosS3Client, bucket: str) -> None:
    client.append_object(Bucket=bucket, Key="appendable", Position=0, Data=b"hello")
    client.put_symlink(Bucket=bucket, SymlinkName="link", SymlinkTarget="appendable")
    client.get_symlink(Bucket=bucket, SymlinkName="link")


def use_processing(client: CosS3Client, cloud: FakeCloud, bucket: str) -> None:
    cloud.ci.backend.bind_bucket(bucket)
    client.put_object(Bucket=bucket, Key=KEY, Body=tiny_mp4(seconds=1.5))
    assert client.get_media_info(Bucket=bucket, Key=KEY)["MediaInfo"][0]["Format"]["Duration"] == "1.500000"


def use_uploads(client: CosS3Client, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="source", Body=b"hello")
    source = {"Bucket": bucket, "Key": "source", "Region": "ap-beijing"}
    upload = client.create_multipart_upload(Bucket=bucket, Key=KEY)["UploadId"]
    client.upload_part(Bucket=bucket, Key=KEY, Body=b"x", PartNumber=1, UploadId=upload)
    copied = client.upload_part_copy(Bucket=bucket, Key=KEY, PartNumber=1, UploadId=upload, CopySource=source)
    client.list_parts(Bucket=bucket, Key=KEY, UploadId=upload)
    client.list_multipart_uploads(Bucket=bucket)
    parts = {"Part": [{"PartNumber": "1", "ETag": copied["ETag"]}]}
    client.complete_multipart_upload(Bucket=bucket, Key=KEY, UploadId=upload, MultipartUpload=parts)
    other = client.create_multipart_upload(Bucket=bucket, Key=KEY)["UploadId"]
    client.abort_multipart_upload(Bucket=bucket, Key=KEY, UploadId=other)


def test_the_sdk_works_against_every_route(
    any_client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str
) -> None:
    use_objects(any_client, videos)
    use_the_archive(any_client, videos)
    use_other_types(any_client, videos)
    use_processing(any_client, cloud, videos)
    use_uploads(any_client, videos)
    use_buckets(any_client, videos)
    use_setup(any_client, cos, videos)

    served = {route.operation for route in cloud.cos.table.routes}
    # The SDK has no method for who is told of a bucket's events.
    assert set(cloud.operations()) == served - {"GetBucketNotification"}
    assert cos.get(videos, KEY).body == b"hello"


def test_both_front_ends_see_the_same_requests(any_client: CosS3Client, cloud: FakeCloud, videos: str) -> None:
    any_client.put_object(Bucket=videos, Key=KEY, Body=b"hello", Metadata={"x-cos-meta-name": "片"})

    seen = cloud.journal[-1]
    assert (seen.bucket, seen.region, seen.key) == (videos, "ap-beijing", KEY)
    assert seen.request.headers["x-cos-meta-name"].encode("latin-1").decode() == "片"
    assert seen.request.headers["content-length"] == "5"
    assert seen.request.body == b"hello"
    assert seen.identity is None  # the journal is written before anybody is asked who he is
