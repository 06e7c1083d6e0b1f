from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Golden documents as JSON files beside the test, so that a review shows what changed."""
    return snapshot.use_extension(JSONSnapshotExtension)
