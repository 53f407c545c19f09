"""The built site; ``.ci/site`` builds it and runs these tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from offline_page import OfflinePage

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = Path(__file__).parents[2] / "site"


@pytest.fixture(scope="session")
def site() -> Path:
    """Where the site was built."""
    if not (SITE / "index.html").exists():
        pytest.skip("The site is not built: run .ci/site")
    return SITE


@pytest.fixture
def offline(chromium, request) -> Iterator[OfflinePage]:
    """A page without a network; parametrise it indirectly for its width and colour scheme."""
    opened = OfflinePage(chromium, **getattr(request, "param", {}))
    yield opened
    opened.close()
