"""What the suite leaves to the drill: by chance, so that every long proof has its turn."""

import random

from tests.sampled import ONE_OF, one_of_each


def test_of_each_four_long_proofs_one_is_run() -> None:
    drawn = list(one_of_each(range(18), ONE_OF, random.Random(7)))
    assert [proof // ONE_OF for proof in drawn] == [0, 1, 2, 3, 4]


def test_every_long_proof_has_its_turn() -> None:
    runs = [one_of_each(range(18), ONE_OF, random.Random(run)) for run in range(60)]
    assert {proof for run in runs for proof in run} == set(range(18))
