"""Which callback URLs are accepted: those that CI can reach from outside."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.callback_url import check_callback_url
from shared.errors import ConfigurationError
from tests.shared.samples import any_text, settings

PRIVATE = [
    "10.0.0.1", "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F000001", "0177.0.0.1", "0x7f.1",
    "017700000001", "0", "0.0.0.0",  # noqa: S104 - nobody binds to it
    "0x", "127.0.0.1.", "169.254.169.254", "172.16.0.1", "192.168.1.1", "192.168.257",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[fc00::1]", "[fdff::1]", "[fe80::1]", "[ff02::1]", "[::ffff:10.0.0.1]",
    "[::ffff:7f00:1]", "[2002:7f00:1::]", "[64:ff9b::10.0.0.1]", "[::127.0.0.1]", "[2001:db8::1]",
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "callback", "callback.", "metadata.internal",
    "metadata.tencentyun.internal", "printer.local", "printer.LOCAL.",
]  # fmt: skip
MALFORMED = [
    "", "https://", "https:///", "https:/example.com", "example.com", "//example.com/", "ftp://example.com/", "NO",
    "no ",
    "https://[host/", "https://[/", "https://]/", "https://[]/", "https://[::1/", "https://[::g]/", "https://[1.2.3.4]/",
    "https://[fe80::1%25eth0]/", "https://[fe80::1%1]/", "https://:443/", "https://@/", "https://example.com:port/",
    "https://example.com:0/", "https://example.com:65536/", "https://example.com:-1/", "https://example.com:+80/",
    "https://example.com:8_0/", "https://example.com:80:80/", "https://user@example.com/",
    "https://user:password@example.com/", "https://example.com@10.0.0.1/", "https://10.0.0.1\\@example.com/",
    "https://example.com/a b", "https://example.com/\n", "https://exam\tple.com/", "https://example.com/\x7f",
    " https://example.com/", "https://example.com ", "https://exa mple.com/", "https://example.com/水印",
    "https://example..com/", "https://.example.com/", "https://-a.example.com/", "https://a-.example.com/",
    "https://%31%30.0.0.1/", "https://ex%61mple.com/", "https://1.2.3.4.5/", "https://1.2.3.256/", "https://08.1.1.1/",
    "https://4294967296/", "https://example.1/", "https://0x1g.0x1/", "https://１０.０.０.１/", "https://faß.de/",
    "https://" + "a" * 64 + ".com/", "https://" + "a." * 130 + "com/",
]  # fmt: skip
PUBLIC = [
    "https://1300000000-abc.ap-beijing.tencentscf.com", "https://example.com", "http://example.com/",
    "https://example.com:8443/push?token=x&y=%20#z", "https://EXAMPLE.com/", "https://example.com./",
    "https://my_host.example.com/", "https://127.0.0.1.nip.io/", "https://localhost.example.com/",
    "https://xn--fsq.com/", "https://8.8.8.8/", "https://0x08080808/", "https://[2606:4700::1111]/",
    "https://[::ffff:8.8.8.8]:443/", "https://example.com/@", "no",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
@pytest.mark.parametrize("around", ["https://{}/", "http://{}:8080/a?b"])
def test_a_host_that_is_not_public_is_refused(host: str, around: str) -> None:
    with pytest.raises(ValueError, match="public host"):
        check_callback_url(around.format(host))


@pytest.mark.parametrize("url", MALFORMED)
def test_what_no_browser_would_open_so_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must be an http\(s\) URL"):
        check_callback_url(url)


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_one_stays_as_it_is(url: str) -> None:
    assert check_callback_url(url) == url


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://例.com/", "https://xn--fsq.com/"),
        ("http://回调.例.cn:8080/a", "http://xn--zbss05j.xn--fsq.cn:8080/a"),
    ],
)
def test_a_host_in_another_script_is_written_as_it_is_looked_up(url: str, sent: str) -> None:
    assert check_callback_url(url) == sent


def test_the_refusal_names_the_variable_and_never_shows_the_value() -> None:
    for value in ("https://user:pass-phrase@example.com/", "https://pass-phrase/"):
        with pytest.raises(ConfigurationError, match="WATERMARK_CALLBACK_URL: must be") as raised:
            settings(CALLBACK_URL=value)
        assert "pass-phrase" not in str(raised.value)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_every_spelling_of_an_address_means_the_same(number: int, spelling: str) -> None:
    def accepted(host: str) -> bool:
        with suppress(ValueError):
            return bool(check_callback_url(f"https://{host}/"))
        return False

    dotted = str(ipaddress.IPv4Address(number))
    high, low = number >> 24, number & 0xFFFFFF

    assert accepted(spelling.format(number)) == accepted(dotted)
    assert accepted(f"{spelling.format(high)}.{spelling.format(low)}") == accepted(dotted)


@given(any_text | any_text.map("https://{}/".format))
def test_any_text_is_accepted_or_refused(value: str) -> None:
    with suppress(ValueError):
        assert check_callback_url(value).isascii()
