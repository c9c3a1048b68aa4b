"""The set-up by hand: `setup --print`; with a line of `tccli`, Tencent's own command line, where one does it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ops.configuration.configuration import Laptop, Site
from ops.options import naming
from ops.setup.answers import PROPOSED_LIMIT, site_in
from ops.setup.trust import trust_in
from ops.tencent.console import CI_SERVICE_ROLE, SCF_SERVICE_ROLE, Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.configuration.env_file import EnvFile

_COMMAND = "./cos-watermark"


def by_hand(file: EnvFile, *, logs: bool) -> str:
    """All steps, with the names that the file has; what it has not stands in angle brackets."""
    subjects = [_settings(file), _services(file), _videos(file), _ledger(file), *_roles(file)]
    if logs:
        subjects.append(_logs(file))
    return "\n\n".join(f"{number}. {text}" for number, text in enumerate(map("\n   ".join, subjects), 1))


def _settings(file: EnvFile) -> list[str]:
    return [
        f"Settings. Copy .env.example to {file.path.name}, make it readable only for you (chmod 600), and fill in:",
        "DEPLOY_REGION, DEPLOY_BUCKETS, WATERMARK_LEDGER_BUCKET,",
        f"WATERMARK_MAX_JOBS_PER_DAY (such as {PROPOSED_LIMIT}: nothing else limits the cost),",
        f"DEPLOY_UIN: {_console(file).account}",
        *_tccli(file, "sts", "GetCallerIdentity"),
        "WATERMARK_SECRET:",
        "$ openssl rand -hex 32",
    ]


def _services(file: EnvFile) -> list[str]:
    console = _console(file)
    return [
        "Services. An administrator of the account must open each page and agree:",
        f"{CI_SERVICE_ROLE.name}: {console.grant(CI_SERVICE_ROLE)}",
        f"{SCF_SERVICE_ROLE.name}: {console.grant(SCF_SERVICE_ROLE)}",
        f"log service (CLS): {console.logs}",
        *_tccli(file, "cls", "OpenClsService", "--region ap-guangzhou"),
    ]


def _videos(file: EnvFile) -> list[str]:
    buckets = _value(file, "DEPLOY_BUCKETS", "video buckets")
    return [
        f"Video buckets {buckets}, in {_region(file)}: bind each to Cloud Infinite, and enable media processing:",
        _console(file).processing,
    ]


def _ledger(file: EnvFile) -> list[str]:
    bucket = _value(file, "WATERMARK_LEDGER_BUCKET", "ledger bucket")
    prefix = file.values.get("WATERMARK_LEDGER_PREFIX", "")
    return [
        f"Ledger bucket {bucket}, in {_region(file)}: create it, private, and never enable versioning:",
        _console(file).buckets,
        f"A lifecycle rule may delete what is below {prefix}slots/ after 3 days.",
    ]


def _roles(file: EnvFile) -> Iterator[list[str]]:
    name = _name(file)
    trust = json.dumps(trust_in("scf.qcloud.com"), separators=(",", ":"))
    for function in ("submit", "callback"):
        role, policy = f"{name}-{function}", f"{_COMMAND} policy {function}{naming(file.path)}"
        yield [
            f"Role {role}, for SCF, with a policy of the same name with the text that `{policy}` prints:",
            _console(file).roles,
            *_tccli(file, "cam", "CreatePolicy", f'--PolicyName {role} --PolicyDocument "$({policy})"'),
            *_tccli(file, "cam", "CreateRole", f"--RoleName {role} --PolicyDocument '{trust}'"),
            *_tccli(file, "cam", "AttachRolePolicy", f"--AttachRoleName {role} --PolicyName {role}"),
        ]


def _logs(file: EnvFile) -> list[str]:
    name, region = _name(file), _region(file)
    return [
        f"Log topic: a log set and in it a topic {name}, with an index of all fields (docs/operations.md lists them);",
        f"its ids into {file.path.name}, as DEPLOY_LOGSET_ID and DEPLOY_TOPIC_ID: {_console(file).logs}",
        *_tccli(file, "cls", "CreateLogset", f"--LogsetName {name} --region {region}"),
        *_tccli(file, "cls", "CreateTopic", f"--LogsetId '<id>' --TopicName {name} --Period 30 --region {region}"),
    ]


def _tccli(file: EnvFile, service: str, action: str, options: str = "") -> list[str]:
    international = site_in(file) is Site.INTERNATIONAL
    endpoint = f"--endpoint {service}.intl.tencentcloudapi.com" if international else ""
    return [" ".join(part for part in (f"$ tccli {service} {action}", options, endpoint) if part)]


def _console(file: EnvFile) -> Console:
    return Console(site_in(file))


def _region(file: EnvFile) -> str:
    return _value(file, "DEPLOY_REGION", "region")


def _name(file: EnvFile) -> str:
    return _value(file, "DEPLOY_NAME", "") if "DEPLOY_NAME" in file.values else str(Laptop.model_fields["name"].default)


def _value(file: EnvFile, name: str, else_this: str) -> str:
    return file.values.get(name) or f"<{else_this}>"
