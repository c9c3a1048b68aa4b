"""The self-copy: everything that COS would forget is sent again, or the copy is not made."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given

from shared.documents import Tree, parse_xml
from shared.domain.head import Head
from shared.domain.selfcopy import acl_headers, copy_headers, copy_source
from shared.errors import UnwritableError
from tests.shared.samples import VIDEO, keys

ETAG, MODIFIED = '"ee8de918d05640145b18f70f4c3aa602"', "Thu, 01 Jan 2026 00:00:00 GMT"
#: What a copy forgets unless it is told: https://cloud.tencent.com/document/product/436/10881.
FORGOTTEN = {
    "content-type": "video/mp4",
    "cache-control": "max-age=3600",
    "content-disposition": 'attachment; filename="a.mp4"',
    "content-encoding": "identity",
    "content-language": "zh-CN",
    "expires": "Fri, 02 Jan 2026 00:00:00 GMT",
    "x-cos-storage-class": "MAZ_STANDARD_IA",
    "x-cos-server-side-encryption": "cos/kms",
    "x-cos-server-side-encryption-cos-kms-key-id": "48ba38aa-26c5-11ea-855c-52540085ba9c",
    "x-cos-server-side-encryption-context": "eyJhIjoiYiJ9",
    "x-cos-website-redirect-location": "/elsewhere",
}
#: What belongs to the reply or to COS, and would be wrong or refused in a request.
NOT_OURS_TO_SEND = {
    "content-length": "1029",
    "date": "Thu, 01 Jan 2026 00:00:01 GMT",
    "server": "tencent-cos",
    "connection": "keep-alive",
    "accept-ranges": "bytes",
    "x-cos-request-id": "NWMx",
    "x-cos-version-id": "MTg0NDUx",
    "x-cos-hash-crc64ecma": "13464384021742137342",
    "x-cos-storage-tier": "FREQUENT",
    "x-cos-restore": 'ongoing-request="false"',
    "x-cos-object-type": "normal",
    "x-cos-meta-old": "replaced by the metadata that is handed in",
}
HEAD = Head.read(VIDEO, {**FORGOTTEN, **NOT_OURS_TO_SEND, "etag": ETAG, "last-modified": MODIFIED})
METADATA = {"x-cos-meta-author": "ann", "x-cos-meta-watermark": "found"}
OWNER, FRIEND, OTHER = "100000000001", "100000000002", "100000000003"
EVERYONE = "http://cam.qcloud.com/groups/global/AllUsers"
#: How some replies spell everybody.
ANYONE = "qcs::cam::anyone:anyone"
SIGNED_IN = "http://cam.qcloud.com/groups/global/AuthenticatedUsers"


def test_the_copy_carries_all_that_would_be_forgotten_and_nothing_that_is_not_a_requests() -> None:
    headers = copy_headers(HEAD, {"x-cos-acl": "public-read"}, METADATA)

    assert headers == {
        **FORGOTTEN,
        **METADATA,
        "x-cos-acl": "public-read",
        "x-cos-copy-source": "videos-1250000000.cos.ap-beijing.myqcloud.com/uploads/clip.mp4",
        "x-cos-metadata-directive": "Replaced",
        "x-cos-tagging-directive": "Copy",
        "x-cos-copy-source-If-Match": ETAG,
        "x-cos-copy-source-If-Unmodified-Since": MODIFIED,
    }


@pytest.mark.parametrize("name", FORGOTTEN)
def test_what_the_object_does_not_have_is_not_sent(name: str) -> None:
    without = {header: value for header, value in HEAD.headers.items() if header != name}

    assert name not in copy_headers(Head.read(VIDEO, without), {}, {})


def test_where_cos_forces_downloads_its_disposition_is_not_made_the_objects_own() -> None:
    # Of buckets made since 2024 the default domain answers `attachment` of its own accord.
    forced = {**HEAD.headers, "x-cos-force-download": "true"}

    headers = copy_headers(Head.read(VIDEO, forced), {}, METADATA)

    assert headers == {
        name: value for name, value in copy_headers(HEAD, {}, METADATA).items() if name != "content-disposition"
    }


class TestSource:
    @given(keys)
    def test_any_key_is_quoted_so_that_it_comes_back(self, key: str) -> None:
        host, _, path = copy_source(replace(VIDEO, key=key)).partition("/")

        assert host == "videos-1250000000.cos.ap-beijing.myqcloud.com"
        assert unquote(path) == key
        assert path.isascii()
        assert path.isprintable()

    @pytest.mark.parametrize("key", ["a.mp4?versionId=MTg0", "a.mp4&versionId=1", "a.mp4#x"])
    def test_no_key_names_a_version(self, key: str) -> None:
        assert not set(copy_source(replace(VIDEO, key=key))) & set("?&#")

    def test_the_newest_version_is_copied_even_if_the_reply_named_it(self) -> None:
        assert "x-cos-version-id" in HEAD.headers
        assert "versionId" not in copy_headers(HEAD, {}, {})["x-cos-copy-source"]


def grant(permission: str, *, user: str = "", group: str = "") -> str:
    who = (
        f"<ID>{user if user == ANYONE else f'qcs::cam::uin/{user}:uin/{user}'}</ID><DisplayName/>"
        if user
        else f"<URI>{group}</URI>"
    )
    kind = "CanonicalUser" if user else "Group"
    return (
        f'<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{kind}">{who}</Grantee>'
        f"<Permission>{permission}</Permission></Grant>"
    )


def policy(*grants: str) -> Tree:
    """The reply to GET ?acl: https://cloud.tencent.com/document/product/436/7744."""
    owner = f"<Owner><ID>qcs::cam::uin/{OWNER}:uin/{OWNER}</ID><DisplayName/></Owner>"
    granted = f"<AccessControlList>{''.join(grants)}</AccessControlList>"
    return parse_xml(f"<AccessControlPolicy>{owner}{granted}</AccessControlPolicy>".encode())["AccessControlPolicy"]


def user(number: str) -> str:
    return f'id="qcs::cam::uin/{number}:uin/{number}"'


FULL = grant("FULL_CONTROL", user=OWNER)


class TestAcl:
    def test_an_object_that_follows_its_bucket_goes_on_doing_so(self) -> None:
        assert acl_headers(VIDEO, "default", policy(FULL, grant("READ", group=EVERYONE))) == {}

    @pytest.mark.parametrize(
        ("grants", "headers"),
        [
            pytest.param([FULL], {"x-cos-acl": "private"}, id="private"),
            pytest.param([], {"x-cos-acl": "private"}, id="not even the owner"),
            pytest.param([FULL, grant("READ", group=EVERYONE)], {"x-cos-acl": "public-read"}, id="public-read"),
            pytest.param([FULL, grant("READ", user=ANYONE)], {"x-cos-acl": "public-read"}, id="spelled otherwise"),
            pytest.param([FULL, grant("READ", group=SIGNED_IN)], {"x-cos-acl": "authenticated-read"}, id="signed in"),
            pytest.param([FULL, grant("READ", user=FRIEND)], {"x-cos-grant-read": user(FRIEND)}, id="one reader"),
            pytest.param(
                [FULL, grant("READ", user=FRIEND), grant("READ", user=OTHER)],
                {"x-cos-grant-read": f"{user(FRIEND)},{user(OTHER)}"},
                id="two readers",
            ),
            pytest.param(
                [
                    grant("READ", user=FRIEND),
                    grant("READ_ACP", user=FRIEND),
                    grant("WRITE_ACP", user=FRIEND),
                    grant("FULL_CONTROL", user=OTHER),
                    FULL,
                ],
                {
                    "x-cos-grant-read": user(FRIEND),
                    "x-cos-grant-read-acp": user(FRIEND),
                    "x-cos-grant-write-acp": user(FRIEND),
                    "x-cos-grant-full-control": user(OTHER),
                },
                id="every permission",
            ),
            pytest.param(
                [FULL, grant("READ", group=EVERYONE), grant("FULL_CONTROL", user=FRIEND)],
                {"x-cos-acl": "public-read", "x-cos-grant-full-control": user(FRIEND)},
                id="public, and a second owner",
            ),
        ],
    )
    def test_an_acl_of_its_own_is_sent_again(self, grants: list[str], headers: dict[str, str]) -> None:
        assert acl_headers(VIDEO, "private", policy(*grants)) == headers

    @pytest.mark.parametrize(
        "unexpressible",
        [
            pytest.param(grant("WRITE", group=EVERYONE), id="everyone may write"),
            pytest.param(grant("FULL_CONTROL", group=EVERYONE), id="everyone may do everything"),
            pytest.param(grant("READ", group=EVERYONE) + grant("READ", group=SIGNED_IN), id="two groups"),
            pytest.param(grant("READ", group="http://example.com/group"), id="an unknown group"),
            pytest.param(grant("WRITE", user=FRIEND), id="a permission that objects do not have"),
            pytest.param(grant("", user=FRIEND), id="no permission"),
            pytest.param("<Grant/>", id="empty"),
            pytest.param("<Grant><Permission>READ</Permission></Grant>", id="nobody"),
        ],
    )
    def test_what_no_header_can_say_keeps_the_copy_from_being_made(self, unexpressible: str) -> None:
        with pytest.raises(UnwritableError, match=str(VIDEO)):
            acl_headers(VIDEO, "private", policy(FULL, unexpressible, grant("READ", user=FRIEND)))

    @pytest.mark.parametrize("unreadable", ["", None, [], "private"])
    def test_an_acl_that_cannot_be_read_keeps_it_too(self, unreadable: Tree) -> None:
        with pytest.raises(UnwritableError, match=str(VIDEO)):
            acl_headers(VIDEO, "", unreadable)
