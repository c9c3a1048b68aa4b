"""Makes the probe's own things: a bucket with media processing, a role, a function with a URL, a queue.

A name that is taken is this probe's: the leftovers of others were removed before.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from ops import waiting
from ops.deploy.functions import Functions
from ops.deploy.triggers import Bindings
from ops.errors import DeployError
from ops.manifest.deployment import Function, Trigger
from ops.manifest.schema import TriggerKind
from ops.policies.statements import allow, policy
from ops.probe import recorder
from ops.probe.account import FUNCTION, NAME, NAMESPACE
from ops.probe.patience import awaited
from ops.probe.questions import NotSeenError
from ops.tencent.api import Product
from ops.tencent.buckets import Buckets
from ops.tencent.cam import Cam
from ops.tencent.processing import Processing
from ops.tencent.scf import Scf, Status
from ops.tencent.triggers import Triggers
from shared.errors import ConflictError, NotFoundError
from shared.settings import MqRegion

if TYPE_CHECKING:
    from ops.probe.account import Account

HANDLER = "recorder.main_handler"
#: Keys that begin so are told to the function.
WATCHED = "watched/"
#: Seconds: a new role may take so long to be known, and between two tries.
_PROPAGATION, _AGAIN = 120, 5
_PATIENCE = 10
#: The regions that CI sends messages to, by their full names.
MQ_REGIONS = {
    "ap-shanghai": MqRegion.SHANGHAI,
    "ap-beijing": MqRegion.BEIJING,
    "ap-guangzhou": MqRegion.GUANGZHOU,
    "ap-chengdu": MqRegion.CHENGDU,
    "ap-hongkong": MqRegion.HONGKONG,
}


def make_bucket(account: Account) -> None:
    """A private bucket. Raises DeployError, CloudError."""
    if not Buckets(account.transport, account.region).create(account.bucket):
        raise DeployError(f"somebody else has a bucket {account.bucket}. Run the command again: it takes another name")


def enable_media(account: Account) -> None:
    """Bind the bucket to CI, with media processing. Raises CloudError."""
    Processing(account.transport, account.region).turn_on(account.bucket)


def make_role(account: Account) -> None:
    """A role of SCF that may write what the function records, and nothing else. Raises CloudError."""
    trust = {"action": "name/sts:AssumeRole", "effect": "allow", "principal": {"service": "scf.qcloud.com"}}
    resource = f"qcs::cos:{account.region}:uid/{account.appid}:{account.bucket}/recorded/*"
    cam = Cam(account.api)
    cam.create_role(FUNCTION, policy(trust), "Temporary, of cos-watermark probe")
    cam.create_policy(FUNCTION, policy(allow(["cos:PutObject"], [resource])), "Temporary, of cos-watermark probe")
    cam.attach(FUNCTION, FUNCTION)


def archive() -> bytes:
    """The zip of the function."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        entry = zipfile.ZipInfo("recorder.py")
        entry.external_attr = 0o100644 << 16
        file.writestr(entry, Path(recorder.__file__).read_bytes())
    return made.getvalue()


def function(account: Account) -> Function:
    """The function as it is deployed."""
    environment = {
        "PROBE_BUCKET": account.bucket,
        "PROBE_REGION": account.region,
        "PROBE_SCHEME": account.configuration.settings.scheme.value,
        "PROBE_PASSWORD": account.password,
    }
    return Function(
        key="recorder",
        name=FUNCTION,
        namespace=NAMESPACE,
        description="Temporary. Removed at the end of the probe",
        handler=HANDLER,
        runtime="Python3.10",
        role=FUNCTION,
        memory=128,
        timeout=20,
        init_timeout=65,
        public=True,
        environment=environment,
        logset=None,
        topic=None,
    )


def make_function(account: Account) -> None:
    """The function, as soon as its role is known. Raises CloudError, DeployError."""
    make_role(account)
    scf, wanted = Scf(account.api, NAMESPACE), function(account)
    until = waiting.now() + _PROPAGATION
    while True:
        try:
            scf.create(wanted, wanted.description, archive())
            break
        except (ConflictError, NotFoundError) as error:
            if not error.cause.code.endswith((".Role", "RoleNotExist")) or waiting.now() > until:
                raise
            waiting.pause(_AGAIN)
    found = Functions(scf, b"", lambda _: None).settled(FUNCTION)
    if found is None or found.status is not Status.ACTIVE:
        raise DeployError(f"the function is {found.status.value if found else 'gone'}: {found.why if found else ''}")


def make_url(account: Account) -> str:
    """The function's URL, without a slash at its end, as soon as what is sent there is recorded.

    Raises:
        CloudError, DeployError, NotSeenError: it is not, after some time.
    """
    triggers = Triggers(account.api, NAMESPACE)
    kind = TriggerKind.HTTP
    wanted = Trigger(kind, "recorder", "$DEFAULT", enabled=True, name="url", auth_type="NONE", extranet=True)
    triggers.create(FUNCTION, wanted)
    url = Bindings(triggers, FUNCTION, "recorder", lambda _: None).address().rstrip("/")

    def look() -> int | None:
        try:
            status = requests.get(f"{url}/{account.password}/ready", timeout=_PATIENCE).status_code
        except requests.RequestException:
            return None
        return status if status == 200 else None

    if awaited(look, _PROPAGATION, _AGAIN) is None:
        raise NotSeenError(f"what is sent to the function's URL is not recorded, after {_PROPAGATION} s")
    return url


def watch_bucket(account: Account) -> None:
    """Have the function told of what is created below `WATCHED`. Raises CloudError."""
    domain = f"{account.bucket}.cos.{account.region}.myqcloud.com"
    kind = TriggerKind.COS
    wanted = Trigger(
        kind, "recorder", "$DEFAULT", enabled=True, name=domain, event="cos:ObjectCreated:*", prefix=WATCHED
    )
    Triggers(account.api, NAMESPACE).create(FUNCTION, wanted)


def make_queue(account: Account) -> MqRegion:
    """A queue of TDMQ for CMQ, named `NAME`; gives its region. Raises NotSeenError, CloudError."""
    region = MQ_REGIONS.get(account.region)
    if region is None:
        raise NotSeenError(f"CI sends messages to {', '.join(MQ_REGIONS)} only")
    account.api.call(Product.TDMQ, "CreateCmqQueue", {"QueueName": NAME})
    return region
