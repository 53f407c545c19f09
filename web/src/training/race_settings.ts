// What is chosen of a race: who takes part, at which rate, on which slice. Kept by the run, and told in a link.
import type { PlainRace } from "../types/specification.js";
import type { PageRun } from "./page_run.js";
import { NOBODY, type RacePanel } from "./race_panel.js";
import type { LinkPart } from "./run_link.js";
import { SLICE_KINDS, type SliceSettings } from "./slice_settings.js";
import type { TrainerPage } from "./trainer_page.js";

/** Keep what the run holds of a race and what its controls show the same; onTaken(): the controls show another one. */
export function shareRace(
  { lifetime }: TrainerPage,
  run: PageRun,
  {
    element,
    race,
    slice,
    onTaken,
  }: { element: HTMLElement; race: RacePanel; slice: SliceSettings; onTaken: () => void },
): void {
  const shown = (): PlainRace => ({ racers: race.entrants, ...slice.chosen });
  const isShown = (told: PlainRace) => JSON.stringify(told) === JSON.stringify(shown());
  const tell = () => {
    const told = run.get("race");
    if (told && !isShown(told)) run.set("race", shown());
  };
  // The controls themselves have heard of it before.
  for (const event of ["change", "click"]) lifetime.listen(element, event, tell);
  const take = () => {
    const told = run.get("race");
    if (!told || isShown(told)) return;
    race.take(told.racers);
    slice.take(told);
    onTaken();
  };
  lifetime.follow(run, "change:race", take);
  take();
}

/** As in racers=SGD:0.1,Adam:0.02,nobody:0&slice=weights,3,5 or slice=downhill,2: the second direction drawn. */
export const RACE_LINK: LinkPart = {
  write(run, fields) {
    const race = run.get("race");
    if (!race) return;
    fields.set("racers", race.racers.map(({ name, rate }) => `${name}:${rate}`).join());
    fields.set("slice", [race.slice, ...(race.slice === "weights" ? race.weights : [race.drawing])].join());
  },
  take(run, fields, problems) {
    const race = run.get("race");
    if (!race) return;
    const known = [...run.plain.racers!.map(({ name }) => name), NOBODY];
    const found = { ...race };
    const read = (name: string, use: (parts: string[]) => boolean) => {
      const text = fields.get(name);
      if (text !== null && !use(text.split(","))) problems.push(`In the link, ${name} = ${text} cannot be read.`);
    };
    read("racers", (parts) => {
      const racers = parts.map((each) => ({ name: each.split(":")[0], rate: Number(each.split(":")[1]) }));
      const isRead = racers.every(({ name, rate }) => known.includes(name) && rate >= 0 && rate < Infinity);
      if (isRead) found.racers = racers;
      return isRead;
    });
    read("slice", ([slice, ...places]) => {
      const numbers = places.map(Number);
      const isOfWeights = slice === "weights";
      const end = isOfWeights ? run.learner.parameters.length : Infinity;
      const isRead =
        SLICE_KINDS.includes(slice) &&
        numbers.length === (isOfWeights ? 2 : 1) &&
        numbers.every((each) => Number.isInteger(each) && each >= 0 && each < end);
      if (isRead) Object.assign(found, { slice }, isOfWeights ? { weights: numbers } : { drawing: numbers[0] });
      return isRead;
    });
    run.set("race", found);
  },
};
