"""What is left in a description is read again, and fits SCF's alphabet."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.deploy.marker import Marker, read_marker

HASH = "0123456789abcdef" * 4

markers = st.builds(
    Marker,
    st.from_regex(r"[0-9]\.[0-9]{1,2}\.[0-9](rc[0-9])?", fullmatch=True),
    st.text("0123456789abcdef", min_size=64, max_size=64),
    st.none() | st.integers(0, 10**9),
)


@given(markers, st.text("ab .,\n假", max_size=40))
def test_a_marker_is_found_again_behind_any_text(marker: Marker, text: str) -> None:
    assert read_marker(marker.on(text)) == marker


@given(markers)
def test_it_has_only_what_a_description_may_have(marker: Marker) -> None:
    assert re.fullmatch(r"[0-9A-Za-z ,.\n]{0,1000}", marker.on("Submits a job."))


@pytest.mark.parametrize(
    "description",
    ["", "Submits a job.", f"Version 1. Zip {HASH[:-1]}.", f"Version 1. Zip {HASH}. And more.", f"Zip {HASH}."],
)
def test_what_others_wrote_is_no_marker(description: str) -> None:
    assert read_marker(description) is None
