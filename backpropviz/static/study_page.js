// The entry of an exported page with study aids, or with an exercise.
import { StudyAids } from "./aids.js";
import { openPage } from "./page_start.js";

openPage(StudyAids);
