from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis
import pytest
from syrupy.extensions.json import JSONSnapshotExtension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion


hypothesis.settings.register_profile("steady", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests leave the cache of whoever runs them alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SQLLINEAGE_SCAN_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Golden documents as JSON files beside the test, so that a review shows what changed."""
    return snapshot.use_extension(JSONSnapshotExtension)
