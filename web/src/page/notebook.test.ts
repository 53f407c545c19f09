// @vitest-environment happy-dom
// What only a notebook has: a still picture that is hidden while the view lives, and words that come after a picture.
import { expect, test, vi } from "vitest";
import { makeElement, makeSvg } from "./dom.js";
import { PageModel } from "./exported_page.js";
import { Lifetime } from "./lifetime.js";
import { Connection, followWords, hideStill } from "./notebook.js";
import type { ModelEvents } from "../types/model.js";
import type { Bytes, ExplorerTraits, Specification, Words } from "../types/specification.js";

const box = (className: string, ...children: Element[]) => makeElement("div", { class: className }, ...children);

const ARRANGEMENTS: Record<string, (view: Element, still: Element) => Element> = {
  JupyterLab: (view, still) =>
    box("jp-OutputArea", box("jp-OutputArea-child", view), box("jp-OutputArea-child still", still)),
  nbclassic: (view, still) =>
    box(
      "output",
      box("output_area", box("output_subarea", view)),
      box("output_area", box("output_subarea still", still)),
    ),
};

test.each(Object.entries(ARRANGEMENTS))("in %s", async (_name, arrange) => {
  const root = box("view");
  document.body.replaceChildren(arrange(root, makeSvg("svg", { id: "bpv-still-1" })));
  const lifetime = new Lifetime((work) => work);
  const model = new PageModel<{ still_id: string }>({ still_id: "bpv-still-1" });
  hideStill({ lifetime, root, model });
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const output = document.querySelector<HTMLElement>(".still");
  expect(output?.style.display).toBe("none");
  lifetime.end();
  expect(output?.style.display).toBe("");
});

const packed = async (words: object): Promise<Bytes> => {
  const stream = new Blob([JSON.stringify(words)]).stream().pipeThrough(new CompressionStream("deflate"));
  return new DataView(await new Response(stream).arrayBuffer());
};
const saying = (title: string): Words => ({ narration: [{ title: [title] }], explanations: {} });
const graph = { nodes: [{ name: "x" }] };
const folded = (name: string) => ({
  narration: { shapes: [{ title: [["v", 0], name] }], told: [[0, 0]] },
  explanations: { shapes: [], told: [], of: [] },
});
const toldOf = (name: string) => [{ title: [["v", "x"], name] }];

test("words wait for their picture, and those of another picture are left", async () => {
  const model = new PageModel<ExplorerTraits>({});
  const request = vi.fn();
  const view = {
    lifetime: new Lifetime((work) => work),
    model,
    onSpec: () => {},
    paint: { request },
    spec: null as Specification | null,
    stale: new Set<string>(),
    strip: { complain: vi.fn() },
  };
  followWords(view as unknown as Parameters<typeof followWords>[0]);
  model.set("words", await packed(folded("first"))); // its picture is still being unpacked
  const first = (view.spec = { graph, ...saying("Ready") } as unknown as Specification);
  view.onSpec();
  await vi.waitFor(() => expect(first.narration).toEqual(toldOf("first")));
  expect(view.stale).toEqual(new Set(["words"]));
  expect(request).toHaveBeenCalledOnce();

  model.set("words", await packed(folded("late")));
  const second = (view.spec = { graph, ...saying("Ready") } as unknown as Specification);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([first.narration, second.narration]).toEqual([toldOf("first"), saying("Ready").narration]);
  expect(view.strip.complain).not.toHaveBeenCalled();
});

test("a kernel that comes after its view is watched, and missed when it starts again unseen", () => {
  vi.useFakeTimers();
  let told = () => {};
  const statusChanged = { connect: (listener: () => void) => (told = listener), disconnect: () => {} };
  const kernel = { id: "1", status: "idle", connectionStatus: "connected", statusChanged };
  const manager = { kernel: null as typeof kernel | null };
  const model = Object.assign(new PageModel<object>({}), { widget_manager: manager });
  const root = box("view");
  const onChange = vi.fn();
  const lifetime = new Lifetime((work) => work);
  new Connection({ lifetime, model: model as unknown as ModelEvents, root, onChange });
  manager.kernel = kernel;
  vi.advanceTimersByTime(1000);
  kernel.status = "restarting";
  told(); // its output is scrolled out of the page
  kernel.status = "idle";
  document.body.replaceChildren(root);
  vi.advanceTimersByTime(1000);
  expect(onChange.mock.calls).toEqual([[true]]);
  lifetime.end();
  vi.useRealTimers();
});
