"""A client of TDMQ for CMQ, as small as a test needs it, that signs on its own."""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud

HOST = "cmq-bj.public.tencenttdmq.com"
#: When virtual time begins.
NOW = 1767225600
RECEIVE = {"Action": "ReceiveMessage", "queueName": "callbacks"}


def prepare(cloud: FakeCloud) -> None:
    """Make the queue `callbacks` and the topic `results`, which feeds it."""
    cloud.tdmq.backend.create_queue("callbacks", "bj", polling_wait_seconds=3)
    cloud.tdmq.backend.create_topic("results", "bj")
    cloud.tdmq.backend.subscribe("results", "bj", "to-queue", queue="callbacks")


def signature(text: str, key: str, algorithm: str = "sha256") -> str:
    """The documented formula, written once more so that the fake is not its own judge."""
    return base64.b64encode(hmac.new(key.encode(), text.encode(), algorithm).digest()).decode()


def signed(
    params: dict[str, str], identity: Identity, *, method: str = "POST", host: str = HOST, now: int = NOW
) -> dict[str, str]:
    common = {
        "SecretId": identity.secret_id,
        "Timestamp": str(now),
        "Nonce": "11886",
        "SignatureMethod": "HmacSHA256",
        **({"Token": identity.token} if identity.token else {}),
    }
    given = {**common, **params}
    joined = "&".join(f"{name}={given[name]}" for name in sorted(given))
    return {**given, "Signature": signature(f"{method}{host}/v2/index.php?{joined}", identity.secret_key)}


def post(params: dict[str, str], host: str = HOST) -> dict[str, Any]:
    reply = requests.post(f"https://{host}/v2/index.php", data=params, timeout=5)
    assert reply.status_code == 200
    answer: dict[str, Any] = reply.json()
    return answer


def ask(cloud: FakeCloud, action: str, **params: str) -> dict[str, Any]:
    named = {name.replace("_", "."): value for name, value in params.items()}
    return post(signed({"Action": action, **named}, cloud.cam.account))
