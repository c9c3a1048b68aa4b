"""Access control lists: https://cloud.tencent.com/document/product/436/30752.

An object without a list of its own inherits the bucket's ("default").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.cos.documents import document, element, parse
from faketencent.cos.exceptions import invalid_argument, malformed_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from faketencent.cos.documents import Xml

ALL_USERS = "http://cam.qcloud.com/groups/global/AllUsers"
AUTHENTICATED_USERS = "http://cam.qcloud.com/groups/global/AuthenticatedUsers"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# The pages write id="100000000001"; older ones, and the page on signatures, uin="100000000001".
_GRANTEE = re.compile(r'(?:id|uin)="([^"]+)"')


class Permission(Enum):
    """What a grant allows."""

    READ = "READ"
    WRITE = "WRITE"
    READ_ACP = "READ_ACP"
    WRITE_ACP = "WRITE_ACP"
    FULL_CONTROL = "FULL_CONTROL"


class CannedAcl(Enum):
    """The lists that have a name."""

    DEFAULT = "default"
    PRIVATE = "private"
    PUBLIC_READ = "public-read"
    AUTHENTICATED_READ = "authenticated-read"
    BUCKET_OWNER_READ = "bucket-owner-read"
    BUCKET_OWNER_FULL_CONTROL = "bucket-owner-full-control"


@dataclass(frozen=True)
class Grant:
    """One permission of one grantee: a group's URI, or a user's full id."""

    grantee: str
    permission: Permission


@dataclass(frozen=True)
class Acl:
    """Who may do what beside the owner, who may do everything; `grants` is `None` where it is inherited."""

    grants: tuple[Grant, ...] | None = None

    @property
    def inherited(self) -> bool:
        """Whether the bucket's list applies."""
        return self.grants is None

    @property
    def public(self) -> bool:
        """Whether anyone may read."""
        allowed = (Permission.READ, Permission.FULL_CONTROL)
        return any(grant.grantee == ALL_USERS and grant.permission in allowed for grant in self.grants or ())


INHERITED = Acl()
PRIVATE = Acl(())
PUBLIC_READ = Acl((Grant(ALL_USERS, Permission.READ),))

_CANNED = {
    CannedAcl.DEFAULT: INHERITED,
    CannedAcl.PRIVATE: PRIVATE,
    CannedAcl.PUBLIC_READ: PUBLIC_READ,
    CannedAcl.AUTHENTICATED_READ: Acl((Grant(AUTHENTICATED_USERS, Permission.READ),)),
    # Bucket and object have the same owner here, who may do everything anyway.
    CannedAcl.BUCKET_OWNER_READ: PRIVATE,
    CannedAcl.BUCKET_OWNER_FULL_CONTROL: PRIVATE,
}
_GRANT_HEADERS = {
    "x-cos-grant-read": Permission.READ,
    "x-cos-grant-write": Permission.WRITE,
    "x-cos-grant-read-acp": Permission.READ_ACP,
    "x-cos-grant-write-acp": Permission.WRITE_ACP,
    "x-cos-grant-full-control": Permission.FULL_CONTROL,
}


def user_id(name: str) -> str:
    """The full id of whoever a header names: a full id, an account's UIN, or `account/sub-account`.

    All three are documented: https://cloud.tencent.com/document/product/436/7748 and the SDKs' pages on ACLs.
    """
    account, _, sub_account = name.partition("/")
    return name if name.startswith("qcs::") else f"qcs::cam::uin/{account}:uin/{sub_account or account}"


def acl_from_headers(headers: Mapping[str, str]) -> Acl:
    """The list that the headers `x-cos-acl` and `x-cos-grant-*` ask for.

    That the two can be combined is assumed; `CosBackend.mixed_acl` is for a COS that refuses it.

    Raises:
        ServiceError: 400 InvalidArgument.
    """
    name = headers.get("x-cos-acl", "")
    try:
        canned = _CANNED[CannedAcl(name or "default")]
    except ValueError as error:
        raise invalid_argument(f"no ACL is named {name!r}") from error
    explicit = tuple(_granted(headers))
    return Acl((canned.grants or ()) + explicit) if explicit else canned


def mixes(headers: Mapping[str, str]) -> bool:
    """Whether the headers ask for both a canned ACL and grants."""
    return "x-cos-acl" in headers and any(name in headers for name in _GRANT_HEADERS)


def _granted(headers: Mapping[str, str]) -> Iterator[Grant]:
    for name, permission in _GRANT_HEADERS.items():
        if name not in headers:
            continue
        uins = _GRANTEE.findall(headers[name])
        if not uins:
            raise invalid_argument(f'{name} must be of the form id="100000000001"')
        yield from (Grant(user_id(uin), permission) for uin in uins)


def acl_from_document(body: bytes) -> Acl:
    """The list in an `AccessControlPolicy`.

    Raises:
        ServiceError: 400 MalformedXML.
    """
    policy = parse(body, "AccessControlPolicy")
    return Acl(tuple(map(_grant, policy.iterfind("AccessControlList/Grant"))))


def _grant(node: Element) -> Grant:
    grantee = node.findtext("Grantee/URI") or node.findtext("Grantee/ID")
    try:
        return Grant(grantee or "", Permission(node.findtext("Permission")))
    except ValueError as error:
        raise malformed_xml("a Grant needs a Grantee and a Permission") from error


def acl_document(acl: Acl, owner_uin: str) -> str:
    """The `AccessControlPolicy` of an object.

    What is inherited, and what the owner may do anyway, is not spelled out: the sample on the page has no
    grant to the owner, and the SDK is prepared for an empty list.
    """
    owner = user_id(owner_uin)
    return document(
        element(
            "AccessControlPolicy",
            element("Owner", element("ID", owner), element("DisplayName", owner)),
            element("AccessControlList", *map(_grant_element, acl.grants or ())),
        )
    )


def _grant_element(grant: Grant) -> Xml:
    group = grant.grantee.startswith("http")
    kind = "Group" if group else "CanonicalUser"
    names = ("URI",) if group else ("ID", "DisplayName")
    return element(
        "Grant",
        element(
            "Grantee",
            *(element(name, grant.grantee) for name in names),
            attributes=f' xmlns:xsi="{_XSI}" xsi:type="{kind}"',
        ),
        element("Permission", grant.permission.value),
    )
