"""The keys of COS events: read exactly as they are stored, however they are spelled."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from shared.cloud.transport import quote_key
from shared.events.uploads import decode_key
from tests.shared.samples import keys

APPID, NAME, BUCKET = "1250000000", "videos", "videos-1250000000"
HOST = f"http://{BUCKET}.cos.ap-beijing.myqcloud.com"
ENCODINGS = {
    "as URLs are": lambda key: quote(key, safe="/"),
    "slashes too": lambda key: quote(key, safe=""),
    "as in JavaScript": lambda key: quote(key, safe="/!'()*~"),
    "RFC 3986": lambda key: quote(key, safe="/:@!$&'()*+,;="),
    "in small letters": lambda key: quote(key, safe="/").lower() if key == key.lower() else quote(key, safe="/"),
}


def decoded(raw: str, url: str) -> str:
    return decode_key(raw, url, APPID, NAME)[0]


def other_spelling(key: str, url: str) -> str | None:
    return decode_key(f"/{APPID}/{NAME}/{key}", url, APPID, NAME)[1]


class TestKeys:
    @given(keys, st.sampled_from(sorted(ENCODINGS)))
    def test_a_raw_key_beside_a_url_is_read_as_it_is_stored(self, key: str, encoding: str) -> None:
        url = f"{HOST}/{ENCODINGS[encoding](key)}"

        assert decoded(f"/{APPID}/{NAME}/{key}", url) == key

    @given(keys, st.sampled_from(sorted(ENCODINGS)), st.sampled_from(sorted(ENCODINGS)))
    def test_so_is_one_that_is_encoded_like_the_url(self, key: str, encoding: str, of_url: str) -> None:
        raw, url = ENCODINGS[encoding](key), f"{HOST}/{ENCODINGS[of_url](key)}"

        assert decoded(f"/{APPID}/{NAME}/{raw}", url) == key

    @given(keys)
    def test_without_a_url_the_key_is_taken_as_it_stands(self, key: str) -> None:
        assert decoded(f"/{APPID}/{NAME}/{key}", "") == key

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
            pytest.param("a%FF.mp4", "a%FF.mp4", "a%FF.mp4", id="what is no UTF-8 is no encoding"),
        ],
    )
    def test_awkward_keys(self, raw: str, path: str, key: str) -> None:
        assert decoded(f"/{APPID}/{NAME}/{raw}", f"{HOST}/{path}") == key


class TestTheOtherSpelling:
    """A key that does not exist is looked for once under its other spelling."""

    @pytest.mark.parametrize(
        ("raw", "path", "other"),
        [
            pytest.param("a%20b.mp4", "a%20b.mp4", "a%20b.mp4", id="decoded: the raw one"),
            pytest.param("a%20b.mp4", "a%2520b.mp4", "a b.mp4", id="taken as it stands: the decoded one"),
            pytest.param("a%20b.mp4", "something/else.mp4", "a b.mp4", id="the url does not help"),
            pytest.param("a%2Bb.mp4", "", "a+b.mp4", id="no url"),
            pytest.param("a b.mp4", "a%20b.mp4", None, id="nothing in it is encoded"),
            pytest.param("a+b.mp4", "a+b.mp4", None, id="a plus sign is no space"),
            pytest.param("100%.mp4", "100%25.mp4", None, id="a percent sign alone"),
            pytest.param("a%FF.mp4", "", None, id="what is no UTF-8"),
        ],
    )
    def test_is_the_one_that_was_not_chosen(self, raw: str, path: str, other: str | None) -> None:
        assert other_spelling(raw, f"{HOST}/{path}") == other

    @given(keys, st.sampled_from(sorted(ENCODINGS)), st.booleans())
    def test_one_of_the_two_is_the_key_even_beside_a_wrong_url(self, key: str, encoding: str, encoded: bool) -> None:
        told = ENCODINGS[encoding](key) if encoded else key

        assert key in decode_key(f"/{APPID}/{NAME}/{told}", f"{HOST}/another.mp4", APPID, NAME)


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
