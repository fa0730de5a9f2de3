// build.mjs - makes the static files: node build.mjs OUT
//
//   Tabler, purged of what no template or script names, then styles/app.css -> minified -> app.css
//   src/main.ts (with htmx) -> app.js
//   src/dmn.ts (with dmn-js) -> dmn.js, dmn.css: the editor of decision tables, on its own page alone
//   icons/*.svg -> one sprite, icons.svg; icon.svg for the browser's tab
//
// Sizes are checked with brotli, since that is what travels. No network, no other tools.
import { build, transform } from 'esbuild';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { PurgeCSS } from 'purgecss';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');
const out = path.resolve(process.argv[2] ?? path.join(root, 'build/web'));
const limits = { 'app.css': 30_000, 'app.js': 25_000, 'icons.svg': 12_000, 'dmn.js': 300_000, 'dmn.css': 40_000 };
const targets = ['chrome88', 'firefox91', 'safari14'];

function fail(text) {
  console.error(`build.mjs: ${text}`);
  process.exit(1);
}

async function filesBelow(folder, endings) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(name, endings)));
    else if (endings.some((ending) => entry.name.endsWith(ending))) found.push(name);
  }
  return found.sort();
}

// What names a class: templates and scripts as they are; of C only the lines that write markup.
async function contents() {
  const templates = await filesBelow(path.join(root, 'src'), ['.html']);
  const scripts = await filesBelow(path.join(here, 'src'), ['.ts']);
  const c = await filesBelow(path.join(root, 'src'), ['.c']);
  const made = [];
  const read = [];
  for (const file of templates) read.push({ file, text: await readFile(file, 'utf8') });
  made.push(...read.map(({ text }) => text));
  for (const name of scripts) made.push(await readFile(name, 'utf8'));
  for (const name of c) {
    const lines = (await readFile(name, 'utf8')).split('\n');
    made.push(lines.filter((line) => line.includes('class=')).join('\n'));
  }
  return { text: made, templates: read };
}

// What our own files speak of stays in Tabler too: it is the vocabulary of pages yet to be written.
async function ownClasses() {
  const names = new Set();
  for (const file of await filesBelow(path.join(here, 'styles'), ['.css']))
    for (const match of (await readFile(file, 'utf8')).matchAll(/\.([a-z][\w-]*)/g)) names.add(match[1]);
  return [...names];
}

// A class that no stylesheet knows is a slip of the pen: it is told, with its line.
async function tellUnknownClasses(pageCss, templates) {
  const css = pageCss + await readFile(path.join(here, 'src/dmn.css'), 'utf8'); // of the editor's own page
  const known = new Set([...css.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map((match) => match[1]));
  for (const { file, text } of templates)
    for (const match of text.matchAll(/\sclass="([^"]*)"/g)) {
      const words = match[1].replace(/\{\{[^}]*\}\}/g, '*').split(/\s+/);
      const line = text.slice(0, match.index).split('\n').length;
      for (const word of words.filter((each) => /^[a-z][\w-]*$/.test(each) && !known.has(each)))
        console.warn(`${path.relative(root, file)}:${line}: warning: no stylesheet knows the class "${word}"`);
    }
}

async function bundle(options) {
  const made = await build({
    ...options,
    bundle: true,
    write: false,
    target: targets,
    loader: { '.svg': 'dataurl' },
    logLevel: 'error',
  });
  return made.outputFiles[0].text;
}

async function makeStyles(content, templates) {
  const tabler = await bundle({ stdin: { contents: '@import "@tabler/core/dist/css/tabler.css";', loader: 'css', resolveDir: here } });
  const own = await bundle({ entryPoints: [path.join(here, 'styles/app.css')] });
  await tellUnknownClasses(tabler + own, templates);
  const [purged] = await new PurgeCSS().purge({
    content: content.map((raw) => ({ raw, extension: 'html' })),
    css: [{ raw: tabler }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    safelist: { standard: await ownClasses() },
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  return (await transform(purged.css + own, { loader: 'css', minify: true, target: targets })).code;
}

async function makeScripts() {
  const made = await build({
    entryPoints: [path.join(here, 'src/main.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: targets,
    legalComments: 'none',
    logLevel: 'error',
  });
  return made.outputFiles[0].text;
}

// The policy refuses style elements that scripts make: CodeMirror's styles go into a sheet instead.
const sheets = {
  name: 'sheets',
  setup(made) {
    made.onLoad({ filter: /style-mod\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets');
      if (contents === text) fail(`${file} is not as it was: its styles would be refused`);
      return { contents, loader: 'js' };
    });
  },
};

async function makeEditor(name) {
  const made = await build({
    entryPoints: [path.join(here, `src/${name}.ts`)],
    outdir: out,
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: targets,
    legalComments: 'eof',
    /* The font of the editor's signs lies inside its style sheet; other formats of it are not needed. */
    loader: { '.svg': 'dataurl', '.eot': 'empty', '.woff': 'empty', '.woff2': 'empty', '.ttf': 'empty' },
    plugins: [sheets],
    logLevel: 'error',
  });
  for (const file of made.outputFiles) await put(path.basename(file.path), file.text);
}

async function makeSprite(templates) {
  const symbols = new Map();
  for (const file of await filesBelow(path.join(here, 'icons'), ['.svg'])) {
    const text = await readFile(file, 'utf8');
    const body = text.match(/<svg[^>]*>(.*)<\/svg>/s);
    if (!body) fail(`${file} is no icon`);
    const name = path.basename(file, '.svg');
    symbols.set(name, `<symbol id="${name}" viewBox="0 0 24 24">${body[1].trim()}</symbol>`);
  }
  for (const { file, text } of templates) {
    for (const match of text.matchAll(/\{\{icon "([^"]+)"\}\}|icons\.svg"\}\}#([a-z0-9-]+)"/g)) {
      const name = match[1] ?? match[2];
      const line = text.slice(0, match.index).split('\n').length;
      if (!symbols.has(name)) fail(`${file}:${line}: there is no icon "${name}" in web/icons`);
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${[...symbols.values()].join('')}</svg>\n`;
}

async function put(name, text) {
  await writeFile(path.join(out, name), text);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  const size = brotliCompressSync(Buffer.from(text), { params }).length;
  console.log(`${name}: ${text.length} bytes, ${size} with brotli`);
  if (limits[name] && size > limits[name]) fail(`${name} is over its ${limits[name]} bytes`);
}

await mkdir(out, { recursive: true });
const { text, templates } = await contents();
await put('app.css', await makeStyles(text, templates));
await put('app.js', await makeScripts());
await makeEditor('dmn');
await put('icons.svg', await makeSprite(templates));
await put('icon.svg', await readFile(path.join(here, 'styles/icon.svg'), 'utf8'));
