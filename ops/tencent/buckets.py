"""Buckets of COS as an operator's commands see them. https://cloud.tencent.com/document/product/436/8291."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from ops.tencent.calls import send
from shared.cloud.transport import Call, Repeat, Service
from shared.documents import child, items, text
from shared.errors import CloudError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.cloud.transport import Reply, Transport
    from shared.documents import Tree

_ANYONE = "qcs::cam::anyone:anyone"
#: The name is taken: by whom the second code does not say.
_TAKEN = ("BucketAlreadyOwnedByYou", "BucketAlreadyExists")
_XML = {"Content-Type": "application/xml"}


@dataclass(frozen=True)
class Buckets:
    """The buckets of one region. Every method raises CloudError."""

    transport: Transport
    region: str

    def exists(self, bucket: str) -> bool:
        """Whether it is there, in this region: https://cloud.tencent.com/document/product/436/7735."""
        try:
            self._send("HEAD", bucket)
        except NotFoundError:
            return False
        return True

    def create(self, bucket: str) -> bool:
        """Make a private bucket; whether it is ours and in this region now: another one may have the name.

        https://cloud.tencent.com/document/product/436/7738
        """
        try:
            self._send("PUT", bucket, headers={"x-cos-acl": "private"})
        except CloudError as error:
            if error.cause.code not in _TAKEN:
                raise
            return self.exists(bucket)
        return True

    def versioning(self, bucket: str) -> str:
        """`Enabled`, `Suspended`, or empty if it never was: https://cloud.tencent.com/document/product/436/19888."""
        reply = self._send("GET", bucket, {"versioning": ""})
        return text(reply.document("VersioningConfiguration"), "Status")

    def is_open(self, bucket: str) -> bool:
        """Whether its ACL lets strangers in: https://cloud.tencent.com/document/product/436/7733.

        Everybody is a group, or the user `anyone`. A bucket policy can let them in too; that is not looked at.
        """
        reply = self._send("GET", bucket, {"acl": ""})
        grants = items(child(reply.document("AccessControlPolicy"), "AccessControlList", "Grant"))
        return any(text(grant, "Grantee", "URI") or text(grant, "Grantee", "ID") == _ANYONE for grant in grants)

    def lifecycle(self, bucket: str) -> list[Tree]:
        """Its lifecycle rules: https://cloud.tencent.com/document/product/436/8278."""
        try:
            reply = self._send("GET", bucket, {"lifecycle": ""})
        except NotFoundError as error:
            if error.cause.code == "NoSuchLifecycleConfiguration":
                return []
            raise
        return items(child(reply.document("LifecycleConfiguration"), "Rule"))

    def replicates_to(self, bucket: str) -> list[str]:
        """The buckets that it is replicated to: https://cloud.tencent.com/document/product/436/19222."""
        try:
            reply = self._send("GET", bucket, {"replication": ""})
        except NotFoundError as error:
            if error.cause.code == "ReplicationConfigurationNotFoundError":
                return []
            raise
        rules = items(child(reply.document("ReplicationConfiguration"), "Rule"))
        working = [rule for rule in rules if text(rule, "Status") == "Enabled"]
        return [text(rule, "Destination", "Bucket").rpartition(":")[2] for rule in working]

    def merge_lifecycle(self, bucket: str, rules: Sequence[Mapping[str, Tree]]) -> None:
        """Set rules by their IDs; others stay. COS takes all of them at once, so they are read first.

        https://cloud.tencent.com/document/product/436/8280
        """
        ours = {text(dict(rule), "ID") for rule in rules}
        others = [rule for rule in self.lifecycle(bucket) if text(rule, "ID") not in ours]
        root = Element("LifecycleConfiguration")
        for rule in [*others, *map(dict, rules)]:
            _add(root, "Rule", rule)
        body = tostring(root, encoding="utf-8")
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        self._send("PUT", bucket, {"lifecycle": ""}, {**_XML, "Content-MD5": digest}, body)

    def first_keys(self, bucket: str) -> list[str]:
        """The first few objects in it, enough to know whether it is empty.

        https://cloud.tencent.com/document/product/436/7734
        """
        reply = self._send("GET", bucket, {"max-keys": "10"})
        return [text(listed, "Key") for listed in items(child(reply.document("ListBucketResult"), "Contents"))]

    def delete_object(self, bucket: str, key: str) -> None:
        """https://cloud.tencent.com/document/product/436/7743."""
        self._send("DELETE", bucket, key=key)

    def delete(self, bucket: str) -> None:
        """Delete it; COS refuses while anything is in it: https://cloud.tencent.com/document/product/436/7732."""
        self._send("DELETE", bucket)

    def _send(
        self,
        method: str,
        bucket: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        key: str = "",
    ) -> Reply:
        repeat = Repeat.SAFE if method in ("GET", "HEAD") else Repeat.NEVER
        place = Call(Service.COS, method, self.region, bucket, key, params=params or {}, headers=headers or {})
        return send(self.transport, place._replace(body=body, repeat=repeat))


def _add(parent: Element, name: str, tree: Tree) -> None:
    """The tree below the parent as elements: what `shared/documents.py` made of them."""
    if isinstance(tree, list):
        for one in tree:
            _add(parent, name, one)
        return
    node = SubElement(parent, name)
    if isinstance(tree, dict):
        for inner, value in tree.items():
            _add(node, inner, value)
    else:
        node.text = tree
