"""Runs that the page trains, in Node."""

from __future__ import annotations

import backpropviz as bpv
from backpropviz.runs.page_run import playground_to_plain

MODULES = ["story/primitives", "story/tight_loops", "training/page_run"]
# Frames of a browser: none comes by itself here.
HEAD = """
  globalThis.requestAnimationFrame ??= () => 1;
  globalThis.cancelAnimationFrame ??= () => {};
  primitives.usePrimitives(tight_loops.TIGHT_PRIMITIVES);
  const network = plain.run.network;
  const run = new page_run.PageRun(plain, {
    playing: false, learning_rate: rate, batch_size: plain.run.batchSize, l2: network.l2, epochs: 0,
    activation: network.activations[0], hidden: network.sizes.slice(1, -1), epochs_per_second: 30, steps_per_second: 0,
    example: 0, earlier: [], message: {},
  });
  let frame = null;
  run.on("msg:custom", (content, buffers) => {
    const parts = Object.fromEntries(content.parts.map(([name, kind, shape], place) => {
      const kinds = { float32: Float32Array, int8: Int8Array, uint8: Uint8Array };
      const { buffer, byteOffset, byteLength } = buffers[place];
      return [name, { shape, values: new kinds[kind](buffer.slice(byteOffset, byteOffset + byteLength)) }];
    }));
    frame = { ...content, parts };
  });
"""


def training_of(network, data, optimizer=0.3, batch_size=8):
    train, held_out = bpv.datasets.arrays(*data).split(0.25, 2)
    return bpv.Training(network, train, optimizer, batch_size, 4, held_out)


def told(javascript, training, body):
    plain = playground_to_plain(training)
    return javascript(HEAD + body, modules=MODULES, plain=plain, rate=training.learning_rate)
