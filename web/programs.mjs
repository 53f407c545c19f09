// What is built: the programs of notebooks and pages, what each starts, and the style sheets that it needs.

// Only pages of scalar graphs do without arrays, and only plain pages without closed gates and networks.
const ONLY_ARRAYS = `
    import { withArrays } from "./page/with_arrays";
    withArrays();`;
const WITH_CLOSED_GATES = `
    import { withClosedGates } from "./page/with_closed_gates";
    withClosedGates();`;
const DRAWN_ARRAYS = ONLY_ARRAYS + WITH_CLOSED_GATES;
// The choice of an entry, its sum and its edits.
const WITH_ENTRIES = `
    import { EntryPanel, saysTheSame } from "./panels/entry_panel";
    import { parts as ofViews } from "./page/parts";
    Object.assign(ofViews, { makeEntryPanel: (view) => new EntryPanel(view), saysTheSame });`;
const WITH_ARRAYS = DRAWN_ARRAYS + WITH_ENTRIES;
// What is moved and typed; a notebook's first picture does without it.
const HANDLING = `
    import { withHandling } from "./page/handling";
    withHandling();`;
const WITH_FORWARD_MODE = `
    import { compileGraph, useCompiler } from "./story/engine";
    useCompiler(compileGraph);`;
const WITH_KERNEL = `
    import { withKernel } from "./panels/header";
    import { withRoom } from "./page/notebook";
    withKernel();
    withRoom();`;

// Small pictures can be read at once.
const FOLLOWING = `
    import { withFollowing } from "./picture/following";
    withFollowing();`;
const WITH_OVERVIEW = `
    import { withOverview } from "./picture/overview";
    withOverview();`;
// A page of a small graph that is neither framed nor asked to present or to show gradients on edges does without it.
const PRESENTING = `
    import { withPresenting } from "./page/presenting";
    withPresenting();`;
// The digits of cells are smaller than other numbers.
const NEAR_TILES = `
    import { withNearTiles } from "./picture/near_tiles";
    withNearTiles();`;
const PRESENTED = `
    import { withPresentedPages } from "./page/presenting";
    withPresentedPages();`;

const DRAGGED = `
    import { dragInputs } from "./picture/number_drag";
    import { furnishAlso as furnishDrags } from "./page/parts";
    furnishDrags(dragInputs);`;
// What only a notebook needs of it.
const CRAMPED = `
    import { withCrampedRooms } from "./page/notebook";
    withCrampedRooms();`;

const WITH_SHEET = `
    import { AnswerSheet } from "./panels/answer_sheet";
    import { parts as ofAids } from "./page/parts";
    ofAids.makeSheet = (view, aids) => new AnswerSheet(view, aids);`;

// Maps of whole models are drawn without what nobody could read.
const DETAILS = `
    import { hideDetails } from "./picture/sight";
    import { parts as ofMaps } from "./page/parts";
    ofMaps.hideDetails = hideDetails;`;

// Pages whose examples are points of a plane do without.
const WITH_IMAGES = `
    import { ImageParts } from "./training/images";
    import { useImages } from "./training/picture_cards";
    useImages((given) => new ImageParts(given));`;

// What each built script starts. Widgets export `render` for anywidget; pages run.
export const WIDGETS = {
  launch: `import { launch as render } from "./page/notebook"; export default { render };`,
  exercise: `
    ${WITH_ARRAYS}
    ${WITH_KERNEL}
    ${FOLLOWING}
    ${WITH_OVERVIEW}
    ${HANDLING}
    ${WITH_SHEET}
    import { startView } from "./page/notebook";
    import { StudyAids } from "./panels/study_aids";
    export default { render: (given) => startView(given, (view) => new StudyAids(view)) };`,
  tables: `import { renderTables as render } from "./panels/tables"; export default { render };`,
  trainer: `
    ${HANDLING}
    ${WITH_IMAGES}
    import { KernelTrainerPage } from "./training/kernel_trainer_page";
    import { showPage } from "./page/notebook";
    export default { render: (given) => showPage(given, KernelTrainerPage) };`,
  replay: `
    ${WITH_IMAGES}
    import { ReplayPage } from "./training/replay_page";
    import { showPage } from "./page/notebook";
    export default { render: (given) => showPage(given, ReplayPage) };`,
  playground: `
    import { withRoom } from "./page/notebook";
    ${HANDLING}
    ${WITH_IMAGES}
    import { withGraphs } from "./training/graph_learner";
    import { showPlayground as render } from "./training/playground";
    withRoom();
    withGraphs();
    export default { render };`,
};
const openWith = (aids, module) => `
    ${HANDLING}
    import { openPage } from "./page/exported_page";
    import { ${aids} } from "./panels/${module}";
    openPage((view) => new ${aids}(view));`;
const editWith = (aids, module) => `
    ${PRESENTED}
    ${HANDLING}
    import { openEditablePage } from "./page/editable_page";
    import { ${aids} } from "./panels/${module}";
    openEditablePage((view) => new ${aids}(view));`;
const OF_PRESENTED = ["view", "following", "presenting"];
const OF_ARRAYS = ["view", "following", "arrays", "presenting"];
// Style sheets and program of each page.
export const PAGES = {
  page: [["view"], openWith("PlainAids", "aids")],
  presented_page: [OF_PRESENTED, PRESENTED + DRAGGED + openWith("PlainAids", "aids")],
  study_page: [[...OF_PRESENTED, "aids"], PRESENTED + DRAGGED + WITH_SHEET + openWith("StudyAids", "study_aids")],
  editable_page: [[...OF_PRESENTED, "kernel"], editWith("PlainAids", "aids")],
  editable_study_page: [[...OF_PRESENTED, "kernel", "aids"], editWith("StudyAids", "study_aids")],
  array_page: [
    ["view", "following", "arrays"],
    ONLY_ARRAYS + WITH_ENTRIES + FOLLOWING + WITH_OVERVIEW + openWith("PlainAids", "aids"),
  ],
  presented_array_page: [OF_ARRAYS, WITH_ARRAYS + PRESENTED + NEAR_TILES + openWith("PlainAids", "aids")],
  array_study_page: [
    [...OF_ARRAYS, "aids"],
    WITH_ARRAYS + PRESENTED + NEAR_TILES + WITH_SHEET + openWith("StudyAids", "study_aids"),
  ],
  model_page: [
    [...OF_ARRAYS, "aids"],
    `
    ${WITH_ARRAYS}
    ${PRESENTED}
    ${NEAR_TILES}
    ${DETAILS}
    import { readPageData } from "./page/exported_page";
    import { parts } from "./page/parts";
    import { withModelPanels } from "./panels/tables";
    parts.carriedBlocks = new Map(Object.entries(readPageData("bpv-blocks") ?? {}));
    withModelPanels();
    ${openWith("StudyAids", "study_aids")}`,
  ],
  scorm_page: [
    [...OF_ARRAYS, "aids"],
    `
    ${WITH_ARRAYS}
    ${PRESENTED}
    ${NEAR_TILES}
    ${HANDLING}
    ${WITH_SHEET}
    import { reportScore } from "./page/course_system";
    import { openPage } from "./page/exported_page";
    import { StudyAids } from "./panels/study_aids";
    openPage((view) => {
      const aids = new StudyAids(view);
      if (aids.sheet) reportScore(view, aids.sheet);
      return aids;
    });`,
  ],
  playground_page: [
    ["view", "following", "training"],
    `${HANDLING}
    import { stepManager as makeManager } from "./training/opened_step";
    import { openPlayground } from "./training/playground";
    openPlayground({ makeManager });`,
  ],
  array_playground_page: [
    ["view", "following", "arrays", "training", "images"],
    `${WITH_ENTRIES}
    ${HANDLING}
    ${WITH_IMAGES}
    import { withArrays } from "./page/with_arrays";
    import { arrayStep, stepManager } from "./training/opened_step";
    import { openPlayground } from "./training/playground";
    withArrays();
    openPlayground({ makeManager: (run) => stepManager(run, arrayStep) });`,
  ],
  landscape_page: [
    ["view", "following", "arrays", "training", "images", "landscape"],
    `${HANDLING}
    ${WITH_IMAGES}
    import { withArrays } from "./page/with_arrays";
    import { offerLandscape as offer } from "./training/landscape_panel";
    import { arrayStep, stepManager } from "./training/opened_step";
    import { openPlayground } from "./training/playground";
    withArrays();
    openPlayground({ offer, makeManager: (run) => stepManager(run, arrayStep) });`,
  ],
  graph_playground_page: [
    ["view", "training", "images", "kernels"],
    `${HANDLING}
    ${WITH_IMAGES}
    import { offerGraph as offer, withGraphs } from "./training/graph_learner";
    import { openPlayground } from "./training/playground";
    withGraphs();
    openPlayground({ offer });`,
  ],
  replay_page: [
    ["view", "replay", "training", "images"],
    `${WITH_IMAGES} import { openReplay } from "./training/replay_page"; openReplay();`,
  ],
};
// The explorer's study aids come after its picture, and with them what is moved and typed, and what only arrays, closed
// gates and presenting need; what draws arrays or closed gates comes before where there are some. What both parts need is
// in shared.js, which comes first.
const startExplorer = (more) => `
    ${more}
    ${WITH_KERNEL}
    import { startView } from "./page/notebook";
    import { LaterAids } from "./panels/aids";
    export default { render: (given) => startView(given, (view) => new LaterAids(view, given.shared)) };`;
const giveAids = (more) => `
    ${more}
    ${HANDLING}
    ${PRESENTING}
    ${NEAR_TILES}
    ${DRAGGED}
    ${DETAILS}
    ${CRAMPED}
    import { withModelPanels } from "./panels/tables";
    import { StudyAids, withGates } from "./panels/study_aids"; withGates(); withModelPanels();
    import { completeNames } from "./panels/completion"; import { furnishAlso } from "./page/parts";
    furnishAlso(completeNames);
    export default { StudyAids };`;
/** Programs in two parts, by what is drawn at once. */
export const PARTED = [
  {
    explorer: startExplorer(WITH_FORWARD_MODE + FOLLOWING),
    aids: giveAids(WITH_ARRAYS),
  },
  {
    array_explorer: startExplorer(WITH_FORWARD_MODE + ONLY_ARRAYS + FOLLOWING),
    array_aids: giveAids(WITH_CLOSED_GATES + WITH_ENTRIES),
  },
  {
    gate_explorer: startExplorer(DRAWN_ARRAYS + FOLLOWING),
    gate_aids: giveAids(WITH_ENTRIES),
  },
];

const OF_KERNEL = ["view", "following", "kernel"];
// What comes into a notebook by traits, packed: its server does not compress what it sends, and every view gets its own
// copy. The style sheets of each, and the module that it shares with parts that come later.
export const PROGRAMS = {
  explorer: [OF_KERNEL, "shared"],
  array_explorer: [[...OF_KERNEL, "arrays"], "array_shared"],
  gate_explorer: [[...OF_KERNEL, "arrays"], "gate_shared"],
  aids: [["arrays", "presenting", "cramped", "aids"]],
  array_aids: [["presenting", "cramped", "aids"]],
  gate_aids: [["presenting", "cramped", "aids"]],
  exercise: [["view", "following", "arrays", "kernel", "aids"]],
};

// Later sheets win over earlier ones.
export const STYLES = {
  view: [
    ..."marks stage".split(" ").map((name) => `picture/${name}`),
    ..."controls narrow fields panel".split(" ").map((name) => `panels/${name}`),
    "page/explorer",
    "page/theme",
  ],
  arrays: ["picture/tiles", "panels/entry"],
  kernel: ["panels/expression_box"],
  following: ["picture/overview"],
  presenting: ["picture/edge_gradients", "page/presenting"],
  cramped: ["page/cramped"],
  aids: [..."aids exercise nudge tables".split(" ").map((name) => `panels/${name}`), "picture/details"],
  replay: ["training/replay"],
  training: "trainer trainer_pictures slide_room".split(" ").map((name) => `training/${name}`),
  images: ["training/images"],
  landscape: ["training/landscape"],
  kernels: ["training/kernels"],
  exported_page: ["page/exported_page"],
  still_page: ["page/exported_page", "page/still_tables"],
};

export const SHEETS = Object.keys(STYLES).filter((name) => !["presenting", "cramped"].includes(name)); // which come packed only
