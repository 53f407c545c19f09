"""Frames of a training run in the page: which is painted, and when the kernel hears of it."""

from __future__ import annotations

MODULES = ["training/frames"]
START = """
  const answers = [];
  const queue = new frames.Frames((number) => answers.push(number));
  const bytes = (...numbers) => new DataView(new Uint8Array(numbers).buffer);
  const add = (round, number, name, value) => {
    queue.add({ round, number, parts: [[name, "uint8", [1]]] }, [bytes(value)]);
  };
"""


def test_one_answer_for_three_frames(javascript):
    body = "for (let number = 1; number < 8; number += 1) queue.painted({ number, running: true }); return answers;"
    assert javascript(START + body, modules=MODULES) == [3, 6]


def test_a_frame_that_was_overtaken_is_answered_with_the_next(javascript):
    body = "for (const number of [4, 6, 7]) queue.painted({ number, running: true }); return answers;"
    assert javascript(START + body, modules=MODULES) == [4, 7]


def test_that_the_run_stands_still_is_answered_at_once(javascript):
    body = "queue.painted({ number: 1, running: true }); queue.painted({ number: 2, running: false }); return answers;"
    assert javascript(START + body, modules=MODULES) == [2]


def test_parts_of_a_frame_that_was_not_painted_are_not_lost(javascript):
    body = """
      add(1, 1, "weights", 7);
      add(1, 2, "heat", 8);
      const { number, parts } = queue.take(1);
      return [number, parts.weights.values[0], parts.heat.values[0], queue.take(1)];"""
    assert javascript(START + body, modules=MODULES) == [2, 7, 8, None]


def test_a_frame_waits_for_its_round_and_one_of_an_older_round_is_dropped(javascript):
    body = """
      add(2, 1, "heat", 1);
      const early = queue.take(1);
      const there = queue.take(2).number;
      add(2, 2, "heat", 1);
      return [early, there, queue.take(3), queue.take(2)];"""
    assert javascript(START + body, modules=MODULES) == [None, 1, None, None]


def test_a_new_round_takes_nothing_over(javascript):
    body = """add(1, 1, "weights", 7); add(2, 2, "heat", 8); return Object.keys(queue.take(2).parts);"""
    assert javascript(START + body, modules=MODULES) == ["heat"]
