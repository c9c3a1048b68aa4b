"""The body of POST /jobs: every documented field, in its documented place, and nothing else."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.job_request import build, can_name
from shared.domain.objects import ObjectRef
from shared.settings import JobLevel
from tests.shared.samples import AWKWARD, VIDEO, settings

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: An element: its name, and its text or its children.
Node: TypeAlias = "tuple[str, str | list[Node]]"

TICKET = "w2.ap-beijing.1.2.3.1." + "0" * 64
URL = "https://1250000000-abc.ap-beijing.tencentscf.com/?a=1&b=<2>"

WITHOUT_ADDRESS: dict[str, str] = {}
TO_URL = {"CALLBACK_URL": URL}
TO_NOBODY = {"CALLBACK_URL": "no"}
TO_QUEUE = {"CALLBACK_TYPE": "TDMQ", "MQ_REGION": "bj", "MQ_NAME": "results"}
TO_TOPIC = {"CALLBACK_TYPE": "TDMQ", "MQ_REGION": "hk", "MQ_NAME": "results", "MQ_MODE": "Topic"}
#: How each way of being told is asked for: https://www.tencentcloud.com/document/product/1045/73155.
ADDRESSES: list[tuple[dict[str, str], list[Node]]] = [
    (WITHOUT_ADDRESS, [("CallBackType", "Url")]),
    (TO_URL, [("CallBackType", "Url"), ("CallBack", URL)]),
    (TO_NOBODY, [("CallBackType", "Url"), ("CallBack", "no")]),
    (
        TO_QUEUE,
        [
            ("CallBackType", "TDMQ"),
            ("CallBackMqConfig", [("MqRegion", "bj"), ("MqMode", "Queue"), ("MqName", "results")]),
        ],
    ),
    (
        TO_TOPIC,
        [
            ("CallBackType", "TDMQ"),
            ("CallBackMqConfig", [("MqRegion", "hk"), ("MqMode", "Topic"), ("MqName", "results")]),
        ],
    ),
    # A URL beside a queue is not sent: the type decides.
    (
        {**TO_QUEUE, **TO_URL},
        [
            ("CallBackType", "TDMQ"),
            ("CallBackMqConfig", [("MqRegion", "bj"), ("MqMode", "Queue"), ("MqName", "results")]),
        ],
    ),
]


def node(element: Element) -> Node:
    assert not element.attrib
    return (element.tag, [node(child) for child in element] if len(element) else element.text or "")


def expected(level: str, queue: list[Node], callback_format: str, address: list[Node]) -> Node:
    return (
        "Request",
        [
            ("Tag", "ExtractDigitalWatermark"),
            ("Input", [("Object", VIDEO.key)]),
            (
                "Operation",
                [
                    ("ExtractDigitalWatermark", [("Type", "Text"), ("Version", "V1")]),
                    ("UserData", TICKET),
                    ("JobLevel", level),
                ],
            ),
            *queue,
            ("CallBackFormat", callback_format),
            *address,
        ],
    )


@pytest.mark.parametrize(("variables", "address"), ADDRESSES)
def test_every_combination_of_settings_is_the_documented_document(
    variables: dict[str, str], address: list[Node]
) -> None:
    queues: list[tuple[dict[str, str], list[Node]]] = [({}, []), ({"QUEUE_ID": "p1"}, [("QueueId", "p1")])]
    for level, callback_format, (queue, queue_node) in product("012", ("JSON", "XML"), queues):
        chosen = settings(**variables, **queue, JOB_LEVEL=level, CALLBACK_FORMAT=callback_format)

        root = fromstring(build(chosen, VIDEO, TICKET, chosen.job_level))

        assert node(root) == expected(level, queue_node, callback_format, address)


def test_with_no_settings_the_documented_defaults_are_sent() -> None:
    root = fromstring(build(settings(), VIDEO, TICKET, JobLevel.LOW))

    assert node(root) == expected("0", [], "XML", [("CallBackType", "Url")])


# What XML 1.0 can carry (https://www.w3.org/TR/xml/#charsets), less the carriage return, which no parser keeps.
xml_characters = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff")
xml_keys = st.lists(
    st.sampled_from("\t\n\x85") | st.sampled_from(AWKWARD).filter(can_name) | xml_characters, min_size=1, max_size=12
)


@given(xml_keys.map("".join))
def test_any_key_that_xml_can_carry_arrives_as_it_is(key: str) -> None:
    body = build(settings(), ObjectRef("ap-beijing", "videos-1250000000", key), TICKET, JobLevel.LOW)

    assert can_name(key)
    assert fromstring(body).findtext("Input/Object") == key


@pytest.mark.parametrize("character", ["\r", "\0", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_key_that_xml_cannot_carry_is_known_before_it_is_asked_for(character: str) -> None:
    assert not can_name(f"a{character}b.mp4")


@given(st.text().filter(can_name))
def test_whatever_it_says_can_be_named_arrives(key: str) -> None:
    body = build(settings(), ObjectRef("ap-beijing", "videos-1250000000", key), TICKET, JobLevel.LOW)

    assert fromstring(body).findtext("Input/Object") == key


@pytest.mark.parametrize("key", ["</Object><Object>b.mp4", "&lt;.mp4", "]]>.mp4", "<!--.mp4", "a\tb\n.mp4", " a.mp4 "])
def test_a_key_is_text_and_never_markup(key: str) -> None:
    body = build(settings(), ObjectRef("ap-beijing", "videos-1250000000", key), TICKET, JobLevel.LOW)

    assert [child.text for child in fromstring(body).iterfind("Input/*")] == [key]


def test_the_document_is_utf_8_and_says_so() -> None:
    body = build(settings(), ObjectRef("ap-beijing", "videos-1250000000", "产品.mp4"), TICKET, JobLevel.LOW)

    assert body.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert "产品.mp4".encode() in body
