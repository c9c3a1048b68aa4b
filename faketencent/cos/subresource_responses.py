"""Operations on the ACL and the tags of an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.cos.acl import acl_document, acl_from_document, acl_from_headers
from faketencent.cos.calls import named_bucket, named_object, named_version
from faketencent.cos.objects import NULL_VERSION
from faketencent.cos.tagging import tagging_document, tags_from_document
from faketencent.errors import ServiceError
from faketencent.wire import Reply, xml_reply

if TYPE_CHECKING:
    from faketencent.cos.models import CosBackend
    from faketencent.cos.objects import StoredObject
    from faketencent.routes import Call


class SubresourceResponses:
    """`?acl` and `?tagging`."""

    def __init__(self, backend: CosBackend) -> None:
        self.backend = backend

    def get_acl(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7744."""
        stored = named_object(self.backend, call)
        # Not on the page, but the SDK tells an inherited list from an own one by this header.
        inherited = [("x-cos-acl", "default")] if stored.acl.inherited else []
        return xml_reply(200, acl_document(stored.acl, self.backend.owner_uin), *inherited)

    def put_acl(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7748."""
        body = call.request.body
        acl = acl_from_document(body) if body else acl_from_headers(call.request.headers)
        self.backend.change(named_object(self.backend, call), acl=acl)
        return Reply(200)

    def get_tagging(self, call: Call) -> Reply:
        """https://www.tencentcloud.com/document/product/436/35710."""
        tags = self._tagged(call).tags
        if not tags:
            raise ServiceError(404, "NoSuchTagSet", "The tag set does not exist.")
        return xml_reply(200, tagging_document(tags))

    def put_tagging(self, call: Call) -> Reply:
        """https://www.tencentcloud.com/document/product/436/35709."""
        self.backend.change(self._tagged(call), tags=tags_from_document(call.request.body))
        return Reply(200)

    def delete_tagging(self, call: Call) -> Reply:
        """https://www.tencentcloud.com/document/product/436/35711."""
        self.backend.change(self._tagged(call), tags={})
        return Reply(204)

    def _tagged(self, call: Call) -> StoredObject:
        # Documented for writing: tagging the null version has its effect on the newest one.
        named_bucket(self.backend, call)
        version = named_version(call)
        return self.backend.get(call.bucket, call.key, None if version == NULL_VERSION else version)
