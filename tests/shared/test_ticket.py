"""Tickets: only ours, only for their own object, only for a while."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain import ticket
from shared.domain.metadata import sealed_verdict
from shared.errors import ExpiredTicketError, ForgedTicketError
from shared.signing import Purpose, Secrets
from tests.shared.samples import AT, CONTENT, FOREIGN, PREVIOUS, SECRETS, VIDEO, any_text, contents, keys

if TYPE_CHECKING:
    from shared.domain.objects import Content

NOW = 1_767_225_600
WEEK = 7 * 86_400
TICKET = ticket.issue(SECRETS, CONTENT, NOW)
seconds = st.integers(0, 10**11)


def verify(text: str) -> ticket.Ticket:
    return ticket.verify(SECRETS, text, VIDEO.bucket, VIDEO.key)


@given(contents, seconds)
def test_what_was_issued_fits_into_user_data_and_is_read_back(content: Content, issued: int) -> None:
    text = ticket.issue(SECRETS, content, issued)

    assert ticket.verify(SECRETS, text, content.target.bucket, content.target.key) == ticket.Ticket(content, issued)
    # Printable ASCII, at most 1024 characters: https://www.tencentcloud.com/document/product/1045/73155
    assert len(text) <= 1024
    assert text.isascii()
    assert text.isprintable()
    assert ticket.looks_like_ticket(text)


@given(keys)
def test_a_ticket_is_for_its_own_key_only(key: str) -> None:
    assume(key != VIDEO.key)

    with pytest.raises(ForgedTicketError):
        ticket.verify(SECRETS, TICKET, VIDEO.bucket, key)


@pytest.mark.parametrize(
    ("bucket", "key"),
    [("videos-1250000001", VIDEO.key), (VIDEO.bucket, "uploads/other.mp4"), ("", VIDEO.key), (VIDEO.bucket, "")],
)
def test_a_ticket_is_for_its_own_object_only(bucket: str, key: str) -> None:
    with pytest.raises(ForgedTicketError):
        ticket.verify(SECRETS, TICKET, bucket, key)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("ap-beijing", "ap-shanghai"),
        (CONTENT.fingerprint.crc64, "1"),
        ("1029", "1030"),
        ("1029", "01029"),
        (str(NOW), str(NOW + 1)),
        (str(NOW), f"0{NOW}"),
        ("w1", "w2"),
    ],
)
def test_no_part_of_a_ticket_can_be_exchanged(part: str, other: str) -> None:
    assert TICKET.count(part) == 1

    with pytest.raises(ForgedTicketError):
        verify(TICKET.replace(part, other))


@given(st.integers(0, len(TICKET) - 1), st.characters())
def test_no_character_of_a_ticket_can_be_exchanged(place: int, character: str) -> None:
    assume(TICKET[place] != character)

    with pytest.raises(ForgedTicketError):
        verify(TICKET[:place] + character + TICKET[place + 1 :])


def test_no_end_of_a_ticket_can_be_left_out() -> None:
    for length in range(len(TICKET)):
        with pytest.raises(ForgedTicketError):
            verify(TICKET[:length])


@given(any_text.filter(bool))
def test_nothing_can_be_added_to_a_ticket(more: str) -> None:
    for text in (TICKET + more, more + TICKET):
        with pytest.raises(ForgedTicketError):
            verify(text)


@given(any_text | any_text.map("w1.".__add__))
def test_any_other_text_is_forged(text: str) -> None:
    with pytest.raises(ForgedTicketError):
        verify(text)


@pytest.mark.parametrize(
    "garbage",
    [
        "w1.ap-beijing.1.1.1." + "é" * 64,
        "w1.ap-beijing.１.1.1." + "0" * 64,
        "w1." + "9" * 100_000,
        "w1.\ud800",
        "w1.\0",
    ],
)
def test_garbage_beyond_ascii_is_forged_and_nothing_worse(garbage: str) -> None:
    with pytest.raises(ForgedTicketError):
        verify(garbage)


def test_another_deployments_ticket_is_forged() -> None:
    with pytest.raises(ForgedTicketError):
        verify(ticket.issue(Secrets(FOREIGN), CONTENT, NOW))


def test_a_ticket_signed_with_the_previous_secret_is_still_good() -> None:
    assert verify(ticket.issue(Secrets(PREVIOUS), CONTENT, NOW)).content == CONTENT


@pytest.mark.parametrize("age", [0, 1, WEEK, -1, -WEEK])
def test_a_ticket_is_good_for_its_lifetime_whatever_our_clock_says_of_its_beginning(age: int) -> None:
    verify(TICKET).require_fresh(NOW + age, WEEK)


@pytest.mark.parametrize("age", [WEEK + 1, 10 * WEEK])
def test_a_ticket_expires(age: int) -> None:
    with pytest.raises(ExpiredTicketError):
        verify(TICKET).require_fresh(NOW + age, WEEK)


def test_what_is_not_a_ticket_does_not_look_like_one() -> None:
    for text in ("", "This is my ExtractDigitalWatermark job.", "W1.", '{"id": 1}'):
        assert not ticket.looks_like_ticket(text)


def test_refusals_do_not_repeat_the_ticket() -> None:
    # A log is read by more people than may know a ticket that works for another moment or object.
    for text in (TICKET + "0", TICKET.replace("1029", "1030")):
        with pytest.raises(ForgedTicketError) as refusal:
            verify(text)
        assert TICKET[-64:] not in str(refusal.value)


def test_a_tickets_signature_is_no_seal() -> None:
    # Given a signature made for tickets, over the very texts that a seal would be over
    signature = SECRETS.sign(Purpose.TICKET, *CONTENT.identity, "", "found", "at", AT)

    fields = {"": "found", "-at": AT, "-seal": f"s1.{signature}"}

    metadata = {f"x-cos-meta-watermark{name}": value for name, value in fields.items()}

    assert sealed_verdict(metadata, SECRETS, CONTENT, prefix="watermark") is None


def test_a_content_in_another_region_has_another_ticket() -> None:
    elsewhere = replace(CONTENT, target=replace(VIDEO, region="ap-shanghai"))

    assert verify(ticket.issue(SECRETS, elsewhere, NOW)).content.target.region == "ap-shanghai"
