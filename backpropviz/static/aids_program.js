// The entry of the study aids where they come after the picture.
import { StudyAids } from "./aids.js";

export default { StudyAids };
