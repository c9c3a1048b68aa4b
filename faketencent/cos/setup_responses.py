"""Operations that make buckets, list them, and settle what becomes of their objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.cos.acl import PRIVATE, acl_from_headers, user_id
from faketencent.cos.calls import named_bucket
from faketencent.cos.documents import document, element, parse
from faketencent.cos.exceptions import invalid_argument
from faketencent.cos.lifecycle import lifecycle_document, read_rules
from faketencent.cos.responses import check_digest
from faketencent.cos.times import iso_date
from faketencent.errors import ServiceError
from faketencent.wire import Reply, xml_reply

if TYPE_CHECKING:
    from faketencent.cos.buckets import Bucket
    from faketencent.cos.documents import Xml
    from faketencent.cos.models import CosBackend
    from faketencent.cos.replication import Rule
    from faketencent.routes import Call

_MOST_BUCKETS = 2000


class SetupResponses:
    """The operations that set an account's buckets up; every method names its page of the documentation."""

    def __init__(self, backend: CosBackend) -> None:
        self.backend = backend

    def get_service(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/8291. A region's own host lists only its buckets."""
        params = call.request.params
        region, marker = call.region or params.get("region", ""), params.get("marker", "")
        buckets = [b for b in self.backend.all_buckets() if region in ("", b.region) and b.name > marker]
        shown = buckets[: _limit(params.get("max-keys"))]
        cut = len(shown) < len(buckets)
        owner = user_id(self.backend.owner_uin)
        result = element(
            "ListAllMyBucketsResult",
            element("Owner", element("ID", owner), element("DisplayName", self.backend.owner_uin)),
            element("Buckets", *map(_listed, shown)),
            element("IsTruncated", "true" if cut else "false"),
            *([element("NextMarker", shown[-1].name)] if cut and shown else []),
        )
        return xml_reply(200, document(result))

    def put_bucket(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7738."""
        if call.request.body:
            parse(call.request.body, "CreateBucketConfiguration")
        acl = acl_from_headers(call.request.headers)
        self.backend.ask_for_bucket(call.bucket, call.region, PRIVATE if acl.inherited else acl)
        return Reply(200)

    def delete_bucket(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7732."""
        self.backend.delete_bucket(named_bucket(self.backend, call).name)
        return Reply(204)

    def get_lifecycle(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/8278."""
        rules = named_bucket(self.backend, call).lifecycle
        if not rules:
            raise ServiceError(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist.")
        return xml_reply(200, lifecycle_document(rules))

    def put_lifecycle(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/8280. It takes the place of all rules."""
        bucket = named_bucket(self.backend, call)
        if "Content-MD5" not in call.request.headers:
            # The page requires it; the code is assumed.
            raise ServiceError(400, "MissingContentMD5", "Content-MD5 is required.")
        check_digest(call)
        bucket.lifecycle = read_rules(call.request.body)
        return Reply(200)

    def delete_lifecycle(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/8284."""
        named_bucket(self.backend, call).lifecycle = ()
        return Reply(204)

    def get_replication(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/19222."""
        rules = named_bucket(self.backend, call).replication
        if not rules:
            raise ServiceError(404, "ReplicationConfigurationNotFoundError", "There is no replication configuration.")
        role = element("Role", user_id(self.backend.owner_uin))
        listed = (self._rule(number, rule) for number, rule in enumerate(rules, 1))
        return xml_reply(200, document(element("ReplicationConfiguration", role, *listed)))

    def get_notification(self, call: Call) -> Reply:
        """On no page: Tencent's own tools ask for it. Its form, and that it names functions, are assumed."""
        told = self.backend.told_of(named_bucket(self.backend, call).name)
        listed = (
            element(
                "CloudFunctionConfiguration",
                element("Id", number),
                element("CloudFunction", function),
                element("Event", events),
            )
            for number, (function, events) in enumerate(told, 1)
        )
        return xml_reply(200, document(element("NotificationConfiguration", *listed)))

    def _rule(self, number: int, rule: Rule) -> Xml:
        target = self.backend.bucket(rule.target)
        return element(
            "Rule",
            element("Status", "Enabled"),
            element("ID", number),
            element("Prefix", rule.prefix),
            element("Destination", element("Bucket", f"qcs::cos:{target.region}::{target.name}")),
        )


def _listed(bucket: Bucket) -> Xml:
    return element(
        "Bucket",
        element("Name", bucket.name),
        element("Location", bucket.region),
        element("CreationDate", iso_date(bucket.created_at)),
        element("BucketType", "cos"),
    )


def _limit(text: str | None) -> int:
    if not text:
        return _MOST_BUCKETS
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_BUCKETS:
        raise invalid_argument(f"max-keys is 1 to {_MOST_BUCKETS}")
    return int(text)
