"""The action names that CAM knows: those that this project names, some beside them, and no typing error.

COS: https://cloud.tencent.com/document/product/598/69901, CI: 460/41741, SCF: 598/70005, CAM: 598/69872,
CLS: 598/98119, TDMQ: 598/98179. Of the services in `UNLISTED` every name is taken.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

UNLISTED = frozenset({"apigw", "monitor", "sls", "tag", "vod", "vpc"})

_COS = """
GetService PutBucket HeadBucket DeleteBucket GetBucket GetBucketObjectVersions GetBucketLocation GetBucketACL
PutBucketACL GetBucketVersioning PutBucketVersioning GetBucketLifecycle PutBucketLifecycle DeleteBucketLifecycle
GetBucketNotification PutBucketNotification GetBucketReplication PutBucketReplication HeadObject GetObject PutObject
PutObjectCopy DeleteObject DeleteMultipleObjects PostObject PostObjectRestore AppendObject PutSymlink GetSymlink
GetObjectACL PutObjectACL GetObjectTagging PutObjectTagging DeleteObjectTagging InitiateMultipartUpload UploadPart
UploadPartCopy CompleteMultipartUpload AbortMultipartUpload ListParts ListMultipartUploads
"""
_CI = """
DescribeCIBuckets CreateCIBucket DeleteCIBucket DescribeMediaBuckets CreateMediaBucket DeleteMediaBucket
DescribeMediaQueues UpdateMediaQueue CreateMediaJobs DescribeMediaJob DescribeMediaJobs CancelMediaJob
"""
_SCF = """
CreateFunction GetFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction ListFunctions
GetFunctionAddress GetAccount CreateTrigger ListTriggers UpdateTrigger UpdateTriggerStatus DeleteTrigger
PublishVersion PutReservedConcurrencyConfig GetReservedConcurrencyConfig DeleteReservedConcurrencyConfig
GetFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig InvokeFunction Invoke UpdateAlias GetAlias ListAliases
ListNamespaces GetRequestStatus
"""
_CAM = """
PassRole GetUserAppId GetRole CreateRole UpdateAssumeRolePolicy DeleteRole DescribeRoleList CreatePolicy UpdatePolicy
GetPolicy ListPolicies DeletePolicy AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies AttachUserPolicy
AddUser ListUsers
"""
_CLS = """
OpenClsService CreateLogset DescribeLogsets DeleteLogset CreateTopic DescribeTopics DeleteTopic CreateIndex
ModifyIndex DescribeIndex SearchLog CreateAlarm DescribeAlarms DeleteAlarm CreateAlarmNotice DescribeAlarmNotices
DeleteAlarmNotice
"""
_TDMQ = """
CreateQueue DeleteQueue ListQueue GetQueueAttributes SetQueueAttributes SendMessage BatchSendMessage ReceiveMessage
BatchReceiveMessage DeleteMessage BatchDeleteMessage CreateTopic DeleteTopic PublishMessage BatchPublishMessage
"""
_NAMES = {"cos": _COS, "ci": _CI, "scf": _SCF, "cam": _CAM, "cls": _CLS, "tdmq": _TDMQ, "sts": "AssumeRole"}
_KNOWN = {service: tuple(names.lower().split()) for service, names in _NAMES.items()}


def knows_service(service: str) -> bool:
    """Whether there is such a service; the name is in lower case."""
    return service in UNLISTED or service in _KNOWN


def knows_action(service: str, name: str) -> bool:
    """Whether the service has an action that the name, with its wildcards, stands for; both in lower case."""
    return service in UNLISTED or any(fnmatchcase(known, name) for known in _KNOWN[service])
