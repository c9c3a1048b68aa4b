"""The fields of our own log lines, as docs/operations.md lists them, and how an index cuts them into words."""

#: What CLS itself proposes: https://cloud.tencent.com/document/product/614/48744. Keys and messages are cut at these.
SEPARATORS = "@&?|#()='\",;:<>[]{}/ \n\t\r"
#: Those that are one word.
WORDS = (
    "level", "event", "outcome", "reason", "correlation", "bucket", "region", "job", "error", "code", "request_id",
)  # fmt: skip
TEXTS = ("key", "detail", "message", "trace")
NUMBERS = (
    "status", "retryable", "in_flight", "due", "handled", "oldest", "complete", "alive", "held", "deleted",
    "undeleted", "left", "given_up", "emptied",
)  # fmt: skip
