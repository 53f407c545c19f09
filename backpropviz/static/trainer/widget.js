// The entry: a notebook calls render with the model of a trainer.
import { TrainerPage } from "./trainer_page.js";

function renderTrainer({ model, el }) {
  const page = new TrainerPage(model, el);
  return () => page.end();
}

export default { render: renderTrainer };
