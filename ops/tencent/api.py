"""Calls of Tencent Cloud's API 3.0, one at a time, never repeated: https://cloud.tencent.com/document/api/583/17237.

Whether a call took effect whose reply was lost, only a look at the state can tell; so whoever writes reads first, and
the next run of a command goes on from there.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import requests
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from urllib3.exceptions import HTTPError

from ops.configuration.configuration import Site
from ops.tencent.refusals import error_for, garbled
from ops.tracing import traced
from shared.settings import Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.configuration.configuration import Configuration
    from shared.settings import Credentials

#: Seconds. A zip of some megabytes goes up a slow line in this time.
_PATIENCE = 60
#: The parameters that say what a call is about, for messages.
_SUBJECTS = ("FunctionName", "RoleName", "AttachRoleName", "DetachRoleName", "PolicyName", "LogsetName", "TopicName")
_ROOT = {Site.CHINA: "tencentcloudapi.com", Site.INTERNATIONAL: "intl.tencentcloudapi.com"}


class Product(Enum):
    """A service and the version of its API."""

    SCF = "2018-04-16"
    CAM = "2019-01-16"
    STS = "2018-08-13"
    CLS = "2020-10-16"
    TDMQ = "2020-02-17"


@dataclass(frozen=True)
class Api:
    """The services of one region, with one key pair."""

    credentials: Credentials
    region: str
    site: Site = Site.CHINA
    scheme: Scheme = Scheme.HTTPS

    @classmethod
    def of(cls, configuration: Configuration) -> Api:
        """The account that `.env` and its key pair are about. Raises ConfigurationError: there is no key pair."""
        laptop = configuration.laptop
        return cls(configuration.credentials, laptop.region, laptop.site, configuration.settings.scheme)

    def call(self, product: Product, action: str, parameters: Mapping[str, Any], region: str = "") -> dict[str, Any]:
        """What the action answers.

        Raises:
            CloudError: it was refused, or nobody knows whether it took effect.
        """
        about = (str(parameters[field]) for field in _SUBJECTS if field in parameters)
        name = " ".join((product.name.lower(), action, *about))
        with traced(name) as done:
            answer = self._answer(name, product, action, parameters, region or self.region)
            done(str(answer["RequestId"]))
        return answer

    def _answer(
        self, name: str, product: Product, action: str, parameters: Mapping[str, Any], region: str
    ) -> dict[str, Any]:
        try:
            # Its `call_json` hands out an error as data when the reply's content type is not the expected one.
            body = self._client(product, region).call(action, dict(parameters), headers={})
            answer = json.loads(body)["Response"]
        except TencentCloudSDKException as error:
            raise error_for(name, str(error.code), str(error.message), str(error.requestId or "")) from error
        except (requests.RequestException, HTTPError) as error:
            # The SDK reads the body after it has stopped looking for errors of the network.
            raise error_for(name, "ClientNetworkError", type(error).__name__) from error
        except (ValueError, KeyError, TypeError) as error:
            raise garbled(name, "the reply is not one of API 3.0") from error
        if not isinstance(answer, dict) or "RequestId" not in answer:
            raise garbled(name, "the reply has no RequestId")
        said = answer.get("Error")
        if isinstance(said, dict):
            raise error_for(name, str(said.get("Code")), str(said.get("Message")), str(answer["RequestId"]))
        if said is not None:
            raise garbled(name, "the reply has an error without a code")
        return answer

    def _client(self, product: Product, region: str) -> CommonClient:
        return CommonClient(product.name.lower(), product.value, self._credential, region, self._profile)

    @cached_property
    def _credential(self) -> Credential:
        token = self.credentials.token.get_secret_value() if self.credentials.token else None
        return Credential(self.credentials.secret_id, self.credentials.secret_key.get_secret_value(), token)

    @cached_property
    def _profile(self) -> ClientProfile:
        http = HttpProfile(protocol=self.scheme.value, rootDomain=_ROOT[self.site], reqTimeout=_PATIENCE)
        profile = ClientProfile(httpProfile=http, language="en-US")
        profile.disable_region_breaker = True
        return profile


def silence() -> None:
    """Keep the SDK from logging: at DEBUG it shows keys, tokens and the functions' secrets."""
    logging.getLogger("tencentcloud_sdk_common").setLevel(logging.CRITICAL + 1)
