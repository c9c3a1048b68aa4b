"""What is to happen to triggers: nothing to those that are as wanted, and no gap where there need not be one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.deploy.trigger_changes import TriggerChanges, trigger_changes
from ops.manifest.deployment import Trigger
from ops.manifest.schema import TriggerKind
from ops.tencent.triggers import DeployedTrigger

DOMAIN = "videos-1250000000.cos.ap-beijing.myqcloud.com"
PUT = Trigger(TriggerKind.COS, "submit", "$DEFAULT", enabled=True, name=DOMAIN, event="cos:ObjectCreated:Put")
COPY = replace(PUT, event="cos:ObjectCreated:Copy")
ALL = replace(PUT, event="cos:ObjectCreated:*")
URL = Trigger(
    TriggerKind.HTTP, "callback", "$DEFAULT", enabled=True, name="url-trigger", auth_type="NONE", extranet=True
)
TIMER = Trigger(TriggerKind.TIMER, "callback", "$DEFAULT", enabled=True, name="sweep", cron="0 */1 * * * * *")


def there(trigger: Trigger) -> DeployedTrigger:
    """As the account lists it: a function URL has a name of its own."""
    name = "hulrzrbh9f" if trigger.kind is TriggerKind.HTTP else trigger.name
    return DeployedTrigger(replace(trigger, name=name), trigger.kind.value, name, trigger.qualifier, "{}")


def changes(wanted: list[Trigger], found: list[Trigger]) -> TriggerChanges:
    return trigger_changes(wanted, tuple(map(there, found)))


def test_what_is_as_wanted_is_left_in_peace() -> None:
    assert changes([PUT, COPY, URL, TIMER], [TIMER, URL, COPY, PUT]).nothing


def test_new_ones_are_made() -> None:
    assert changes([PUT, COPY], [PUT]).made == [COPY]


def test_one_that_is_switched_off_is_switched_on() -> None:
    found = changes([PUT], [replace(PUT, enabled=False)])

    assert [wanted for _, wanted in found.switched] == [PUT]
    assert not found.made


@pytest.mark.parametrize(
    "change", [{"cron": "0 */5 * * * * *"}, {"enabled": False}, {"argument": "x"}], ids=["cron", "off", "argument"]
)
def test_a_timer_is_changed_in_place(change: dict[str, object]) -> None:
    found = changes([TIMER], [replace(TIMER, **change)])  # type: ignore[arg-type] # fields by name

    assert [wanted for _, wanted in found.changed] == [TIMER]


@pytest.mark.parametrize("change", [{"extranet": False}, {"auth_type": "CAM"}, {"enabled": False}])
def test_a_function_url_is_changed_in_place_for_a_new_one_has_another_address(change: dict[str, object]) -> None:
    found = changes([URL], [replace(URL, **change)])  # type: ignore[arg-type] # fields by name

    assert [wanted for _, wanted in found.changed] == [URL]
    assert [found.made, found.first, found.last] == [[], [], []]


def test_a_function_url_that_nothing_asks_for_is_kept() -> None:
    assert [one.kind for one in changes([TIMER], [URL, TIMER]).kept] == ["http"]


def test_other_kinds_are_kept() -> None:
    other = DeployedTrigger(None, "ckafka", "stream", "$DEFAULT", "{}")

    assert trigger_changes([PUT], (there(PUT), other)).kept == [other]


def test_a_bucket_trigger_is_made_before_the_old_one_goes() -> None:
    found = changes([COPY], [PUT])

    assert (found.made, [one.trigger for one in found.last], found.first) == ([COPY], [PUT], [])


@pytest.mark.parametrize(("old", "new"), [(ALL, PUT), (PUT, ALL), (PUT, replace(PUT, prefix="a/"))])
def test_unless_both_would_be_told_of_the_same_uploads(old: Trigger, new: Trigger) -> None:
    found = changes([new], [old])

    assert ([one.trigger for one in found.first], found.made, found.last) == ([old], [new], [])


def test_another_bucket_is_no_reason_for_a_gap() -> None:
    other = replace(PUT, name=DOMAIN.replace("videos", "other"))

    assert changes([PUT], [other]).first == []


bucket_triggers = st.builds(
    replace,
    st.just(PUT),
    event=st.sampled_from([PUT.event, COPY.event, ALL.event]),
    prefix=st.sampled_from(["", "a/", "a/b/"]),
    suffix=st.sampled_from(["", ".mp4"]),
    enabled=st.booleans(),
)


@given(st.lists(bucket_triggers, max_size=4, unique=True), st.lists(bucket_triggers, max_size=4, unique=True))
def test_what_is_done_leads_to_what_is_wanted(wanted: list[Trigger], found: list[Trigger]) -> None:
    wanted = list({(t.event, t.prefix, t.suffix): t for t in wanted}.values())
    found = list({(t.event, t.prefix, t.suffix): t for t in found}.values())
    to_do = changes(wanted, found)

    gone = {one.trigger for one in (*to_do.first, *to_do.last)}
    switched = {one.trigger: new for one, new in to_do.switched}
    after = [switched.get(trigger, trigger) for trigger in found if trigger not in gone] + to_do.made
    assert sorted(map(repr, after)) == sorted(map(repr, wanted))
