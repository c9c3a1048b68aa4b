"""What `.env` means, and that what means nothing is refused by its name, and never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT
from ops.configuration.configuration import (
    CREDENTIALS,
    FUNCTIONS,
    LAPTOP,
    Site,
    find_credentials,
    left_aside,
    read_configuration,
)
from ops.configuration.env_file import EnvFile, EnvFileError
from ops.variables import MAX_ENVIRONMENT
from shared.errors import ConfigurationError
from shared.settings import Settings, read_settings, variable
from tests.ops.deployment import SETTINGS, STRONG_SECRET, env_file

if TYPE_CHECKING:
    from pathlib import Path


def refusal(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(path, {})
    assert STRONG_SECRET not in str(caught.value)
    return str(caught.value)


def test_a_whole_file_is_understood(tmp_path: Path) -> None:
    read = read_configuration(env_file(tmp_path, DEPLOY_BUCKETS="a-1250000000, b-1250000000,a-1250000000"), {})

    assert read.laptop.buckets == ("a-1250000000", "b-1250000000")
    assert (read.laptop.name, read.laptop.site) == ("cos-watermark", Site.CHINA)
    assert read.settings.max_jobs_per_day == 100


def test_every_setting_of_the_functions_and_no_other_is_deployed(tmp_path: Path) -> None:
    file = env_file(tmp_path, OPS_PRICE_PER_MINUTE="1", TENCENTCLOUD_SECRET_ID="a", TENCENTCLOUD_SECRET_KEY="b")

    assert read_configuration(file, {}).environment == {
        name: value for name, value in SETTINGS.items() if name.startswith("WATERMARK_")
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"WATERMARK_MAX_JOBS": "1"}, ".env: WATERMARK_MAX_JOBS is not a setting"),
        (
            {"WATERMARK_MAX_JOBS_PER_DY": "1"},
            ".env: WATERMARK_MAX_JOBS_PER_DY is not a setting; is WATERMARK_MAX_JOBS_PER_DAY meant?",
        ),
        ({"watermark_secret": "1"}, ".env: watermark_secret is not a setting; is WATERMARK_SECRET meant?"),
        ({"DEPLOY_BUCKET_DOMAIN": "x"}, ".env: DEPLOY_BUCKET_DOMAIN is not a setting"),
        ({"PATH": "/bin"}, ".env: PATH is not a setting"),
        ({"DEPLOY_REGION": None}, ".env: DEPLOY_REGION is not set"),
        ({"DEPLOY_REGION": "Peking"}, ".env: DEPLOY_REGION: must be a region's full name, like ap-beijing"),
        ({"DEPLOY_BUCKETS": "videos"}, ".env: DEPLOY_BUCKETS: must be <name>-<APPID>, like videos-1250000000"),
        ({"DEPLOY_BUCKETS": "a-1250000000,,"}, ".env: DEPLOY_BUCKETS: must be <name>-<APPID>, like videos-1250000000"),
        ({"DEPLOY_SITE": "moon"}, ".env: DEPLOY_SITE: input should be 'china' or 'international'"),
        ({"OPS_PRICE_PER_MINUTE": "dear"}, ".env: OPS_PRICE_PER_MINUTE: input should be a valid decimal"),
        ({"WATERMARK_SECRET": None}, ".env: WATERMARK_SECRET: is not set"),
        ({"WATERMARK_MAX_SIZE": "much"}, ".env: WATERMARK_MAX_SIZE: must be a size like `500MB` or `2GB`"),
        ({"WATERMARK_INCLUDE": "a;b"}, ".env: WATERMARK_INCLUDE contains `=` or `;`"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_name(tmp_path: Path, changes: dict[str, str | None], said: str) -> None:
    lines = refusal(env_file(tmp_path, **changes)).splitlines()

    assert len(lines) == 1
    assert lines[0].startswith(said)


def test_as_much_as_scf_takes_is_taken_and_no_more(tmp_path: Path) -> None:
    used = sum(len(name) + len(value) for name, value in SETTINGS.items() if name.startswith("WATERMARK_"))
    room = MAX_ENVIRONMENT - used - len("WATERMARK_EXCLUDE")

    read_configuration(env_file(tmp_path, WATERMARK_EXCLUDE="x" * room), {})
    assert "SCF takes 4096" in refusal(env_file(tmp_path, WATERMARK_EXCLUDE="x" * (room + 1)))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = refusal(env_file(tmp_path, DEPLOY_REGION=None, WATERMARK_X="1", WATERMARK_MIN_AGE="soon"))

    assert [line.split()[1].rstrip(":") for line in said.splitlines()] == [
        "WATERMARK_X",
        "WATERMARK_MIN_AGE",
        "DEPLOY_REGION",
    ]


def test_without_a_file_it_is_said_how_to_get_one(tmp_path: Path) -> None:
    assert "`./cos-watermark setup` writes it" in refusal(tmp_path / ".env")


def test_the_environment_does_not_count_and_that_is_said(tmp_path: Path) -> None:
    file = EnvFile.read(env_file(tmp_path))

    assert left_aside(file, {"WATERMARK_SECRET": "another", "DEPLOY_REGION": SETTINGS["DEPLOY_REGION"]}) == [
        "WATERMARK_SECRET"
    ]


@pytest.mark.parametrize("names", [CREDENTIALS[:3], CREDENTIALS[3:6], CREDENTIALS[6:]])
def test_keys_are_found_in_the_environment_before_the_file(tmp_path: Path, names: tuple[str, ...]) -> None:
    file = EnvFile.read(env_file(tmp_path, **dict(zip(names, ("file", "f", "t"), strict=True))))

    assert find_credentials(dict(zip(names, ("env", "e", ""), strict=True)), file).secret_id == "env"
    assert find_credentials({}, file).secret_id == "file"


def test_a_key_pair_is_never_put_together_from_two_places(tmp_path: Path) -> None:
    file = EnvFile.read(env_file(tmp_path, TENCENTCLOUD_SECRET_ID="a", TENCENTCLOUD_SECRET_KEY="b"))

    with pytest.raises(ConfigurationError, match="must both be set"):
        find_credentials({"TENCENTCLOUD_SECRET_ID": "c"}, file)
    with pytest.raises(ConfigurationError, match="no key pair: set TENCENTCLOUD_SECRET_ID"):
        find_credentials({}, EnvFile.read(env_file(tmp_path)))


def example() -> dict[str, str]:
    """The example file with its comments taken for settings."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    bare = (line.removeprefix("# ") for line in lines)
    named = (line.partition("=") for line in bare if line.partition("=")[0].isupper() and " " not in line)
    return {name: value.strip("'") for name, _, value in named}


def test_the_example_has_every_name_once() -> None:
    assert sorted(example()) == sorted((*FUNCTIONS, *LAPTOP, *CREDENTIALS[:3]))


def test_what_is_commented_out_in_it_shows_the_defaults() -> None:
    ours = {name: value for name, value in example().items() if name.startswith("WATERMARK_") and value}
    needed = {"WATERMARK_SECRET": STRONG_SECRET, "WATERMARK_LEDGER_BUCKET": "ledger-1250000000"}
    shown = read_settings({**ours, **needed})

    for name, field in Settings.model_fields.items():
        if (field.default or field.default == 0) and variable(name) in ours:
            assert getattr(shown, name) == field.default, name


def test_a_copy_of_the_example_says_what_is_to_be_filled_in(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(EnvFileError, match=r"DEPLOY_REGION is not set"):
        read_configuration(file, {})
