"""COS events: every record on its own, and what the event alone already decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from shared.domain.objects import ObjectRef
from shared.domain.outcome import Reason
from shared.errors import MalformedError
from shared.events.uploads import UploadEvent, read_uploads
from tests.shared.samples import EVENTS, event, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

APPID, NAME, BUCKET = "1250000000", "videos", "videos-1250000000"
HOST = f"http://{BUCKET}.cos.ap-beijing.myqcloud.com"
PUT = "cos:ObjectCreated:Put"


def record(
    key: str = "uploads/clip.mp4", name: str = PUT, size: object = 1029, url: str | None = None
) -> dict[str, Any]:
    told = {"url": f"{HOST}/{quote(key)}" if url is None else url, "key": f"/{APPID}/{NAME}/{key}", "size": size}
    return {
        "cos": {"cosObject": told, "cosBucket": {"name": NAME, "appid": APPID}},
        "event": {"eventName": name, "eventTime": 1767225600},
    }


def only(read: dict[str, Any]) -> UploadEvent | MalformedError:
    (upload,) = read_uploads({"Records": [read]}, "ap-beijing")
    return upload


class TestRecords:
    @pytest.mark.parametrize("path", sorted((EVENTS / "upload").iterdir()), ids=lambda path: path.name)
    def test_the_sample_events_are_read_record_by_record(self, path: Path) -> None:
        told = event(f"upload/{path.name}")

        uploads = read_uploads(told, "ap-beijing")

        assert len(uploads) == len(told["Records"])
        for upload, source in zip(uploads, told["Records"], strict=True):
            assert isinstance(upload, UploadEvent)
            assert upload.event_name == source["event"]["eventName"]
            assert upload.size == source["cos"]["cosObject"]["size"]
            assert upload.time == source["event"]["eventTime"]

    def test_a_record_names_region_bucket_and_key(self) -> None:
        assert only(record("产品/a b.mp4")) == UploadEvent(
            ObjectRef("ap-beijing", BUCKET, "产品/a b.mp4"), PUT, 1029, time=1767225600, other_spelling=None
        )

    def test_a_key_that_is_encoded_or_only_looks_so_has_another_spelling(self) -> None:
        upload = only(record("a%20b.mp4", url=f"{HOST}/a%20b.mp4"))

        assert isinstance(upload, UploadEvent)
        assert upload.target == ObjectRef("ap-beijing", BUCKET, "a b.mp4")
        assert upload.other_spelling == ObjectRef("ap-beijing", BUCKET, "a%20b.mp4")

    @pytest.mark.parametrize(
        ("told", "time"),
        [
            (1767225600, 1767225600),
            ("1767225600", 1767225600),
            (1767225600.9, 1767225600),
            (0, 0),
            (-1, 0),
            (10**400, 0),
            (float("inf"), 0),
            (float("nan"), 0),
            ("1970-01-01T00:00:00.000Z", 0),
            ("", 0),
            (None, 0),
            ({}, 0),
            ([1767225600], 0),
        ],
    )
    def test_a_time_that_cannot_be_read_does_not_stop_an_upload(self, told: object, time: int) -> None:
        garbled = record()
        garbled["event"]["eventTime"] = told

        upload = only(garbled)

        assert isinstance(upload, UploadEvent)
        assert upload.time == time

    def test_nor_does_one_that_is_not_told(self) -> None:
        garbled = record()
        del garbled["event"]["eventTime"]

        upload = only(garbled)

        assert isinstance(upload, UploadEvent)
        assert upload.time == 0

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

        assert isinstance(upload, UploadEvent)
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

        assert isinstance(first, UploadEvent)
        assert isinstance(second, MalformedError)
        assert isinstance(third, UploadEvent)
        assert (first.target.key, third.target.key) == ("a.mp4", "b.mp4")


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
            (record(name="cos:ObjectRestore:Completed"), None),
            (record("a.txt", name="cos:ObjectRestore:Completed"), Reason.NOT_A_VIDEO),
            (record(name="cos:ObjectRestore:Post"), Reason.NOT_CREATED),
            (record(name=""), Reason.NOT_CREATED),
            (record("folder/", size=0), Reason.FOLDER),
            (record("folder.mp4/"), Reason.FOLDER),
            (record("/"), Reason.FOLDER),
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

        assert isinstance(upload, UploadEvent)
        assert upload.skip_reason(settings()) is reason

    def test_an_event_that_does_not_tell_the_size_decides_nothing_by_it(self) -> None:
        told = record("a.mp4")
        del told["cos"]["cosObject"]["size"]

        upload = only(told)

        assert isinstance(upload, UploadEvent)
        assert upload.skip_reason(settings()) is None

    @pytest.mark.parametrize(
        ("chosen", "reason"),
        [
            ({"INCLUDE": "a b*"}, None),
            ({"INCLUDE": "a%20b*"}, None),
            ({"INCLUDE": "c*"}, Reason.EXCLUDED),
            ({"EXCLUDE": "a b*"}, None),
            ({"EXCLUDE": "a*"}, Reason.EXCLUDED),
            ({"MAX_SIZE": "1028"}, Reason.TOO_LARGE),
        ],
    )
    def test_a_key_of_two_spellings_is_left_out_only_under_both(
        self, chosen: dict[str, str], reason: Reason | None
    ) -> None:
        upload = only(record("a%20b.mp4", url=f"{HOST}/a%20b.mp4"))

        assert isinstance(upload, UploadEvent)
        assert upload.skip_reason(settings(**chosen)) is reason

    def test_the_suffixes_are_a_setting(self) -> None:
        upload = only(record("a.TXT"))

        assert isinstance(upload, UploadEvent)
        assert upload.skip_reason(settings(SUFFIXES="txt")) is None
