"""Exported pages, opened from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from offline_page import OfflinePage

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def offline(chromium, request) -> Iterator[OfflinePage]:
    """A page without a network; parametrise it indirectly for its width and colour scheme."""
    opened = OfflinePage(chromium, **getattr(request, "param", {}))
    yield opened
    opened.close()
