"""A trainer at work without a browser."""

from __future__ import annotations

import asyncio

CLASSIFIER = {"output": "sigmoid"}


def from_page(trainer, **content):
    trainer._handle_custom_msg(content, [])


def run(trainer, seconds, meanwhile=None):
    """Train for a while, with something happening halfway."""

    async def train():
        trainer.play()
        await asyncio.sleep(seconds / 2)
        if meanwhile is not None:
            meanwhile()
        await asyncio.sleep(seconds / 2)
        trainer.pause()

    asyncio.run(train())
