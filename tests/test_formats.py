"""docs/formats.md says what the code stores and signs. The vectors that go with it: test_vectors.py."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest

from ops.checkout import ROOT
from shared.domain.answer import Answer
from shared.domain.claim import Attempt, Held
from shared.domain.job import Job
from shared.domain.metadata import CAPACITY, FIELDS
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.pause import Pause
from shared.domain.result import MAX_TEXT
from shared.domain.ticket import Ticket, ticket_of
from shared.domain.waiting import run_of, waiting_name
from shared.errors import TicketError
from shared.signing import Purpose, Secrets
from tests.asking import ask
from tests.test_documented_calls import table
from tests.world import LEDGER, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

TEXT = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
SECRETS = Secrets(b"x" * 32)
#: As long as it may be, for each part of a ticket that the table gives a length.
LONGEST = {"region": "a", "crc64": "9", "size": "9", "modified": "9", "attempt": "9"}


def section(heading: str) -> str:
    """What stands under a heading of two or three `#`."""
    return re.split(r"\n##+ ", TEXT.partition(f"\n{heading}\n")[2])[0]


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    return table(f"\n{heading}\n{section(heading)}", heading)


def named(heading: str, column: int = 0) -> list[str]:
    """What is set as code in a column of the table under a heading."""
    return [name for row in rows(heading) for name in re.findall(r"`([^`]+)`", row[column])]


def fields_of(stored: type[Any]) -> Iterator[str]:
    """The names of what a dataclass holds, with those of what is in it."""
    for name, hint in get_type_hints(stored).items():
        inner = next((part for part in (hint, *get_args(hint)) if dataclasses.is_dataclass(part)), None)
        yield from (f"{name}.{field}" for field in fields_of(inner)) if isinstance(inner, type) else [name]


@pytest.mark.parametrize(("heading", "stored"), [("### Claim", Attempt), ("### Answer", Answer), ("### Pause", Pause)])
def test_every_field_is_described(heading: str, stored: type[Any]) -> None:
    described = named(heading)

    assert sorted(described) == sorted(fields_of(stored))


def test_every_reason_for_which_an_attempt_is_held_is_described() -> None:
    (held,) = (row[1] for row in rows("### Claim") if row[0] == "`held`")

    assert set(re.findall(r"`(\w+)`", held)) == {held.value for held in Held}


def test_every_purpose_of_a_signature_is_described() -> None:
    assert named("## Signatures", 1) == [purpose.value for purpose in Purpose]


@pytest.mark.parametrize(("run", "form"), [("", 0), ("20260101T080000Z-4f2a", 1)], ids=["upload", "re-check"])
def test_a_ticket_has_the_form_that_is_described(run: str, form: int) -> None:
    forms = [line.strip() for line in section("## Ticket").splitlines() if line.startswith("    w2.")]
    upload = Upload(ObjectRef("ap-beijing", "videos-1250000000", "a.mp4"), Content("1", 2), 3, run)

    made = Ticket(upload, 4, "0123456789abcdef" if run else "").sign(SECRETS)

    assert re.fullmatch(re.sub(r"<\w+>", "[^.]+", forms[form].replace(".", r"\.")), made)
    assert len(forms) == 2
    assert re.findall(r"<(\w+)>", forms[1]) == named("## Ticket")


@pytest.mark.parametrize("part", LONGEST)
def test_a_part_of_a_ticket_is_as_long_as_described_and_no_longer(part: str) -> None:
    longest = next(int(row[2]) for row in rows("## Ticket") if row[0] == f"`{part}`")

    assert is_read(**{part: LONGEST[part] * longest})
    assert not is_read(**{part: LONGEST[part] * (longest + 1)})


def is_read(
    region: str = "ap-beijing", crc64: str = "1", size: str = "2", modified: str = "3", attempt: str = "4"
) -> bool:
    """Whether a ticket with these parts, which we signed ourselves, is read."""
    target = ObjectRef(region, "videos-1250000000", "a.mp4")
    ticket = Ticket(Upload(target, Content(crc64, int(size)), int(modified)), int(attempt))
    try:
        return ticket_of(Job(bucket=target.bucket, key=target.key, ticket=ticket.sign(SECRETS)), SECRETS) == ticket
    except TicketError:
        return False


def test_the_fields_on_an_object_and_what_they_may_cost_are_described() -> None:
    text = section("## Seal")

    listed = text.partition("`x-cos-meta-<prefix>-<field>` with")[2].partition(". The prefix")[0]
    assert re.findall(r"`(\w+)`", listed) == list(FIELDS[1:])
    assert f"COS keeps {CAPACITY} bytes" in text
    assert f"are cut at {MAX_TEXT} characters" in section("## Ledger")


def test_a_waiting_entry_has_the_name_that_is_described() -> None:
    text = section("### Waiting entry")
    (run,) = re.findall(r"`(2[^`]+Z-[^`]+)`", text)
    (listed,) = re.findall(r"`(\[[^`]+\])`", text)
    described = f"waiting/{run}/{hashlib.sha256(listed.encode()).hexdigest()}"

    assert described == waiting_name(run_of(described), ObjectRef("ap-beijing", *json.loads(listed)))


def test_every_name_in_the_ledger_is_described() -> None:
    patterns = [re.sub(r"<[\w -]+>", "[^/]+", name.replace(".", r"\.")) for name in named("## Ledger")]
    with deployed(MAX_JOBS_PER_DAY="10") as world:
        (entry,) = ask(world, "asked.mp4")
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        world.sweep()
        puts = {call.key for call in world.cloud.journal if call.bucket == LEDGER and call.request.method == "PUT"}

    written = {*puts, entry, "paused"}
    fitting = {name: [pattern for pattern in patterns if re.fullmatch(pattern, name)] for name in written}
    assert {name: len(found) for name, found in fitting.items()} == dict.fromkeys(written, 1)
    assert {found[0] for found in fitting.values()} == set(patterns)
