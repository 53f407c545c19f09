// The entry of an exercise: its blanks are study aids, so they come with the picture.
import { StudyAids } from "./aids.js";
import { startView } from "./start_view.js";

function renderExercise(given) {
  return startView(given, StudyAids);
}

export default { render: renderExercise };
