from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis
import pytest
from syrupy.extensions.json import JSONSnapshotExtension

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


hypothesis.settings.register_profile("steady", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("steady")


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Golden documents as JSON files beside the test, so that a review shows what changed."""
    return snapshot.use_extension(JSONSnapshotExtension)
