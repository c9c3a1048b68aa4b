"""What CAM calls an object: https://cloud.tencent.com/document/product/436/30580."""


def object_resource(region: str, appid: str, bucket: str, key: str) -> str:
    """The resource name; a bucket is the object with an empty key, a listing that of its prefix."""
    return f"qcs::cos:{region}:uid/{appid}:{bucket}/{key}"
