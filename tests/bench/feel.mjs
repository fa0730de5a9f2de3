// feel.mjs - FEEL against npm feelin: the 30 expressions of feel.json, which stand in packs/, and those of
// feel-rules.json, which are longer; each side evaluating them in turn, rounds alternating. feelin reads an expression every time; ours is measured so, and compiled once.
//
//     node tests/bench/feel.mjs BENCH        BENCH: the program of feel_bench.c
//
// feelin is no dependency: it is fetched into build/feelin when it can be had, else the run is skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const VERSION = '8.2.0', ROUNDS = 5, SECONDS = 1, FLOOR_PARSED = 50, FLOOR_COMPILED = 500;
const here = dirname(fileURLToPath(import.meta.url));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(0);
}

export async function loadFeelin() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 12)) skip(`feelin wants Node 20.12, this is ${process.versions.node}`);
  const folder = resolve(here, '../../build/feelin'), module = join(folder, 'node_modules/feelin');
  if (!existsSync(module)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--fetch-retries=0', '--fetch-timeout=30000', '--prefix', folder, `feelin@${VERSION}`]);
    if (npm.status !== 0) skip('feelin cannot be had');
  }
  const { exports, module: entry, main } = JSON.parse(readFileSync(join(module, 'package.json'), 'utf8'));
  const found = exports?.['.'] ?? entry ?? main;
  const path = typeof found === 'string' ? found : found.import?.default ?? found.import ?? found.default;
  return import(pathToFileURL(join(module, path)));
}

function theirRate(evaluate, expressions, context) {
  let count = 0;
  const start = performance.now();
  let elapsed;
  do {
    for (const expression of expressions) evaluate(expression, context);
    count += expressions.length;
    elapsed = performance.now() - start;
  } while (elapsed < SECONDS * 1000);
  return (count * 1000) / elapsed;
}

function ourRate(bench, file) {
  const run = spawnSync(bench, [file, String(SECONDS)], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

function compare(evaluate, bench, name) {
  const file = join(here, name), { context, expressions } = JSON.parse(readFileSync(file, 'utf8'));
  theirRate(evaluate, expressions, context); // warm
  const theirs = [], parsed = [], compiled = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(theirRate(evaluate, expressions, context));
    const ours = ourRate(bench, file);
    parsed.push(ours.parsed);
    compiled.push(ours.compiled);
  }
  const per = (list) => Math.round(median(list)).toLocaleString('en');
  const show = (what, list, floor) => console.log(
    `${name}, ${what}: ${per(list)} a second; feelin ${per(theirs)}; ratio ${(median(list) / median(theirs)).toFixed(0)} (floor ${floor})`);
  show('read and evaluated', parsed, FLOOR_PARSED);
  show('compiled once, evaluated', compiled, FLOOR_COMPILED);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { evaluate } = await loadFeelin();
  for (const name of ['feel.json', 'feel-rules.json']) compare(evaluate, process.argv[2], name);
}
