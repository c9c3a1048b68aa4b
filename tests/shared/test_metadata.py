"""Our metadata: sealed, within 2 KB, beside the user's own, and harmless whatever a video says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.metadata import (
    CAPACITY,
    FIELDS,
    Sealed,
    decode,
    field_of,
    read_fields,
    read_sealed,
    write_fields,
)
from shared.domain.result import Result, Verdict
from shared.errors import MetadataFullError
from shared.signing import Purpose, Secrets
from tests.shared.samples import (
    AT,
    CONTENT,
    CURRENT,
    PREVIOUS,
    SECRETS,
    STRANGERS,
    UPLOAD,
    VIDEO,
    any_text,
    contents,
    results,
    targets,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.domain.objects import Content, ObjectRef

OURS = "x-cos-meta-watermark"
FOUND = Result(Verdict.FOUND, AT, "j1", text="team-42")
FAILED = Result(Verdict.FAILED, AT, "j1", code="InvalidVideo", message="not a video")
#: Custom metadata that only looks like ours.
USERS = {
    "x-cos-meta-author": "ann",
    "x-cos-meta-watermark-colour": "red",
    "x-cos-meta-watermarks": "2",
    "x-cos-meta-watermark-text-2": "old",
    "x-cos-meta-my-watermark": "found",
    "x-cos-meta-watermark-": "dash",
    "x-cos-meta-caption": "\xe4\xba\xa7\xe5\x93\x81 raw bytes, 100% kept",
}
HOSTILE = {
    "line ends": "a\r\nx-cos-acl: public-read\r\n\r\nbody",
    "header name": "x-cos-meta-watermark-seal: s1.0",
    "right to left": "\u202egpj.exe\u2066",
    "braces": "{{7*7}} ${env} {0}",
    "percent": "%0d%0a %s %n 100%",
    "NUL": "a\0b",
    "quotes": "\"'`;--<script>",
    "escapes": "\x1b[2J\x07\x7f",
    "blank": " \t ",
    "emoji": "🎬" * 10,
}


def write(result: Result = FOUND, own: Mapping[str, str] | None = None) -> dict[str, str]:
    return write_fields(result, SECRETS, UPLOAD, prefix="watermark", own=own or {})


def verdict(
    metadata: Mapping[str, str], secrets: Secrets = SECRETS, content: Content = CONTENT, prefix: str = "watermark"
) -> Verdict | None:
    sealed = read_sealed(metadata, secrets, content, prefix=prefix)
    return sealed.result.verdict if sealed else None


def size(headers: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) for name, value in headers.items())


class TestFields:
    def test_a_watermark_that_was_found(self) -> None:
        metadata = write(FOUND)

        seal = metadata.pop(f"{OURS}-seal")
        assert metadata == {OURS: "found", f"{OURS}-text": "team-42", f"{OURS}-job": "j1", f"{OURS}-at": AT}
        assert seal.startswith("s1.")

    def test_a_failure(self) -> None:
        metadata = write(FAILED)

        assert metadata.keys() == {OURS, *(f"{OURS}-{name}" for name in ("code", "message", "job", "at", "seal"))}
        assert metadata[OURS] == "failed"
        assert decode(metadata[f"{OURS}-message"]) == "not a video"

    def test_names_follow_the_prefix_and_have_no_underscore(self) -> None:
        metadata = write_fields(FAILED, SECRETS, UPLOAD, prefix="acme-wm", own={})

        assert all(name.startswith("x-cos-meta-acme-wm") and "_" not in name for name in metadata)
        assert verdict(metadata, prefix="acme-wm") is Verdict.FAILED
        assert verdict(metadata) is None

    @pytest.mark.parametrize("field", FIELDS)
    def test_header_names_are_found_in_any_case(self, field: str) -> None:
        header = f"{OURS}-{field}" if field else OURS

        assert field_of(header, "watermark") == field
        assert field_of(header.title(), "watermark") == field

    @pytest.mark.parametrize("header", [*USERS, "watermark", "x-cos-meta-", "content-type", f"{OURS}-seal "])
    def test_no_other_header_is_ours(self, header: str) -> None:
        assert field_of(header, "watermark") is None

    def test_fields_are_read_whoever_wrote_them(self) -> None:
        own = {**USERS, OURS: "found", "X-Cos-Meta-Watermark-Text": "typed%20in"}

        assert read_fields(own, "watermark") == {"": "found", "text": "typed%20in"}


class TestSeal:
    @given(results, contents)
    def test_what_was_sealed_is_read_back_with_its_seal(self, result: Result, content: Content) -> None:
        upload = replace(UPLOAD, content=content)
        metadata = write_fields(result, SECRETS, upload, prefix="watermark", own=USERS)

        sealed = read_sealed(metadata, SECRETS, content, prefix="watermark")

        assert sealed == Sealed(result, metadata[f"{OURS}-seal"])

    @given(targets)
    def test_it_is_for_the_bytes_under_whatever_key_or_in_whatever_bucket_they_lie(self, target: ObjectRef) -> None:
        # A video that was renamed, copied or replicated with its metadata keeps its answer.
        metadata = write_fields(FOUND, SECRETS, replace(UPLOAD, target=target), prefix="watermark", own={})

        assert metadata == write(FOUND)

    def test_it_outlives_one_rotation_of_the_secret(self) -> None:
        assert verdict(write(), Secrets(b"the next secret of 32 bytes, too", CURRENT)) is Verdict.FOUND
        assert verdict(write(), Secrets(b"the next secret of 32 bytes, too", PREVIOUS)) is None

    def test_strangers_cannot_make_it(self) -> None:
        metadata = write_fields(FOUND, STRANGERS, UPLOAD, prefix="watermark", own={})

        assert verdict(metadata) is None

    @pytest.mark.parametrize("field", FIELDS)
    @pytest.mark.parametrize("value", ["", "found", "x", "none"])
    def test_changing_or_adding_a_field_breaks_it(self, field: str, value: str) -> None:
        metadata = write()
        header = f"{OURS}-{field}" if field else OURS
        if metadata.get(header) == value:
            return

        assert verdict({**metadata, header: value}) is None

    @pytest.mark.parametrize("header", list(write()))
    def test_taking_a_field_away_breaks_it(self, header: str) -> None:
        metadata = write()
        del metadata[header]

        assert verdict(metadata) is None

    @given(any_text)
    def test_no_text_can_take_the_place_of_another(self, text: str) -> None:
        assume(text != "team-42")

        assert verdict({**write(), f"{OURS}-text": text}) is None

    @pytest.mark.parametrize(
        "other",
        [replace(CONTENT, crc64="1"), replace(CONTENT, size=1)],
    )
    def test_other_bytes_do_not_have_it(self, other: Content) -> None:
        assert verdict(write(), content=other) is None

    def test_the_users_own_metadata_is_no_part_of_it(self) -> None:
        assert verdict({**write(own=USERS), "x-cos-meta-author": "bob"}) is Verdict.FOUND

    @pytest.mark.parametrize(
        "invented",
        [
            {},
            {OURS: "found"},
            {OURS: "found", f"{OURS}-seal": ""},
            {OURS: "found", f"{OURS}-seal": "s1."},
            {OURS: "found", f"{OURS}-seal": "s1." + "0" * 64},
            {OURS: "found", f"{OURS}-seal": "s1.\xff\xfe"},
            {f"{OURS}-seal": "s1." + "0" * 64},
        ],
    )
    def test_what_an_uploader_invents_is_not_ours(self, invented: dict[str, str]) -> None:
        assert verdict(invented) is None

    def test_another_version_of_it_is_not_believed(self) -> None:
        seal = write()[f"{OURS}-seal"]

        assert verdict({**write(), f"{OURS}-seal": seal.replace("s1.", "s2.")}) is None

    def test_a_signature_for_another_purpose_is_no_seal(self) -> None:
        signature = SECRETS.sign(Purpose.TICKET, CONTENT.crc64, str(CONTENT.size), "", "found")

        assert verdict({OURS: "found", f"{OURS}-seal": f"s1.{signature}"}) is None

    def test_a_sealed_verdict_that_this_version_does_not_know_is_none(self) -> None:
        signature = SECRETS.sign(Purpose.SEAL, CONTENT.crc64, str(CONTENT.size), "", "perhaps")

        assert verdict({OURS: "perhaps", f"{OURS}-seal": f"s1.{signature}"}) is None


class TestUsersOwn:
    @pytest.mark.parametrize("result", [FOUND, FAILED])
    def test_it_is_kept_as_it_is(self, result: Result) -> None:
        metadata = write(result, own=USERS)

        assert {name: value for name, value in metadata.items() if field_of(name, "watermark") is None} == USERS

    def test_only_the_fields_of_an_earlier_result_are_replaced(self) -> None:
        # Given an object that carries a failure
        before = write(FAILED, own=USERS)

        # When a later job succeeds
        after = write(FOUND, own=before)

        # Then nothing of the failure is left, and all of the user's own
        assert after == {**USERS, **write(FOUND)}

    def test_fields_that_the_uploader_invented_are_replaced(self) -> None:
        assert write(own={OURS: "none", f"{OURS}-message": "all fine"}) == write()


class TestCapacity:
    LONG = Result(Verdict.FAILED, AT, "j" * 100, code="c" * 100, message="m" * 100)

    def test_optional_fields_are_dropped_in_order_when_room_gets_short(self) -> None:
        seen: list[set[str]] = []
        for length in range(0, CAPACITY, 10):
            try:
                metadata = write(self.LONG, own={"x-cos-meta-own": "o" * length})
            except MetadataFullError:
                break
            fields = {name.removeprefix(OURS).lstrip("-") for name in metadata if name.startswith(OURS)}
            if fields not in seen:
                seen.append(fields)

        assert seen == [
            {"", "message", "at", "job", "code", "seal"},
            {"", "at", "job", "code", "seal"},
            {"", "job", "code", "seal"},
            {"", "code", "seal"},
            {"", "seal"},
        ]

    @given(results, st.integers(0, CAPACITY + 100))
    def test_it_fits_and_is_sealed_or_it_is_refused(self, result: Result, length: int) -> None:
        own = {"x-cos-meta-own": "o" * length}
        try:
            metadata = write(result, own=own)
        except MetadataFullError:
            assert size(own) + size(write(Result(result.verdict, "", text=result.text))) > CAPACITY
            return
        assert size(metadata) <= CAPACITY
        assert metadata["x-cos-meta-own"] == own["x-cos-meta-own"]
        assert decode(metadata.get(f"{OURS}-text", "")) == result.text
        assert verdict(metadata) is result.verdict

    def test_two_kilobytes_are_used_to_the_last_byte(self) -> None:
        bare = Result(Verdict.NONE, "")
        room = CAPACITY - size(write(bare)) - len("x-cos-meta-own")

        assert size(write(bare, own={"x-cos-meta-own": "o" * room})) == CAPACITY
        with pytest.raises(MetadataFullError):
            write(bare, own={"x-cos-meta-own": "o" * (room + 1)})

    def test_the_refusal_tells_the_numbers_and_the_object(self) -> None:
        own = {"x-cos-meta-own": "o" * 2000}
        needed = size(own) + size(write(Result(Verdict.NONE, "")))

        with pytest.raises(MetadataFullError, match=rf"{VIDEO}.* {needed} .* {size(own)}.* {CAPACITY}"):
            write(Result(Verdict.NONE, AT), own=own)

    def test_a_huge_message_is_left_out_and_a_huge_text_refused(self) -> None:
        assert f"{OURS}-message" not in write(replace(FAILED, message="m" * 10_000))
        with pytest.raises(MetadataFullError):
            write(replace(FOUND, text="t" * 10_000))


class TestHostileTexts:
    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
    @pytest.mark.parametrize("field", ["text", "code", "message", "job"])
    def test_a_text_lands_in_its_own_field_and_nowhere_else(self, text: str, field: str) -> None:
        result = Result(Verdict.FOUND, AT, **{field: text})

        metadata = write(result, own=USERS)

        assert metadata.keys() - USERS.keys() == {OURS, f"{OURS}-{field}", f"{OURS}-at", f"{OURS}-seal"}
        assert decode(metadata[f"{OURS}-{field}"]) == text
        assert_harmless(metadata[f"{OURS}-{field}"])
        assert verdict(metadata) is Verdict.FOUND

    @given(any_text, any_text, any_text, any_text)
    def test_whatever_the_texts_the_headers_are_plain(self, text: str, code: str, message: str, job: str) -> None:
        try:
            metadata = write(Result(Verdict.FAILED, AT, job, text, code, message))
        except MetadataFullError:
            return
        for name, value in metadata.items():
            assert field_of(name, "watermark") is not None
            assert_harmless(value)

    def test_half_a_character_becomes_a_question_mark(self) -> None:
        assert decode(write(replace(FOUND, text="a\ud800b"))[f"{OURS}-text"]) == "a?b"

    def test_a_documented_watermark_stays_readable(self) -> None:
        # Letters, digits, `_`, `-` and `*` are all that CI embeds.
        assert write(replace(FOUND, text="Az09_-*"))[f"{OURS}-text"] == "Az09_-*"


def assert_harmless(value: str) -> None:
    assert value.isascii()
    assert value.isprintable()
    assert not set(value) & set(" \"'<>\\{}|^`,;=()[]/?&#+$@!")
