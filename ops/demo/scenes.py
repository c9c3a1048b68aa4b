"""The scenes of the demo. Each does one thing that a user would do, shows what follows, and checks it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import requests

from faketencent.ci.jobs import Tag
from faketencent.video import make_video
from ops.demo.channel import Channel
from ops.demo.following import tell
from ops.demo.narrator import shortened
from ops.demo.stage import MARK, QUEUE, REGION, STUDIO, VIDEOS

if TYPE_CHECKING:
    from ops.demo.narrator import Narrator
    from ops.demo.stage import Stage

#: Of each watermarked video its own: an answer that is known would spare the second its job.
_TEXT, _OTHER_TEXT = "Studio-7_2026", "Studio-8_2026"
_BEACH, _QUEUED = "holiday/beach 1.mp4", "queued.mp4"
_HEADERS = {
    "Content-Type": "video/mp4",
    "Cache-Control": "max-age=3600",
    "x-cos-meta-title": "Beach",
    "x-cos-storage-class": "STANDARD_IA",
}
#: What is shown of a record, which has more.
_OF_A_RECORD = ("key", "modified", "at", "verdict", "applied", "text", "job", "attempts")
#: Headers that belong to one reply or to every write, not to what the user said about the object.
_OF_THE_REPLY = {"date", "server", "x-cos-request-id", "connection", "content-length", "accept-ranges"}


def marked_video(stage: Stage, narrator: Narrator) -> None:
    """A watermarked video is uploaded, and its text ends up on the object."""
    narrator.scene("A watermarked video is uploaded")
    stage.use(Channel.URL)
    video = watermarked(stage, narrator, _TEXT)
    stage.upload(_BEACH, video, _HEADERS)
    narrator.step("uploaded", f"{_BEACH} into {VIDEOS}, {len(video)} bytes")
    before = _shown(stage.head(_BEACH))
    # COS shows whole seconds, and the write should be seen to come after the upload.
    stage.cloud.clock.sleep(1)
    outcomes = _follow(stage, narrator)
    after = _shown(stage.head(_BEACH))
    narrator.step("the object's headers now: + is new, ~ has changed")
    narrator.headers(before, after)
    unchanged = all(after.get(name) == value for name, value in before.items() if name != "last-modified")
    narrator.check("the result is on the object", kept=after.get("x-cos-meta-watermark") == "found")
    narrator.check(f"its text is on the object too: {_TEXT}", kept=after.get("x-cos-meta-watermark-text") == _TEXT)
    narrator.check("everything else is unchanged", kept=unchanged)
    silence = outcomes == ["submitted", "written", "skipped"]
    narrator.check("our own write caused an event, which was skipped", kept=silence)
    _show_record(stage, narrator)


def unmarked_video(stage: Stage, narrator: Narrator) -> None:
    """A video without a watermark gets a result too."""
    narrator.scene("A video without a watermark")
    stage.upload("plain.mov", make_video(seconds=1), {"Content-Type": "video/quicktime"})
    _follow(stage, narrator)
    narrator.check("the result is: none", kept=stage.head("plain.mov").get("x-cos-meta-watermark") == "none")


def no_video(stage: Stage, narrator: Narrator) -> None:
    """Something else is left alone, without a single call."""
    narrator.scene("Something that is no video")
    stage.upload("notes.txt", b"Remember the sunscreen.", {"Content-Type": "text/plain"})
    calls = len(stage.cloud.journal)
    outcomes = _follow(stage, narrator)
    narrator.check(
        "skipped without a single call to the cloud", kept=outcomes == ["skipped"] and len(stage.cloud.journal) == calls
    )


def forged_callback(stage: Stage, narrator: Narrator) -> None:
    """A stranger claims that a job found something."""
    narrator.scene("A forged callback")
    forged = {
        "EventName": "TaskFinish",
        "JobsDetail": {
            "Code": "Success",
            "JobId": "j0123456789abcdef0123456789abcdef",
            "State": "Success",
            "Tag": "ExtractDigitalWatermark",
            "Input": {"BucketId": VIDEOS, "Object": "plain.mov", "Region": REGION},
            "Operation": {
                "ExtractDigitalWatermark": {"Message": "stolen", "Type": "Text", "Version": "V1"},
                "UserData": f"w2.{REGION}.1.1.1.1.{'0' * 64}",
            },
        },
    }
    calls = len(stage.cloud.journal)
    proxies = {"http": stage.server.url}
    url = stage.callback_url.replace("https://", "http://")
    reply = requests.post(url, json=forged, proxies=proxies, timeout=10)
    narrator.step("POST", stage.callback_url)
    narrator.step("reply", f"{reply.status_code} {reply.text}")
    narrator.check("refused", kept=reply.status_code == 403)
    narrator.check("without a single call to the cloud", kept=len(stage.cloud.journal) - calls == 1)
    narrator.check("the object still says `none`", kept=stage.head("plain.mov").get("x-cos-meta-watermark") == "none")


def by_queue(stage: Stage, narrator: Narrator) -> None:
    """The same by a TDMQ queue, which the callback function's timer polls."""
    narrator.scene("The callback as a message in a TDMQ queue")
    stage.use(Channel.TDMQ)
    stage.upload(_QUEUED, watermarked(stage, narrator, _OTHER_TEXT), {"Content-Type": "video/mp4"})
    outcomes = _follow(stage, narrator)
    waiting = len(stage.cloud.tdmq.backend.queue(QUEUE.name, QUEUE.region.value))
    narrator.check("the callback waits in the queue", kept=outcomes == ["submitted"] and waiting == 1)
    stage.tick()
    _follow(stage, narrator)
    after = stage.head(_QUEUED)
    left = len(stage.cloud.tdmq.backend.queue(QUEUE.name, QUEUE.region.value))
    narrator.check(
        "the timer wrote the result onto the object", kept=after.get("x-cos-meta-watermark-text") == _OTHER_TEXT
    )
    narrator.check("the queue is empty", kept=left == 0)


def balance(stage: Stage, narrator: Narrator) -> None:
    """What it cost, what is left behind, and what it was for."""
    narrator.scene("Balance")
    jobs = [job for job in stage.cloud.ci.backend.jobs.values() if job.request.tag is Tag.EXTRACT]
    videos = [key for key in stage.cloud.cos.backend.keys(VIDEOS) if not key.endswith(".txt")]
    claims, records = stage.ledger("claims/"), stage.ledger("results/")
    narrator.check(f"videos: {len(videos)}, jobs: {len(jobs)}", kept=len(jobs) == len(videos))
    narrator.check(f"records in the ledger: {len(records)}", kept=len(records) == len(videos))
    narrator.check(f"claims left: {len(claims)}", kept=not claims)
    key = example(stage)
    marks = stage.marks(key)
    narrator.step("the headers now on", key)
    narrator.fields({name: marks[name] for name in (MARK, f"{MARK}-text") if name in marks})


def example(stage: Stage) -> str:
    """The key of a video with a watermark."""
    return _BEACH if _BEACH in stage.cloud.cos.backend.keys(VIDEOS) else _QUEUED


def _show_record(stage: Stage, narrator: Narrator) -> None:
    records = stage.ledger("results/")
    for name in records:
        folder, _, upload = name.removesuffix(".json").rpartition("/")
        narrator.step("the record in the ledger", f"{folder}/{shortened(upload)}.json")
        record = json.loads(stage.kept(name))
        narrator.fields({field: json.dumps(record[field]) for field in _OF_A_RECORD})
    narrator.check("the ledger keeps one record of it", kept=len(records) == 1)


def watermarked(stage: Stage, narrator: Narrator, text: str) -> bytes:
    """A video with that text as its watermark, which Cloud Infinite has put in."""
    original = make_video()
    narrator.step("made a video", f"H.264 in MP4, 2 s, {len(original)} bytes")
    stage.client.put_object(Bucket=STUDIO, Key="original.mp4", Body=original)
    job = {
        "Tag": "DigitalWatermark",
        "Input": {"Object": "original.mp4"},
        "Operation": {
            "DigitalWatermark": {"Type": "Text", "Message": text, "Version": "V1"},
            "Output": {"Region": REGION, "Bucket": STUDIO, "Object": "marked.mp4"},
        },
    }
    stage.client.ci_create_media_jobs(Bucket=STUDIO, Jobs=job, ContentType="application/xml")
    for _ in stage.follow():
        pass
    marked: bytes = stage.client.get_object(Bucket=STUDIO, Key="marked.mp4")["Body"].get_raw_stream().read()
    narrator.step("added a watermark", f"by a DigitalWatermark job: {text}, {len(marked)} bytes")
    return marked


def _follow(stage: Stage, narrator: Narrator) -> list[object]:
    """Tell what follows as it happens; the outcomes that were logged, in order."""
    return [line["outcome"] for happening in stage.follow() for line in tell(happening, narrator)]


def _shown(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in _OF_THE_REPLY}
