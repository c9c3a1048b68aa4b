"""What the tests of `shared` begin with: some secrets, settings, a video, and hypothesis's ideas of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from shared.domain.objects import RUN, Content, ObjectRef, Upload
from shared.domain.result import Result, Verdict
from shared.settings import read_settings
from shared.signing import Secrets

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from shared.settings import Settings

EVENTS = Path(__file__).parents[2] / "events"

CURRENT, PREVIOUS, FOREIGN = b"current " * 4, b"previous" * 4, b"someone " * 4
SECRETS = Secrets(CURRENT, PREVIOUS)
STRANGERS = Secrets(FOREIGN)

LEDGER = "ledger-1250000000"
VIDEO = ObjectRef("ap-beijing", "videos-1250000000", "uploads/clip.mp4")
CONTENT = Content("13464384021742137342", 1029)
#: Seconds since 1970 of the moment at which the video was uploaded.
MODIFIED = 1_767_225_600
UPLOAD = Upload(VIDEO, CONTENT, MODIFIED)
#: Two runs of the operator's command that asked to have it checked again.
RUN_ID, LATER_RUN_ID = "20260101T080000Z-4f2a", "20260101T080100Z-0b1c"
AT = "2026-01-01T00:00:54Z"

#: What has broken somebody's handling of keys before.
AWKWARD = ("/", "//", "./", "../", "+", "%", "%25", "%2F", "%zz", "?", "#", "&", "=", ";", ":", "@", "[", " ", "\\",
           "\t", "\n", "\r", "\x7f", "<>&'\"", "]]>", "产品", "é", "e\u0301", "🎬", "\u202e", "1250000000/videos/",
           "videos-1250000000/")  # fmt: skip

#: Keys as COS allows them, 1 to 850 bytes of UTF-8 (https://cloud.tencent.com/document/product/436/13324).
keys: SearchStrategy[str] = st.lists(
    st.sampled_from(AWKWARD) | st.characters(codec="utf-8"), min_size=1, max_size=12
).map("".join)
#: Text of any kind, lone surrogates included.
any_text: SearchStrategy[str] = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from("\ud83d\ude00\udcff\r\n\0%{}\"'\\\x1b\u202e:;=🎬x"), max_size=30
)
#: Any JSON value, mostly of the names that events have.
json_values: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([
                "Records", "EventList", "CMQ", "Ckafka", "msgBody", "specversion", "type", "data", "Type",
                "httpMethod", "cos", "event", "cosObject", "cosBucket", "key", "url", "size", "name", "appid",
                "eventName", "eventTime",
            ]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)  # fmt: skip
targets: SearchStrategy[ObjectRef] = st.builds(
    ObjectRef,
    st.sampled_from(["ap-beijing", "ap-guangzhou", "eu-frankfurt", "na-siliconvalley", "ap-shanghai-fsi"]),
    st.sampled_from(["videos-1250000000", "v-10000", "0-1-2-1250000000"]),
    keys,
)
contents: SearchStrategy[Content] = st.builds(Content, st.integers(0, 2**64 - 1).map(str), st.integers(0, 50 * 10**12))
#: Of an upload, mostly none; of a re-check, the run that asked for it.
runs: SearchStrategy[str] = st.just("") | st.from_regex(RUN, fullmatch=True)
uploads: SearchStrategy[Upload] = st.builds(Upload, targets, contents, st.integers(0, 10**11), runs)
#: What jobs find out; what is only ever skipped has no result.
results: SearchStrategy[Result] = st.builds(
    Result, st.sampled_from([Verdict.FOUND, Verdict.NONE, Verdict.FAILED]), st.just(AT), job=st.text(max_size=40),
    text=st.text(max_size=40), code=st.text(max_size=40), message=st.text(max_size=40),
)  # fmt: skip


def settings(**changed: str) -> Settings:
    """The settings of a deployment; `changed` are variables without their prefix."""
    variables = {"SECRET": CURRENT.decode(), "LEDGER_BUCKET": LEDGER, **changed}
    return read_settings({f"WATERMARK_{name}": value for name, value in variables.items()})


def event(name: str) -> Any:  # noqa: ANN401 - any JSON value
    """One of the sample events."""
    return json.loads((EVENTS / name).read_text(encoding="utf-8"))
