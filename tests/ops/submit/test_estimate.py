"""The minutes of all videos, from their sizes and the lengths of a few."""

from __future__ import annotations

import random
from itertools import permutations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ops.submit.estimate import MOST, Estimate, Measured, Sample, Sampler, estimate
from shared.domain.objects import ObjectRef
from tests.shared.samples import any_text, keys

#: Says the same on every Python.
pytestmark = pytest.mark.once

few = settings(max_examples=40)
sizes = st.integers(0, 2**50)
lengths = st.floats(0, 1e7, allow_nan=False, allow_subnormal=False)
measured = st.lists(st.builds(Measured, sizes, st.none() | lengths), max_size=60)


def video(key: str, bucket: str = "videos-1250000000") -> ObjectRef:
    return ObjectRef("ap-beijing", bucket, key)


def sampled(samples: list[Sample], most: int = MOST) -> Sampler:
    sampler = Sampler(most)
    for sample in samples:
        sampler.add(sample.target, sample.size)
    return sampler


def known(estimated: Estimate | None) -> Estimate:
    assert estimated is not None
    return estimated


def close(seconds: float) -> pytest.Approx[float]:
    """That many seconds, in minutes, but for rounding."""
    return pytest.approx(seconds / 60, rel=1e-9)


class TestSampler:
    def test_up_to_fifty_are_all_chosen(self) -> None:
        samples = [Sample(video(f"{n}.mp4"), n) for n in range(50)]
        assert set(sampled(samples).chosen) == set(samples)

    def test_of_more_there_are_fifty_and_all_are_counted(self) -> None:
        sampler = sampled([Sample(video(f"{n}.mp4"), 3) for n in range(2000)])
        assert len({sample.target for sample in sampler.chosen}) == 50
        assert (sampler.count, sampler.size) == (2000, 6000)

    def test_of_none_there_is_none(self) -> None:
        assert (Sampler().chosen, Sampler().count, Sampler().size) == ((), 0, 0)
        assert sampled([Sample(video("a.mp4"), 1)], most=0).chosen == ()

    @few
    @given(st.lists(keys | any_text, unique=True, max_size=12), st.integers(0, 5), st.randoms(use_true_random=False))
    def test_the_same_videos_give_the_same_sample_in_whatever_order_they_come(
        self, names: list[str], most: int, shuffler: random.Random
    ) -> None:
        samples = [Sample(video(name), len(name)) for name in names]
        first = sampled(samples, most).chosen
        shuffler.shuffle(samples)

        assert sampled(samples, most).chosen == first
        assert first == tuple(sorted(samples, key=lambda sample: sample.target.id)[:most])

    def test_one_key_in_two_buckets_is_two_videos(self) -> None:
        samples = [Sample(video("a.mp4", bucket), 1) for bucket in ("a-1250000000", "b-1250000000")]
        assert set(sampled(samples).chosen) == set(samples)

    def test_a_video_that_is_named_twice_harms_nothing(self) -> None:
        assert len(sampled([Sample(video("a.mp4"), 1)] * 60).chosen) == 50


class TestEstimate:
    def test_is_the_ratio_estimate_with_its_standard_error(self) -> None:
        # 70 s in 30 bytes. Without the one it would be 2.5 s a byte, without the other 2: the jackknife's error is
        # sqrt(1/2 x (0.25^2 + 0.25^2)) = 0.25 s a byte, less for the two of ten that are known: x sqrt(8/10).
        found = known(estimate(10, 100, [Measured(10, 20), Measured(20, 50)]))

        assert found.minutes == close(700 / 3)
        assert found.high == close(700 / 3 + 12.706 * 100 * 0.25 * 0.8**0.5)
        assert found.low == close(70)  # what was measured is sure
        assert (found.count, found.measured, found.failed, found.is_exact) == (10, 2, 0, False)

    def test_may_begin_above_what_is_known(self) -> None:
        answers = [Measured(10, 20), Measured(10, 22), Measured(10, 21)]
        found = known(estimate(4000, 40_000, answers))
        assert found.low > 63 / 60
        assert found.minutes - found.low == pytest.approx(found.high - found.minutes)

    def test_says_nothing_of_fewer_than_two(self) -> None:
        assert estimate(3, 30, []) is None
        assert estimate(3, 30, [Measured(10, 20)]) is None
        assert estimate(3, 30, [Measured(10, 20), Measured(10, None)]) is None

    def test_says_nothing_of_fewer_than_two_that_are_not_empty(self) -> None:
        assert estimate(3, 30, [Measured(0, 20), Measured(0, 20)]) is None
        assert estimate(4, 30, [Measured(0, 20), Measured(10, 20), Measured(0, 1)]) is None

    def test_leaves_out_those_that_did_not_answer_and_counts_them(self) -> None:
        answers = [Measured(10, 20), Measured(20, 50)]
        without = known(estimate(10, 100, answers))
        found = known(estimate(10, 100, [Measured(70, None), *answers, Measured(0, None)]))
        assert (found.minutes, found.low, found.high) == (without.minutes, without.low, without.high)
        assert (found.measured, found.failed) == (2, 2)

    def test_of_no_videos_is_no_minutes(self) -> None:
        assert estimate(0, 0, []) == Estimate(0, 0, 0, count=0, measured=0)

    @pytest.mark.parametrize(("count", "size"), [(1, 100), (10, 29), (0, 0)])
    def test_refuses_more_answers_than_videos(self, count: int, size: int) -> None:
        with pytest.raises(ValueError, match="were measured"):
            estimate(count, size, [Measured(10, 20), Measured(20, 50)])

    @few
    @given(measured.map(lambda some: [one for one in some if one.seconds is not None]))
    def test_is_exact_if_all_are_measured(self, answers: list[Measured]) -> None:
        found = known(estimate(len(answers), sum(one.size for one in answers), answers))

        assert found.is_exact
        assert found.low == found.minutes == found.high == close(sum(one.seconds or 0 for one in answers))

    @few
    @given(measured, st.integers(1, 10**6), sizes)
    def test_lies_in_its_range_which_begins_with_what_is_known(
        self, answers: list[Measured], others: int, more: int
    ) -> None:
        found = estimate(len(answers) + others, sum(one.size for one in answers) + more, answers)

        lengths = [one.seconds for one in answers if one.seconds is not None]
        if found is None:
            assert sum(one.size > 0 for one in answers if one.seconds is not None) < 2
            return
        assert sum(lengths) / 60 <= found.low * (1 + 1e-9)
        assert found.low <= found.minutes <= found.high < float("inf")
        assert (found.measured, found.failed) == (len(lengths), len(answers) - len(lengths))

    @few
    @given(st.lists(st.integers(1, 2**40), min_size=2, max_size=50), sizes, st.integers(1, 64))
    def test_is_sure_where_all_have_one_bit_rate(self, some: list[int], more: int, rate: int) -> None:
        found = known(estimate(len(some) + 5, sum(some) + more, [Measured(size, size * rate) for size in some]))

        assert found.minutes == close((sum(some) + more) * rate)
        assert found.high == pytest.approx(found.minutes)

    def test_is_the_same_in_whatever_order_the_answers_come(self) -> None:
        answers = [Measured(10, 20), Measured(20, 50), Measured(30, 31.7)]
        found = {estimate(10, 100, list(order)) for order in permutations(answers)}
        assert len(found) == 1

    def test_grows_surer_with_more_answers(self) -> None:
        answers = [Measured(10, 20), Measured(20, 50)]
        widths = [known(estimate(1000, 10**5, answers * times)).high for times in range(1, 40)]
        assert widths == sorted(widths, reverse=True)


BUCKETS = 150


def simulated(seed: int, videos: int) -> tuple[Estimate, float]:
    """The estimate and the truth, for videos as they are: few long ones, and bit rates that differ."""
    chance = random.Random(seed)  # noqa: S311 - the same for the same seed
    sampler, truth = Sampler(), {}
    for number in range(videos):
        target = video(f"{seed}/{number}.mp4")
        truth[target] = chance.lognormvariate(5, 1)
        sampler.add(target, int(truth[target] * chance.lognormvariate(13, 0.6)))
    answers = [Measured(sample.size, truth[sample.target]) for sample in sampler.chosen]
    return known(estimate(sampler.count, sampler.size, answers)), sum(truth.values()) / 60


def test_the_range_holds_the_truth_as_often_as_it_says() -> None:
    buckets = [simulated(seed, videos=200) for seed in range(BUCKETS)]

    held = sum(found.low <= truth <= found.high for found, truth in buckets)
    above = sum(truth > found.high for found, truth in buckets)
    assert held / BUCKETS == pytest.approx(0.92, abs=0.03)
    assert above / BUCKETS < 0.05
    # And it is no wider than it must be.
    assert sum((found.high - found.low) / 2 / truth for found, truth in buckets) / BUCKETS < 0.3
