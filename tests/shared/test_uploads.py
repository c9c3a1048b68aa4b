"""COS events: every record on its own, and every key exactly as it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from shared.cloud.transport import quote_key
from shared.domain.objects import ObjectRef
from shared.domain.outcome import Reason
from shared.errors import MalformedError
from shared.events.uploads import Upload, decode_key, read_uploads
from tests.shared.samples import EVENTS, event, keys, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

APPID, NAME, BUCKET = "1250000000", "videos", "videos-1250000000"
HOST = f"http://{BUCKET}.cos.ap-beijing.myqcloud.com"
PUT = "cos:ObjectCreated:Put"
ENCODINGS = {
    "as URLs are": lambda key: quote(key, safe="/"),
    "slashes too": lambda key: quote(key, safe=""),
    "as in JavaScript": lambda key: quote(key, safe="/!'()*~"),
    "RFC 3986": lambda key: quote(key, safe="/:@!$&'()*+,;="),
    "in small letters": lambda key: quote(key, safe="/").lower() if key == key.lower() else quote(key, safe="/"),
}


def record(
    key: str = "uploads/clip.mp4", name: str = PUT, size: object = 1029, url: str | None = None
) -> dict[str, Any]:
    told = {"url": f"{HOST}/{quote(key)}" if url is None else url, "key": f"/{APPID}/{NAME}/{key}", "size": size}
    return {"cos": {"cosObject": told, "cosBucket": {"name": NAME, "appid": APPID}}, "event": {"eventName": name}}


def only(read: dict[str, Any]) -> Upload | MalformedError:
    (upload,) = read_uploads({"Records": [read]}, "ap-beijing")
    return upload


class TestKeys:
    @given(keys, st.sampled_from(sorted(ENCODINGS)))
    def test_a_raw_key_beside_a_url_is_read_as_it_is_stored(self, key: str, encoding: str) -> None:
        url = f"{HOST}/{ENCODINGS[encoding](key)}"

        assert decode_key(f"/{APPID}/{NAME}/{key}", url, APPID, NAME) == key

    @given(keys, st.sampled_from(sorted(ENCODINGS)), st.sampled_from(sorted(ENCODINGS)))
    def test_so_is_one_that_is_encoded_like_the_url(self, key: str, encoding: str, of_url: str) -> None:
        raw, url = ENCODINGS[encoding](key), f"{HOST}/{ENCODINGS[of_url](key)}"

        assert decode_key(f"/{APPID}/{NAME}/{raw}", url, APPID, NAME) == key

    @given(keys)
    def test_without_a_url_the_key_is_taken_as_it_stands(self, key: str) -> None:
        assert decode_key(f"/{APPID}/{NAME}/{key}", "", APPID, NAME) == key

    @pytest.mark.parametrize(
        ("raw", "path", "key"),
        [
            pytest.param("a b.mp4", "a%20b.mp4", "a b.mp4", id="space"),
            pytest.param("a+b.mp4", "a+b.mp4", "a+b.mp4", id="plus"),
            pytest.param("a+b.mp4", "a%2Bb.mp4", "a+b.mp4", id="plus, encoded"),
            pytest.param("a%2Bb.mp4", "a%2Bb.mp4", "a+b.mp4", id="plus, encoded twice"),
            pytest.param("a+b%20c.mp4", "a+b%20c.mp4", "a+b c.mp4", id="plus beside what is encoded"),
            pytest.param("100%.mp4", "100%25.mp4", "100%.mp4", id="percent"),
            pytest.param("100%25.mp4", "100%2525.mp4", "100%25.mp4", id="percent that looks encoded"),
            pytest.param("100%2525.mp4", "100%2525.mp4", "100%25.mp4", id="the same, encoded"),
            pytest.param("a?b#c.mp4", "a%3Fb%23c.mp4", "a?b#c.mp4", id="question mark and hash"),
            pytest.param("a?b#c.mp4", "a?b#c.mp4", "a?b#c.mp4", id="question mark and hash in a raw url"),
            pytest.param("/a.mp4", "/a.mp4", "/a.mp4", id="leading slash"),
            pytest.param("/a.mp4", "%2Fa.mp4", "/a.mp4", id="leading slash, encoded"),
            pytest.param("a//b.mp4", "a//b.mp4", "a//b.mp4", id="double slash"),
            pytest.param("../a.mp4", "../a.mp4", "../a.mp4", id="dots"),
            pytest.param("产品.mp4", "%E4%BA%A7%E5%93%81.mp4", "产品.mp4", id="Chinese"),
            pytest.param("产品.mp4", "产品.mp4", "产品.mp4", id="Chinese in a raw url"),
            pytest.param("%e4%ba%a7.mp4", "%E4%BA%A7.mp4", "产.mp4", id="Chinese in small letters"),
            pytest.param("🎬.mp4", "%F0%9F%8E%AC.mp4", "🎬.mp4", id="emoji"),
            pytest.param("a;b.mp4", "a;b.mp4", "a;b.mp4", id="semicolon"),
            pytest.param(f"{APPID}/{NAME}/a.mp4", f"{APPID}/{NAME}/a.mp4", f"{APPID}/{NAME}/a.mp4", id="own bucket"),
            pytest.param(f"/{APPID}/{NAME}/a", f"/{APPID}/{NAME}/a", f"/{APPID}/{NAME}/a", id="own bucket and slash"),
            pytest.param("a.mp4", "something/else.mp4", "a.mp4", id="a url that disagrees"),
        ],
    )
    def test_awkward_keys(self, raw: str, path: str, key: str) -> None:
        assert decode_key(f"/{APPID}/{NAME}/{raw}", f"{HOST}/{path}", APPID, NAME) == key


# COS may hold an object named `.` or `..`, but no URL can say so: every HTTP client cleans such a path away.
@given(keys.filter(lambda key: key not in (".", "..")))
def test_a_key_comes_back_from_the_url_that_names_it(key: str) -> None:
    url = f"https://{BUCKET}.cos.ap-beijing.myqcloud.com/{quote_key(key)}"

    assert unquote(urlsplit(url).path.removeprefix("/")) == key
    # The HTTP client that sends it cleans URLs up; it must find nothing to clean.
    sent = parse_url(requests.Request("GET", url).prepare().url or "")
    assert sent.host == f"{BUCKET}.cos.ap-beijing.myqcloud.com"
    assert sent.query is None
    assert unquote((sent.path or "").removeprefix("/")) == key


class TestRecords:
    @pytest.mark.parametrize("path", sorted((EVENTS / "upload").iterdir()), ids=lambda path: path.name)
    def test_the_sample_events_are_read_record_by_record(self, path: Path) -> None:
        told = event(f"upload/{path.name}")

        uploads = read_uploads(told, "ap-beijing")

        assert len(uploads) == len(told["Records"])
        for upload, source in zip(uploads, told["Records"], strict=True):
            assert isinstance(upload, Upload)
            assert upload.event_name == source["event"]["eventName"]
            assert upload.size == source["cos"]["cosObject"]["size"]

    def test_a_record_names_region_bucket_and_key(self) -> None:
        assert only(record("产品/a b.mp4")) == Upload(ObjectRef("ap-beijing", BUCKET, "产品/a b.mp4"), PUT, 1029)

    @pytest.mark.parametrize(
        ("url", "region"),
        [
            ("http://videos-1250000000.cos.ap-chengdu.myqcloud.com/a.mp4", "ap-chengdu"),
            ("https://videos-1250000000.cos.ap-shanghai-fsi.myqcloud.com/a.mp4", "ap-shanghai-fsi"),
            ("https://VIDEOS-1250000000.COS.EU-FRANKFURT.MYQCLOUD.COM:443/a.mp4", "eu-frankfurt"),
            ("http://videos-1250000000.cos.na-ashburn.tencentcos.cn/a.mp4", "na-ashburn"),
            ("http://videos-1250000000.cosbj.myqcloud.com/a.mp4", "ap-beijing"),
            ("http://videos-1250000000.cos.accelerate.myqcloud.com/a.mp4", "ap-beijing"),
            ("https://cdn.example.com/a.mp4", "ap-beijing"),
            ("http://x.cos.ap-chengdu.myqcloud.com.example.com/a.mp4", "ap-beijing"),
            ("a.mp4", "ap-beijing"),
            ("", "ap-beijing"),
        ],
    )
    def test_the_region_is_the_hosts_or_else_the_functions(self, url: str, region: str) -> None:
        upload = only(record("a.mp4", url=url))

        assert isinstance(upload, Upload)
        assert upload.target == ObjectRef(region, BUCKET, "a.mp4")

    def test_the_appid_may_be_a_number(self) -> None:
        told = record()
        told["cos"]["cosBucket"]["appid"] = int(APPID)

        assert only(told) == only(record())

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            (lambda told: told.pop("cos"), "cos"),
            (lambda told: told.pop("event"), "event"),
            (lambda told: told["event"].clear(), "event.eventName"),
            (lambda told: told["cos"]["cosObject"].pop("key"), "cos.cosObject.key"),
            (lambda told: told["cos"]["cosObject"].update(key=""), "cos.cosObject.key"),
            (lambda told: told["cos"]["cosObject"].update(key=["a"]), "cos.cosObject.key"),
            (lambda told: told["cos"]["cosObject"].update(key="/1/b/\ud800.mp4"), "cos.cosObject.key"),
            (lambda told: told["cos"]["cosObject"].update(size="many"), "cos.cosObject.size"),
            (lambda told: told["cos"]["cosBucket"].update(name=""), "cos.cosBucket.name"),
            (lambda told: told["cos"]["cosBucket"].update(appid=None), "cos.cosBucket.appid"),
            (lambda told: told["cos"]["cosObject"].update(url="http://[a.mp4"), "url"),
            (lambda told: told["cos"]["cosObject"].update(key=f"/{APPID}/{NAME}/"), "no object"),
        ],
    )
    def test_a_garbled_record_says_where(self, change: Callable[[dict[str, Any]], object], place: str) -> None:
        told = record()
        change(told)

        upload = only(told)

        assert isinstance(upload, MalformedError)
        assert place in str(upload)

    @pytest.mark.parametrize("garbled", [None, "x", [], {}, {"CMQ": {"msgBody": "{}"}}, {"cos": 1, "event": 2}])
    def test_a_garbled_record_does_not_take_the_others_with_it(self, garbled: object) -> None:
        first, second, third = read_uploads({"Records": [record("a.mp4"), garbled, record("b.mp4")]}, "ap-beijing")

        assert isinstance(first, Upload)
        assert isinstance(second, MalformedError)
        assert isinstance(third, Upload)
        assert (first.target.key, third.target.key) == ("a.mp4", "b.mp4")

    @pytest.mark.parametrize("told", [{}, {"Records": []}, {"Records": {}}, {"Records": "x"}, {"Type": "Timer"}])
    def test_what_has_no_records_is_no_cos_event(self, told: dict[str, Any]) -> None:
        with pytest.raises(MalformedError):
            read_uploads(told, "ap-beijing")

    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=8),
        lambda node: (
            st.lists(node, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    ["cos", "event", "cosObject", "cosBucket", "key", "url", "size", "name", "appid", "eventName"]
                ),
                node,
            )
        ),
        max_leaves=12,
    )

    @given(json_values, st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
    def test_any_record_is_an_upload_or_malformed(self, garbled: object, key: str, url: str) -> None:
        told = record()
        told["cos"]["cosObject"] |= {"key": key, "url": url}

        for upload in read_uploads({"Records": [garbled, told]}, "ap-beijing"):
            assert isinstance(upload, MalformedError) or upload.target.key.encode()


class TestDecisions:
    @pytest.mark.parametrize(
        ("told", "reason"),
        [
            (record(), None),
            (record(name="cos:ObjectCreated:*"), None),
            (record(name="cos:ObjectCreated:Copy"), None),
            (record(name="cos:ObjectCreated:CompleteMultipartUpload"), None),
            (record(name="cos:ObjectRemove:Delete"), Reason.NOT_CREATED),
            (record(name="cos: ObjectRemove:Delete"), Reason.NOT_CREATED),
            (record(name="cos:ObjectRestore:Completed"), Reason.NOT_CREATED),
            (record(name=""), Reason.NOT_CREATED),
            (record("folder/", size=0), Reason.FOLDER),
            (record("folder.mp4/"), Reason.FOLDER),
            (record("/"), Reason.FOLDER),
            (record(".watermark/claims/ab/000001"), Reason.CLAIM),
            (record(".watermark/claims/a.mp4"), Reason.CLAIM),
            (record("x/.watermark/claims/a.mp4"), None),
            (record("a.txt"), Reason.NOT_A_VIDEO),
            (record("mp4"), Reason.NOT_A_VIDEO),
            (record("a.mp4.txt"), Reason.NOT_A_VIDEO),
            (record("A.MP4"), None),
            (record(".mp4"), None),
            (record("a.Mov"), None),
            (record("a.mp4", size=0), Reason.EMPTY),
            (record("a.mp4", size=None), None),
            (record("a.mp4", size="0"), Reason.EMPTY),
            (record("a.mp4", size=6 * 2**30), None),
        ],
    )
    def test_the_event_alone_tells(self, told: dict[str, Any], reason: Reason | None) -> None:
        upload = only(told)

        assert isinstance(upload, Upload)
        assert upload.skip_reason(settings()) is reason

    def test_an_event_that_does_not_tell_the_size_decides_nothing_by_it(self) -> None:
        told = record("a.mp4")
        del told["cos"]["cosObject"]["size"]

        upload = only(told)

        assert isinstance(upload, Upload)
        assert upload.skip_reason(settings()) is None

    def test_the_suffixes_are_a_setting(self) -> None:
        upload = only(record("a.TXT"))

        assert isinstance(upload, Upload)
        assert upload.skip_reason(settings(SUFFIXES="txt")) is None

    def test_claims_are_looked_for_where_they_are(self) -> None:
        upload = only(record(".watermark/claims/a.mp4"))

        assert isinstance(upload, Upload)
        assert upload.skip_reason(settings(CLAIMS_BUCKET="claims-1250000000")) is None
        assert upload.skip_reason(settings(CLAIMS_BUCKET=BUCKET)) is Reason.CLAIM
        assert upload.skip_reason(settings(CLAIMS_PREFIX="elsewhere/")) is None
