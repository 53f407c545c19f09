// Builds what a notebook or a page runs, into ../backpropviz/static/: `npm run build`. The same sources give the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { zlibAsync } from "@gfx/zopfli";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { ownNames } from "./own_names.mjs";
import { PAGES, PARTED, PROGRAMS, SHEETS, STYLES, WIDGETS } from "./programs.mjs";

// Its compiled half would print itself at any fault of this script.
for (const fault of ["uncaughtException", "unhandledRejection"]) process.removeAllListeners(fault);

const target = ["chrome111", "firefox113", "safari16.4"]; // browsers that unpack compressed streams
const out = new URL("../backpropviz/static/", import.meta.url);
const cache = new URL("node_modules/.cache/backpropviz/", import.meta.url);

const entries = {
  name: "entries",
  setup(bundler) {
    const pages = Object.fromEntries(Object.entries(PAGES).map(([name, [, text]]) => [name, text]));
    const texts = Object.assign({}, WIDGETS, pages, ...PARTED);
    bundler.onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice(6), namespace: "entry" }));
    bundler.onLoad({ filter: /./, namespace: "entry" }, ({ path }) => ({
      contents: texts[path],
      loader: "ts",
      resolveDir: new URL("src", import.meta.url).pathname,
    }));
  },
};

const shortenedNames = await ownNames();

/** Bundle entries; gives the text of every file that came out, by name. */
async function bundled(names, options = {}) {
  const made = await build({
    entryPoints: names.map((name) => ({ in: `entry:${name}`, out: name })),
    bundle: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    write: false,
    outdir: "built",
    plugins: [entries],
    mangleProps: shortenedNames,
    target,
    ...options,
  });
  return Promise.all(
    made.outputFiles.map(async ({ path, text }) => [path.split("/").at(-1), String(await once(shortened, text))]),
  );
}

/** Both parts of a program, and what they share, whose name begins as theirs. */
function parted(parts) {
  const names = Object.keys(parts);
  const chunkNames = names[0].replace("explorer", "shared");
  return bundled(names, { splitting: true, chunkNames });
}

const makers = (
  await Promise.all(["build.mjs", "package-lock.json"].map((name) => readFile(new URL(name, import.meta.url))))
).join();
const used = new Set();

/** What `make` makes of a text. It takes long: it is made once, until the text changes or what makes it. */
async function once(make, text) {
  const name = createHash("sha256").update([makers, make.name, text].join("\0")).digest("hex");
  used.add(name);
  const kept = new URL(name, cache);
  const found = await readFile(kept).catch(() => null);
  if (found) return found;
  const made = await make(text);
  await writeFile(kept, made);
  return made;
}

/** The same script in fewer bytes: packed, a twentieth less than esbuild alone gives. */
async function shortened(text) {
  // None of our getters does anything but give; nothing of ours is made text but numbers, texts and lists of them.
  const compress = { passes: 3, pure_getters: true, unsafe: true, unsafe_arrows: true };
  const { code } = await minify(text, { module: true, ecma: 2020, compress });
  return code;
}

/** Zlib's format, packed as well as it can be. */
function packed(text) {
  return zlibAsync(text, { numiterations: 5, blocksplittingmax: 0 });
}

async function styled(name) {
  const sheets = await Promise.all(
    STYLES[name].map((each) => readFile(new URL(`src/${each}.css`, import.meta.url), "utf8")),
  );
  const { code } = await transform(sheets.join("\n"), { loader: "css", minify: true, charset: "utf8", target });
  return [`${name}.css`, code];
}

async function styles(names) {
  return (await Promise.all(names.map(styled))).map(([, text]) => text).join("");
}

/** Style and script of a page, with a NUL between them. */
async function paged(name) {
  const [[, script]] = await bundled([name]);
  return [`${name}.packed`, await once(packed, `${await styles(PAGES[name][0])}\0${script}`)];
}

/** Style and script of a notebook's view, and what later parts share with it, likewise; `scripts` by name. */
async function programmed(name, scripts) {
  const [sheets, shared] = PROGRAMS[name];
  const parts = [await styles(sheets), scripts[name], ...(shared ? [scripts[shared]] : [])];
  return [`${name}.packed`, await once(packed, parts.join("\0"))];
}

async function classic(name) {
  const source = await readFile(new URL(`src/page/${name}.ts`, import.meta.url), "utf8");
  const { code } = await transform(source, { loader: "ts", minify: true, charset: "utf8", target });
  return [`${name}.js`, code];
}

await mkdir(cache, { recursive: true });
const scripts = [
  ...(await Promise.all(Object.keys(WIDGETS).map((name) => bundled([name])))).flat(),
  ...(await Promise.all(PARTED.map(parted))).flat(),
].map(([file, text]) => [file.replace(/\.js$/, ""), text]);
const comesPacked = new Set(Object.entries(PROGRAMS).flatMap(([name, [, shared]]) => [name, shared]));
const built = [
  ...scripts.filter(([name]) => !comesPacked.has(name)).map(([name, text]) => [`${name}.js`, text]),
  ...(await Promise.all(Object.keys(PROGRAMS).map((name) => programmed(name, Object.fromEntries(scripts))))),
  ...(await Promise.all(Object.keys(PAGES).map(paged))),
  ...(await Promise.all(SHEETS.map(styled))),
  await classic("loader"),
];
for (const name of await readdir(out)) if (/\.(js|css|packed)$/.test(name)) await rm(new URL(name, out));
for (const [name, text] of built) await writeFile(new URL(name, out), text);
for (const name of await readdir(cache)) if (!used.has(name)) await rm(new URL(name, cache));
