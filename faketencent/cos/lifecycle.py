"""Lifecycle rules of a bucket: https://cloud.tencent.com/document/product/436/8280.

A rule is kept as it was sent. Of what it says the fake does one thing: it lets objects expire so many days after their
Last-Modified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import SubElement, tostring

from faketencent.cos.documents import Xml, document, element, parse
from faketencent.cos.exceptions import invalid_argument, malformed_xml
from faketencent.cos.objects import DeleteMarker, Lock, ObjectType, StoredObject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from faketencent.cos.buckets import Bucket
    from faketencent.cos.store import Store

_DAY = 86_400
_MOST_RULES = 1000
_ACTIONS = (
    "Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition",
    "AbortIncompleteMultipartUpload",
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One rule; `days` is after how many days objects expire, if they do, and `text` the rule as it was sent."""

    id: str
    enabled: bool
    prefix: str
    days: int | None
    text: Xml

    def ends(self, stored: StoredObject, now: float) -> bool:
        """Whether the object has expired by now."""
        due = self.enabled and self.days is not None and now >= stored.last_modified + self.days * _DAY
        return due and stored.key.startswith(self.prefix)


def read_rules(body: bytes) -> tuple[Rule, ...]:
    """The rules of a `LifecycleConfiguration`.

    Raises:
        ServiceError: 400 MalformedXML, InvalidArgument.
    """
    nodes = parse(body, "LifecycleConfiguration").findall("Rule")
    if not 1 <= len(nodes) <= _MOST_RULES:
        raise malformed_xml(f"1 to {_MOST_RULES} rules are needed")
    rules = tuple(_rule(number, node) for number, node in enumerate(nodes, 1))
    if len({rule.id for rule in rules}) < len(rules):
        raise invalid_argument("two rules have one ID")
    return rules


def lifecycle_document(rules: tuple[Rule, ...]) -> str:
    """The rules as `GET ?lifecycle` gives them back."""
    return document(element("LifecycleConfiguration", *(rule.text for rule in rules)))


def expire(store: Store, bucket: Bucket) -> list[str]:
    """Remove what has expired, or hide it where versions are kept; the keys. No event tells of it.

    Objects under retention stay, and so do appendable ones.
    """
    now = store.clock.now()
    expired = [stored for stored in _current(bucket) if any(rule.ends(stored, now) for rule in bucket.lifecycle)]
    for stored in expired:
        if version_id := bucket.next_version_id(now, store.next_serial()):
            bucket.add(DeleteMarker(stored.key, version_id, float(int(now))))
        else:
            bucket.remove(stored)
    return [stored.key for stored in expired]


def _current(bucket: Bucket) -> Iterator[StoredObject]:
    for key in list(bucket.live):
        found = bucket.newest(key)
        free = isinstance(found, StoredObject) and found.lock is not Lock.LOCKED
        if isinstance(found, StoredObject) and free and found.kind is not ObjectType.APPENDABLE:
            yield found


def _rule(number: int, node: Element) -> Rule:
    status = node.findtext("Status")
    if status not in ("Enabled", "Disabled"):
        raise malformed_xml("Status is Enabled or Disabled")
    if not any(node.find(action) is not None for action in _ACTIONS):
        raise malformed_xml("a rule needs an action")
    if not node.findtext("ID"):
        # COS makes one up; in which form is not said.
        SubElement(node, "ID").text = f"rule-{number}"
    prefix = node.findtext("Filter/Prefix") or node.findtext("Filter/And/Prefix") or node.findtext("Prefix") or ""
    text = Xml(tostring(node, encoding="unicode"))
    return Rule(node.findtext("ID") or "", status == "Enabled", prefix, _days(node), text)


def _days(node: Element) -> int | None:
    text = node.findtext("Expiration/Days")
    if text is None:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise invalid_argument(f"Days must be a number above 0, not {text!r}")
    return int(text)
