// The entry: a notebook calls render with the model of a replay.
import { ReplayPage } from "./replay_page.js";

function renderReplay({ model, el }) {
  const page = new ReplayPage(model, el);
  return () => page.end();
}

export default { render: renderReplay };
