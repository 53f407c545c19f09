// The entry of an exported page.
import { openPage } from "./page_start.js";
import { PlainAids } from "./plain_aids.js";

openPage(PlainAids);
