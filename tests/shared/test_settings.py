"""Settings and credentials: what is accepted, what is refused and in which words, and that no secret ever shows."""

from __future__ import annotations

import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.errors import ConfigurationError
from shared.settings import (
    CallbackFormat,
    CallbackType,
    JobLevel,
    MqMode,
    MqRegion,
    Reuse,
    Scheme,
    Settings,
    read_credentials,
    read_settings,
    variable,
)
from shared.signing import Purpose, Secrets
from tests.shared.samples import CURRENT, PREVIOUS, any_text, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET = CURRENT.decode()
LEAST = {"WATERMARK_SECRET": SECRET, "WATERMARK_LEDGER_BUCKET": "ledger-1250000000"}
MQ = {"CALLBACK_TYPE": "TDMQ", "MQ_REGION": "bj", "MQ_NAME": "results"}
KEYS = {"TENCENTCLOUD_SECRETID": "AKIDexample", "TENCENTCLOUD_SECRETKEY": "a very secret key"}


def refusal(environment: Mapping[str, str]) -> str:
    """The whole of what a log could show of the refusal."""
    with pytest.raises(ConfigurationError) as raised:
        read_settings(environment)
    return "".join(traceback.format_exception(raised.value)) + repr(raised.value)


class TestReading:
    def test_the_least_there_must_be(self) -> None:
        read = read_settings(LEAST)

        assert read.secrets == Secrets(CURRENT)
        assert (read.callback_type, read.callback_url) == (CallbackType.URL, None)
        assert (read.callback_format, read.job_level, read.queue_id) == (CallbackFormat.XML, JobLevel.LOW, None)
        assert (read.ledger_bucket, read.ledger_prefix) == ("ledger-1250000000", "")
        assert read.metadata_prefix == "watermark"
        assert read.none_codes == frozenset()
        assert read.give_up_after == 30 * 86_400
        assert read.scheme is Scheme.HTTPS
        assert {".mp4", ".m2ts"} <= set(read.suffixes)
        assert (read.include, read.exclude, read.max_size, read.min_age) == ((), (), None, 0)
        assert (read.max_jobs_per_day, read.reuse_answers, read.waiting_in_flight) == (None, Reuse.YES, 50)

    def test_everything_there_can_be(self) -> None:
        read = settings(
            SECRET_PREVIOUS=PREVIOUS.decode(), CALLBACK_TYPE="TDMQ", CALLBACK_FORMAT="JSON", MQ_REGION="gz",
            MQ_MODE="Topic", MQ_NAME="results", MQ_ENDPOINT="https://cmq-gz.public.tencenttdmq.com:8443/",
            MQ_POLL_WAIT="0", QUEUE_ID="p1", JOB_LEVEL="2", SUFFIXES="mp4,mov", LEDGER_BUCKET="notes-10000",
            LEDGER_PREFIX="watermark/", METADATA_PREFIX="wm", NONE_CODES="NoWatermark, 1234", GIVE_UP_AFTER="7200",
            SCHEME="http", CALLBACK_URL="no", INCLUDE="uploads/**, in/*", EXCLUDE="*.part.mp4", MAX_SIZE="2GB",
            MIN_AGE="60", MAX_JOBS_PER_DAY="9999999", REUSE_ANSWERS="no", WAITING_IN_FLIGHT="10000",
        )  # fmt: skip

        assert read.secrets == Secrets(CURRENT, PREVIOUS)
        assert (read.callback_type, read.callback_format) == (CallbackType.TDMQ, CallbackFormat.JSON)
        assert (read.mq_region, read.mq_mode, read.mq_name) == (MqRegion.GUANGZHOU, MqMode.TOPIC, "results")
        assert read.mq_endpoint == "https://cmq-gz.public.tencenttdmq.com:8443/"
        assert read.mq_poll_wait == 0
        assert (read.queue_id, read.job_level) == ("p1", JobLevel.HIGH)
        assert read.suffixes == (".mp4", ".mov")
        assert (read.ledger_bucket, read.ledger_prefix, read.metadata_prefix) == ("notes-10000", "watermark/", "wm")
        assert read.none_codes == {"NoWatermark", "1234"}
        assert read.give_up_after == 7200
        assert (read.callback_url, read.scheme) == ("no", Scheme.HTTP)
        assert [[glob.text for glob in globs] for globs in (read.include, read.exclude)] == [
            ["uploads/**", "in/*"],
            ["*.part.mp4"],
        ]
        assert (read.max_size, read.min_age) == (2 * 1024**3, 60)
        assert (read.max_jobs_per_day, read.reuse_answers, read.waiting_in_flight) == (9_999_999, Reuse.NO, 10_000)

    def test_other_peoples_variables_are_not_looked_at(self) -> None:
        others = {"SECRET": "x", "SCF_NAMESPACE": "default", "watermark_typo": "x", "TENCENTCLOUD_REGION": "ap-beijing"}

        assert read_settings({**LEAST, **others}) == read_settings(LEAST)

    @pytest.mark.parametrize(
        ("text", "suffixes"),
        [
            ("mp4", (".mp4",)),
            (".mp4", (".mp4",)),
            ("MP4, .Mov ,mkv", (".mp4", ".mov", ".mkv")),
            ("3gp", (".3gp",)),
            (" * ", ("",)),
        ],
    )
    def test_suffixes_are_a_list_in_any_case_with_or_without_dots(self, text: str, suffixes: tuple[str, ...]) -> None:
        assert settings(SUFFIXES=text).suffixes == suffixes

    @pytest.mark.parametrize(
        ("text", "size"),
        [
            ("1", 1),
            ("2147483648", 2147483648),
            ("7B", 7),
            ("100kb", 100 * 1024),
            ("500MB", 500 * 1024**2),
            ("2 GB", 2 * 1024**3),
            ("1Tb", 1024**4),
        ],
    )
    def test_a_size_is_a_number_of_bytes_or_has_a_unit_of_1024s(self, text: str, size: int) -> None:
        assert settings(MAX_SIZE=text).max_size == size

    @pytest.mark.parametrize(
        ("chosen", "polled"),
        [
            ({}, False),
            (MQ, True),
            ({**MQ, "CALLBACK_TYPE": "Url"}, True),
            ({**MQ, "MQ_MODE": "Topic"}, False),
            ({"MQ_NAME": "results"}, False),
            ({"MQ_REGION": "bj"}, False),
        ],
    )
    def test_a_queue_is_polled_while_it_is_named(self, chosen: dict[str, str], polled: bool) -> None:
        assert settings(**chosen).has_queue is polled

    @pytest.mark.parametrize("name", ["r", "results", "my_queue", "my-queue-2", "M" * 64])
    def test_queue_names_may_hold_underscores(self, name: str) -> None:
        assert settings(MQ_NAME=name).mq_name == name

    def test_settings_cannot_be_changed(self) -> None:
        with pytest.raises(ValidationError):
            settings().queue_id = "p1"  # type: ignore[misc] # that it is frozen is the point

    def test_fields_and_variables_are_named_alike(self) -> None:
        assert variable("mq_region") == "WATERMARK_MQ_REGION"


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("SECRET", "31 bytes are one less than enough"[:31]),
            ("SECRET_PREVIOUS", "short"),
            ("CALLBACK_TYPE", "URL"),
            ("CALLBACK_TYPE", "Kafka"),
            ("CALLBACK_URL", "ftp://example.com/"),
            ("CALLBACK_URL", "https://10.0.0.1/"),
            ("CALLBACK_FORMAT", "json"),
            ("MQ_REGION", "ap-beijing"),
            ("MQ_MODE", "queue"),
            ("MQ_NAME", "1st"),
            ("MQ_NAME", "a b"),
            ("MQ_NAME", "results\n"),
            ("MQ_NAME", "m" * 65),
            ("MQ_NAME", "_queue"),
            ("MQ_ENDPOINT", "cmq-bj.public.tencenttdmq.com"),
            ("MQ_ENDPOINT", "https://cmq-bj.public.tencenttdmq.com/v2/index.php"),
            ("MQ_ENDPOINT", "https://user@cmq-bj.public.tencenttdmq.com"),
            ("MQ_ENDPOINT", "https://cmq-bj.public.tencenttdmq.com:port"),
            ("MQ_ENDPOINT", "ftp://cmq-bj.public.tencenttdmq.com"),
            ("MQ_POLL_WAIT", "-1"),
            ("MQ_POLL_WAIT", "31"),
            ("QUEUE_ID", "p1/../x"),
            ("JOB_LEVEL", "3"),
            ("JOB_LEVEL", "high"),
            ("SUFFIXES", "mp4,"),
            ("SUFFIXES", "*.mp4"),
            ("SUFFIXES", "tar.gz"),
            ("SUFFIXES", "*,mp4"),
            ("INCLUDE", "uploads/"),
            ("EXCLUDE", "/uploads/**"),
            ("EXCLUDE", "raw/**,"),
            ("MAX_SIZE", "0"),
            ("MAX_SIZE", "0MB"),
            ("MAX_SIZE", "-1"),
            ("MAX_SIZE", "1.5GB"),
            ("MAX_SIZE", "2G"),
            ("MAX_SIZE", "2GiB"),
            ("MAX_SIZE", "2  GB"),
            ("MAX_SIZE", "GB"),
            ("MAX_SIZE", "٣MB"),
            ("MIN_AGE", "-1"),
            ("MIN_AGE", "604801"),
            ("MAX_JOBS_PER_DAY", "-1"),
            ("MAX_JOBS_PER_DAY", "10000000"),
            ("MAX_JOBS_PER_DAY", "no"),
            ("REUSE_ANSWERS", "No"),
            ("WAITING_IN_FLIGHT", "0"),
            ("WAITING_IN_FLIGHT", "10001"),
            ("LEDGER_BUCKET", "ledger"),
            ("LEDGER_BUCKET", "ledger-1250000000,other-1250000000"),
            ("LEDGER_BUCKET", "ledger-1250000000.cos.ap-beijing.myqcloud.com"),
            ("LEDGER_BUCKET", "Ledger-1250000000"),
            ("LEDGER_BUCKET", "ledger-1250000000/x"),
            ("LEDGER_PREFIX", "ledger"),
            ("LEDGER_PREFIX", "/ledger/"),
            ("LEDGER_PREFIX", "ledger//"),
            ("LEDGER_PREFIX", "/"),
            ("LEDGER_PREFIX", "ledger*/"),
            ("LEDGER_PREFIX", "ledger?/"),
            ("NONE_CODES", "NoWatermark,"),
            ("NONE_CODES", "No watermark"),
            ("METADATA_PREFIX", "water_mark"),
            ("METADATA_PREFIX", "Watermark"),
            ("METADATA_PREFIX", "-wm"),
            ("METADATA_PREFIX", "wm-"),
            ("METADATA_PREFIX", "w" * 65),
            ("GIVE_UP_AFTER", "0"),
            ("GIVE_UP_AFTER", "-5"),
            ("GIVE_UP_AFTER", "31536001"),
            ("GIVE_UP_AFTER", "1.5"),
            ("GIVE_UP_AFTER", "five"),
            ("SCHEME", "HTTPS"),
        ],
    )
    def test_a_wrong_value_is_refused_by_its_variables_name(self, name: str, value: str) -> None:
        assert f"WATERMARK_{name}: " in refusal({**LEAST, f"WATERMARK_{name}": value})

    def test_a_limit_of_no_jobs_is_told_of_the_pause(self) -> None:
        assert "write the object `paused` into the ledger" in refusal({**LEAST, "WATERMARK_MAX_JOBS_PER_DAY": "0"})

    def test_a_wrong_pattern_is_counted_and_not_shown(self) -> None:
        shown = refusal({**LEAST, "WATERMARK_INCLUDE": "a/**, private/"})

        assert "WATERMARK_INCLUDE: item 2: ends with `/`" in shown
        assert "private" not in shown

    @pytest.mark.parametrize(
        "name", ["LEDGER_BUCKET", "NONE_CODES", "MQ_NAME", "QUEUE_ID", "METADATA_PREFIX", "MQ_ENDPOINT", "MAX_SIZE"]
    )
    def test_what_a_value_must_be_is_said_in_words(self, name: str) -> None:
        shown = refusal({**LEAST, f"WATERMARK_{name}": "-,"})

        assert ": must be " in shown
        assert "pattern" not in shown

    @pytest.mark.parametrize("field", Settings.model_fields)
    def test_a_wrong_value_is_never_shown(self, field: str) -> None:
        # Somebody may have put a secret into the wrong variable.
        shown = refusal({**LEAST, variable(field): "wröng {and} private"})

        assert "private" not in shown
        assert SECRET not in shown

    @pytest.mark.parametrize("field", sorted(Settings.model_fields.keys() - {"ledger_prefix"}))
    def test_an_empty_value_is_refused(self, field: str) -> None:
        # The platform does not allow one; here it would only hide a mistake. An empty prefix is the usual one.
        assert f"{variable(field)}: " in refusal({**LEAST, variable(field): ""})

    @given(st.sampled_from(sorted(Settings.model_fields)), any_text)
    def test_any_value_is_accepted_or_refused(self, field: str, value: str) -> None:
        environment = {**LEAST, variable(field): value}
        with suppress(ConfigurationError):
            assert isinstance(read_settings(environment), Settings)

    @pytest.mark.parametrize("name", ["WATERMARK_SUFFIX", "WATERMARK_", "WATERMARK_SECRETS", "WATERMARK_MQ_ENDPOINTS"])
    def test_a_variable_with_a_typing_mistake_is_refused(self, name: str) -> None:
        shown = refusal({**LEAST, name: "its value"})

        assert f"{name}: there is no such setting" in shown
        assert "its value" not in shown

    def test_one_in_small_letters_is_refused_also_if_it_is_one_of_ours(self) -> None:
        shown = refusal({**LEAST, "WATERMARK_Max_Size": "2GB"})

        assert "the settings are wrong: WATERMARK_Max_Size: names of settings are upper-case" in shown

    @pytest.mark.parametrize("name", Settings.model_fields)
    def test_every_setting_is_described(self, name: str) -> None:
        assert Settings.model_fields[name].description

    def test_the_secret_must_be_set(self) -> None:
        assert "WATERMARK_SECRET: is not set" in refusal({"WATERMARK_LEDGER_BUCKET": "ledger-1250000000"})

    def test_a_bucket_for_the_ledger_must_be_set(self) -> None:
        shown = refusal({"WATERMARK_SECRET": SECRET})

        assert "WATERMARK_LEDGER_BUCKET: is not set" in shown
        assert SECRET not in shown

    @pytest.mark.parametrize(
        "name",
        [
            "BUCKETS",
            "CLAIMS_BUCKET",
            "CLAIMS_PREFIX",
            "TICKET_LIFETIME",
            "GRACE",
            "MQ_MAX_RECEIVES",
        ],
    )
    def test_a_setting_that_there_is_no_more_is_refused_like_a_typing_mistake(self, name: str) -> None:
        assert f"WATERMARK_{name}: there is no such setting" in refusal({**LEAST, f"WATERMARK_{name}": "60"})

    @pytest.mark.parametrize("missing", ["MQ_REGION", "MQ_NAME"])
    def test_tdmq_needs_a_region_and_a_name(self, missing: str) -> None:
        present = {f"WATERMARK_{name}": value for name, value in MQ.items() if name != missing}

        assert f"WATERMARK_{missing} must be set when WATERMARK_CALLBACK_TYPE is TDMQ" in refusal({**LEAST, **present})

    def test_several_mistakes_are_all_named(self) -> None:
        shown = refusal({**LEAST, "WATERMARK_JOB_LEVEL": "x", "WATERMARK_TYPO": "x", "WATERMARK_SECRET": "x"})

        assert all(name in shown for name in ("WATERMARK_JOB_LEVEL", "WATERMARK_TYPO", "WATERMARK_SECRET"))


class TestSecrets:
    @pytest.mark.parametrize(
        ("secret", "enough"),
        [("s" * 31, False), ("s" * 32, True), ("é" * 15 + "s", False), ("é" * 16, True), ("🎬" * 8, True)],
    )
    def test_length_counts_in_bytes(self, secret: str, enough: bool) -> None:
        if enough:
            assert settings(SECRET=secret).secrets == Secrets(secret.encode())
        else:
            assert "at least 32 bytes" in refusal({**LEAST, "WATERMARK_SECRET": secret})

    def test_bytes_that_are_no_utf_8_are_a_secret_too(self) -> None:
        # os.environ shows such bytes as lone surrogates.
        raw = bytes(range(0x80, 0x100))

        assert settings(SECRET=raw.decode(errors="surrogateescape")).secrets == Secrets(raw)

    def test_both_secrets_are_ready_to_verify_with(self) -> None:
        secrets = settings(SECRET_PREVIOUS=PREVIOUS.decode()).secrets

        assert secrets.verify(Secrets(PREVIOUS).sign(Purpose.SEAL, "a"), Purpose.SEAL, "a")

    def test_no_way_of_showing_settings_or_credentials_shows_a_secret(self) -> None:
        read = settings(SECRET_PREVIOUS=PREVIOUS.decode())
        credentials = read_credentials({**KEYS, "TENCENTCLOUD_SESSIONTOKEN": "a very secret token"})
        hidden = (SECRET, PREVIOUS.decode(), "a very secret key", "a very secret token")

        for model in (read, credentials):
            for shown in ways_to_show(model):
                assert not any(secret in shown for secret in hidden)
        assert SECRET not in repr(read.secrets)


def ways_to_show(model: BaseModel) -> list[str]:
    return [
        repr(model), str(model), f"{model}", str(model.model_dump()), str(model.model_dump(mode="json")),
        model.model_dump_json(), str(list(model)), "".join(map(str, model.__repr_args__())),
    ]  # fmt: skip


class TestCredentials:
    def test_they_are_the_platforms(self) -> None:
        credentials = read_credentials({**KEYS, "TENCENTCLOUD_SESSIONTOKEN": "token", "HOME": "/home/qcloud"})

        assert credentials.secret_id == "AKIDexample"
        assert credentials.secret_key.get_secret_value() == "a very secret key"
        assert credentials.token is not None
        assert credentials.token.get_secret_value() == "token"

    def test_a_permanent_key_pair_has_no_token(self) -> None:
        assert read_credentials(KEYS).token is None

    @pytest.mark.parametrize("missing", KEYS)
    @pytest.mark.parametrize("value", [None, ""])
    def test_without_them_there_is_no_execution_role(self, missing: str, value: str | None) -> None:
        present = {name: text for name, text in KEYS.items() if name != missing}

        with pytest.raises(ConfigurationError, match="execution role") as raised:
            read_credentials(present if value is None else {**present, missing: value})
        assert "a very secret key" not in "".join(traceback.format_exception(raised.value))
