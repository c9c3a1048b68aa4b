"""`setup` from an empty account to one that can be deployed to."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import pytest

from ops.configuration.env_file import EnvFile
from ops.deploy.command import deploy
from ops.policies import Deployment, callback_policy, submit_policy
from ops.setup.command import setup
from tests.ops.setup.newcomer import (
    CALLBACK,
    FIRST,
    LEDGER,
    SUBMIT,
    again,
    agree,
    set_up,
    signs,
    writes,
)
from tests.world import BUCKET, REGION, marked_video

if TYPE_CHECKING:
    from tests.ops.account import Operator

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_what_it_leaves_is_what_a_deployment_needs(newcomer: Operator) -> None:
    set_up(newcomer)
    assert newcomer.run(deploy, "--yes")[0] == 0
    newcomer.cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))

    newcomer.cloud.settle()

    stored = newcomer.cloud.cos.backend.get(BUCKET, "a.mp4")
    assert stored.headers.get("x-cos-meta-watermark-text") == "Hello_1"


def test_the_roles_have_exactly_the_printed_policies(newcomer: Operator) -> None:
    set_up(newcomer)

    cam = newcomer.cloud.cam
    deployment = Deployment(region=REGION, uin=cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
    for name, policy in ((SUBMIT, submit_policy), (CALLBACK, callback_policy)):
        assert cam.documents(cam.roles.get(name)) == (policy(deployment),)
        assert cam.role_ready(name)


def test_a_second_run_shows_that_all_is_there_and_writes_nothing(newcomer: Operator) -> None:
    set_up(newcomer, "--logs")
    settings, calls = EnvFile.read(newcomer.folder / ".env"), len(newcomer.cloud.journal)

    code, output = again(newcomer)

    assert code == 0
    assert set(signs(output).values()) == {"✓"}
    assert "log topic" in output
    assert writes(newcomer.cloud, calls) == []
    assert EnvFile.read(newcomer.folder / ".env") == settings


def test_a_dry_run_only_looks(newcomer: Operator) -> None:
    code, output = newcomer.run(setup, *FIRST, "--logs", "--dry-run")

    assert code == 1
    assert "+ role cos-watermark-submit" in output
    assert writes(newcomer.cloud) == []
    assert not (newcomer.folder / ".env").exists()

    set_up(newcomer, "--logs")
    assert newcomer.run(setup, "--dry-run")[0] == 0


def test_a_no_is_a_no(newcomer: Operator) -> None:
    code, _ = newcomer.run(setup, *FIRST[:-1], answers="\n\nn\n")

    assert code == 1
    assert writes(newcomer.cloud) == []
    assert not (newcomer.folder / ".env").exists()


def test_nothing_uses_the_settings_before_they_are_on_disk(newcomer: Operator) -> None:
    seen: list[bool] = []
    newcomer.cloud.watchers.append(lambda _: seen.append((newcomer.folder / ".env").exists()))

    set_up(newcomer)

    names = newcomer.cloud.operations()
    first = next(place for place, name in enumerate(names) if name in writes(newcomer.cloud))
    assert all(seen[first:])


def test_the_secret_is_never_shown(newcomer: Operator) -> None:
    output = set_up(newcomer) + again(newcomer)[1] + newcomer.run(setup, "--dry-run")[1]

    secret = EnvFile.read(newcomer.folder / ".env").values["WATERMARK_SECRET"]
    assert len(secret) == 64
    assert secret not in output
    assert "WATERMARK_SECRET, new, not shown" in output


def test_debugging_names_each_call_and_how_it_ended_and_no_secret(
    newcomer: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    newcomer.who = newcomer.cloud.cam.create_user("admin", newcomer.who.policies[0])
    output = set_up(newcomer, "--debug", "--logs")

    ends = re.findall(r"^(?:cam|cls|sts) (\w+)[^:]*: (\S+) \(request id [0-9a-f-]{36}\)$", output, re.MULTILINE)
    named = [call.route.operation for call in newcomer.cloud.journal if "tencentcloudapi" in call.request.host]
    assert [name for name, _ in ends] == named
    assert ("GetRole", "InvalidParameter.RoleNotExist") in ends
    assert f"HEAD cos {LEDGER}/: 404" in output
    assert f"PUT cos {LEDGER}/: ok (request id " in output
    secret = EnvFile.read(newcomer.folder / ".env").values["WATERMARK_SECRET"]
    for hidden in (secret, newcomer.who.secret_key, newcomer.who.secret_id, "Signature=", "q-signature"):
        assert hidden not in output + caplog.text

    assert "GetRole" not in again(newcomer)[1]


def test_the_largest_bill_of_a_day_is_said_before_anything_is_made(newcomer: Operator) -> None:
    _, output = newcomer.run(setup, *FIRST, "--max-jobs-per-day", "20", "--dry-run")

    assert "Largest bill: at most 20 jobs a day (UTC)" in output
    assert "170.00 USD" in output


def test_other_services_get_time_to_hear_of_new_roles(newcomer: Operator) -> None:
    newcomer.cloud.cam.propagation = 10
    set_up(newcomer)
    assert newcomer.cloud.cam.role_ready(CALLBACK)

    before = newcomer.cloud.clock.now()
    again(newcomer)
    assert newcomer.cloud.clock.now() == before


def test_it_goes_on_while_a_person_is_needed_for_something_else(newcomer: Operator) -> None:
    code, output = newcomer.run(setup, *FIRST)

    assert code == 1
    assert "A person must do these" in output
    assert newcomer.cloud.cam.has_role(CALLBACK)

    agree(newcomer.cloud)
    assert again(newcomer)[0] == 0


def test_a_second_deployment_has_names_of_its_own(newcomer: Operator) -> None:
    set_up(newcomer)
    other = ("--name", "second", "--env-file", str(newcomer.folder / "second.env"))

    code, output = newcomer.run(setup, *FIRST, *other)

    assert code == 0, output
    assert f"Next: ./cos-watermark deploy --env-file {newcomer.folder / 'second.env'}" in output
    assert newcomer.cloud.cam.has_role("second-submit")
    assert EnvFile.read(newcomer.folder / "second.env").values["WATERMARK_LEDGER_BUCKET"] == "second-ledger-1250000000"


def test_an_account_of_the_other_site_is_asked_there_and_gets_links_of_its_console(newcomer: Operator) -> None:
    code, output = newcomer.run(setup, *FIRST, "--site", "international")

    assert code == 1
    assert "https://console.tencentcloud.com/cam/role/grant?roleName=CI_QCSRole" in output
    hosts = {call.request.host for call in newcomer.cloud.journal}
    assert {host for host in hosts if "tencentcloudapi" in host} == {
        f"{service}.intl.tencentcloudapi.com" for service in ("sts", "cam", "cls")
    }
    assert EnvFile.read(newcomer.folder / ".env").values["DEPLOY_SITE"] == "international"
