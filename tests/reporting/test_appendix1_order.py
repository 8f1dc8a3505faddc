"""What the register gives back is what left the hub, key for key."""

import json

import pytest

from reporting.appendix1.rules.order import in_order
from reporting.disclosure.rules.publish import publish
from tests.reporting.random_full import GEOGRAPHY, random_full
from tests.sampled import sampled


@pytest.mark.long
@pytest.mark.parametrize("seed", sampled(range(1, 7), 2))
def test_a_release_has_the_same_bytes_after_the_register_lost_its_order(seed: int) -> None:
    published = publish(random_full(seed), geography=GEOGRAPHY)
    kept = json.loads(json.dumps(published, sort_keys=True))
    assert json.dumps(kept) != json.dumps(published)
    assert json.dumps(in_order(kept)) == json.dumps(published)
