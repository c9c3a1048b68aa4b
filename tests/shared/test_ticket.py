"""Tickets: only ours, only for their own object, and all that a callback needs to know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.job import Job
from shared.domain.metadata import read_sealed
from shared.domain.ticket import Ticket, looks_like_ticket, ticket_of
from shared.errors import TicketError
from shared.signing import Purpose, Secrets
from tests.shared.samples import (
    AT,
    CONTENT,
    FOREIGN,
    MODIFIED,
    PREVIOUS,
    RUN_ID,
    SECRETS,
    UPLOAD,
    VIDEO,
    any_text,
    keys,
    uploads,
)

if TYPE_CHECKING:
    from shared.domain.objects import Upload

THIRD = Ticket(UPLOAD, 3)
TICKET = THIRD.sign(SECRETS)
#: Of a job that an operator's run asked for, to replace the result under that seal.
REPLACED = "0123456789abcdef"
RECHECK = Ticket(replace(UPLOAD, run=RUN_ID), 3, REPLACED)
numbers = st.integers(1, 999_999)
#: What a re-check may replace: a seal, or nothing. Nothing else replaces any.
replaced = st.just("") | st.from_regex(r"[0-9a-f]{16}", fullmatch=True)


def job(text: str, bucket: str = VIDEO.bucket, key: str = VIDEO.key) -> Job:
    return Job(bucket=bucket, key=key, ticket=text)


def read(text: str) -> Ticket:
    return ticket_of(job(text), SECRETS)


@given(uploads, numbers, replaced)
def test_what_was_issued_fits_into_user_data_and_is_read_back(upload: Upload, number: int, seal: str) -> None:
    ticket = Ticket(upload, number, seal if upload.run else "")

    text = ticket.sign(SECRETS)

    assert ticket_of(job(text, upload.target.bucket, upload.target.key), SECRETS) == ticket
    # Printable ASCII, at most 1024 characters: https://www.tencentcloud.com/document/product/1045/73155
    assert len(text) <= 1024
    assert text.isascii()
    assert text.isprintable()
    assert looks_like_ticket(text)


def test_it_says_region_content_time_and_attempt() -> None:
    said, _, signature = TICKET.rpartition(".")

    assert said == "w2.ap-beijing.13464384021742137342.1029.1767225600.3"
    assert len(signature) == 64


def test_that_of_a_re_check_also_says_its_run_and_the_seal_that_it_replaces() -> None:
    said, _, signature = RECHECK.sign(SECRETS).rpartition(".")

    assert said == f"w2.ap-beijing.13464384021742137342.1029.1767225600.3.{RUN_ID}.{REPLACED}"
    assert len(signature) == 64


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (RUN_ID, "20260101T080001Z-4f2a"),
        (RUN_ID, RUN_ID.lower()),
        (RUN_ID, RUN_ID[:-1]),
        (RUN_ID, ""),
        (REPLACED, REPLACED[:-1] + "0"),
        (REPLACED, REPLACED.upper()),
        (REPLACED, REPLACED[:-1]),
        (REPLACED, ""),
        (f".{RUN_ID}.{REPLACED}", ""),
    ],
)
def test_no_part_of_what_a_re_check_says_can_be_exchanged(part: str, other: str) -> None:
    text = RECHECK.sign(SECRETS)
    assert text.count(part) == 1

    with pytest.raises(TicketError):
        read(text.replace(part, other))


def test_an_uploads_ticket_is_none_for_a_re_check_of_it() -> None:
    # Given one that says nothing of a run, with the words of a re-check put in
    said, _, signature = TICKET.rpartition(".")

    with pytest.raises(TicketError):
        read(f"{said}.{RUN_ID}..{signature}")


@given(keys)
def test_a_ticket_is_for_its_own_key_only(key: str) -> None:
    assume(key != VIDEO.key)

    with pytest.raises(TicketError):
        ticket_of(job(TICKET, key=key), SECRETS)


@pytest.mark.parametrize(
    ("bucket", "key"),
    [("videos-1250000001", VIDEO.key), (VIDEO.bucket, "uploads/other.mp4"), ("", VIDEO.key), (VIDEO.bucket, "")],
)
def test_a_ticket_is_for_its_own_object_only(bucket: str, key: str) -> None:
    with pytest.raises(TicketError):
        ticket_of(job(TICKET, bucket, key), SECRETS)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("ap-beijing", "ap-shanghai"),
        (CONTENT.crc64, "1"),
        (".1029.", ".1030."),
        (".1029.", ".01029."),
        (str(MODIFIED), str(MODIFIED + 1)),
        (str(MODIFIED), f"0{MODIFIED}"),
        (".3.", ".4."),
        (".3.", ".03."),
        ("w2", "w1"),
        ("w2", "w3"),
    ],
)
def test_no_part_of_a_ticket_can_be_exchanged(part: str, other: str) -> None:
    assert TICKET.count(part) == 1

    with pytest.raises(TicketError):
        read(TICKET.replace(part, other))


@given(st.integers(0, len(TICKET) - 1), st.characters())
def test_no_character_of_a_ticket_can_be_exchanged(place: int, character: str) -> None:
    assume(TICKET[place] != character)

    with pytest.raises(TicketError):
        read(TICKET[:place] + character + TICKET[place + 1 :])


def test_no_end_of_a_ticket_can_be_left_out() -> None:
    for length in range(len(TICKET)):
        with pytest.raises(TicketError):
            read(TICKET[:length])


@given(any_text.filter(bool))
def test_nothing_can_be_added_to_a_ticket(more: str) -> None:
    for text in (TICKET + more, more + TICKET):
        with pytest.raises(TicketError):
            read(text)


@given(any_text | any_text.map("w2.".__add__))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(TicketError):
        read(text)


@pytest.mark.parametrize(
    "garbage",
    [
        "w2.ap-beijing.1.1.1.1." + "é" * 64,
        "w2.ap-beijing.１.1.1.1." + "0" * 64,
        "w2.ap-beijing.1.1.1.0." + "0" * 64,
        "w2." + "9" * 100_000,
        "w2.\ud800",
        "w2.\0",
    ],
)
def test_garbage_is_refused_and_nothing_worse(garbage: str) -> None:
    with pytest.raises(TicketError):
        read(garbage)


def test_another_deployments_ticket_is_refused() -> None:
    with pytest.raises(TicketError):
        read(THIRD.sign(Secrets(FOREIGN)))


def test_a_ticket_signed_with_the_previous_secret_is_still_good() -> None:
    assert read(THIRD.sign(Secrets(PREVIOUS))) == THIRD


@pytest.mark.parametrize("modified", [0, MODIFIED - 400 * 86_400])
def test_it_does_not_expire_for_a_callback_that_is_played_back_meets_its_answer(modified: int) -> None:
    old = Ticket(replace(UPLOAD, modified=modified), 1)

    assert read(old.sign(SECRETS)) == old


def test_what_is_not_a_ticket_does_not_look_like_one() -> None:
    for text in ("", "This is my ExtractDigitalWatermark job.", "W2.", "w1.x", '{"id": 1}'):
        assert not looks_like_ticket(text)


def test_refusals_do_not_repeat_the_ticket() -> None:
    # A log is read by more people than may know a ticket that works for another object.
    for text in (TICKET + "0", TICKET.replace("1029", "1030")):
        with pytest.raises(TicketError) as refusal:
            read(text)
        assert TICKET[-64:] not in str(refusal.value)


def test_a_tickets_signature_is_no_seal() -> None:
    # Given a signature made for tickets, over the very texts that a seal would be over
    signature = SECRETS.sign(Purpose.TICKET, CONTENT.crc64, str(CONTENT.size), "", "found", "at", AT)
    fields = {"": "found", "-at": AT, "-seal": f"s1.{signature}"}
    metadata = {f"x-cos-meta-watermark{name}": value for name, value in fields.items()}

    assert read_sealed(metadata, SECRETS, CONTENT, prefix="watermark") is None


def test_an_upload_in_another_region_has_another_ticket() -> None:
    elsewhere = Ticket(replace(UPLOAD, target=replace(VIDEO, region="ap-shanghai")), 3)

    assert elsewhere.sign(SECRETS) != TICKET
    assert read(elsewhere.sign(SECRETS)).upload.target.region == "ap-shanghai"
