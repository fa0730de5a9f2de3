// pages.mjs - every page of the program at work: reachable for everybody (axe), readable on a small
// phone, in words and not in keys, in English without Chinese, and in large text.
//
//     node tests/browser/pages.mjs sqlite|postgres
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeBrowser, Person } from '../lib/browser.mjs';
import { busyHall, pagesOf, typed } from '../lib/busy.mjs';
import { engine, stopServer } from '../lib/server.mjs';
import { assert, runTests, skip, test } from '../lib/tap.mjs';
import { excess, findings } from '../style/samples.mjs';

/** Every key of the *.messages files below src. */
function messageKeys(folder = 'src') {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return messageKeys(path);
    return entry.name.endsWith('.messages') ? readFileSync(path, 'utf8').split('\n').filter((line) => /^[a-z]/.test(line)) : [];
  });
}
const keys = messageKeys(), families = new Set(keys.map((key) => key.slice(0, key.lastIndexOf('.') + 1)));

/** What people and their screen readers are told, without what is marked as Chinese, and without the text that is being
 *  edited. */
function wordsOfPage() {
  const found = [document.title];
  const isOther = (element) => element.closest('[lang]') !== document.documentElement;
  const isTyped = (element) => !['checkbox', 'radio'].includes(element.type);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.data.trim() && !isOther(node.parentElement) && !node.parentElement.closest('script, code, textarea')) found.push(node.data.trim());
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt], textarea, input:not([type=hidden])'))
    if (!isOther(element))
      for (const attribute of ['aria-label', 'placeholder', 'title', 'alt', ...(isTyped(element) ? ['value'] : [])]) found.push(element.getAttribute(attribute) ?? '');
  return found;
}

/** Words that look like keys: those of a family that has keys, whether this one is among them or was forgotten. */
function rawKeys(words) {
  return words.flatMap((text) => text.match(/[a-z0-9_]+(?:\.[a-z0-9_-]+)+/g) ?? [])
    .filter((word) => families.has(word.slice(0, word.lastIndexOf('.') + 1)) || /^(field|choice|error|state|stage|step|topic)\./.test(word));
}

/** Examples and names may be Chinese; a sentence may not. */
function chinese(words) {
  const names = [...typed].sort((a, b) => b.length - a.length);
  return words.map((text) => names.reduce((left, one) => left.split(one).join(''), text)
    .replace(/[“"][^”"]*[”"]/g, '')).filter((text) => /[\u4e00-\u9fff]/.test(text));
}

let hall;

/** A visitor who is signed in already; logging in has its own stories. */
async function visitor(who, language, mode, width) {
  const cookies = { ...await hall.sessionOf(who), ...(mode === 'elder' ? { elder: 'on' } : {}), ...(mode === 'dark' ? { dark: 'on' } : {}) };
  return Person.open(hall.server, { language, width, cookies, bypassCSP: true });
}

async function look({ who, path, act }, language, mode, widths, rules) {
  const person = await visitor(who, language, mode, widths[0]);
  await person.go(path);
  if (act) await act(person);
  const problems = [];
  for (const width of widths) {
    await person.page.setViewportSize({ width, height: 800 });
    const wide = await excess(person.page);
    if (wide > 0) problems.push(`${wide} px wider than ${width}`);
  }
  const words = await person.page.evaluate(wordsOfPage);
  problems.push(...rawKeys(words).map((key) => `raw key ${key}`));
  if (language === 'en') problems.push(...chinese(words).map((text) => `Chinese: ${text}`));
  problems.push(...(await findings(person.page, rules)).map(({ text }) => text));
  await person.close();
  return problems.map((problem) => `${language} ${mode}: ${problem}`);
}

/** Every GET route that answers a page, as a pattern of its path; the longer names go first. */
async function routes() {
  const { paths } = await (await fetch(`${hall.server.url}/openapi.json`)).json();
  return Object.entries(paths).filter(([, { get }]) => get?.responses[200]?.content?.['text/html'])
    .map(([path]) => ({ path, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`) }))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
}

/** A route whose page nobody looks at here fails: give it a line in tests/lib/busy.mjs. */
function checkRoutes(pages) {
  test('every page of the program is looked at', async () => {
    const all = await routes(), looked = new Set();
    assert.ok(all.length > 30, `${all.length} routes with pages`);
    for (const { path } of pages) looked.add(all.find(({ pattern }) => pattern.test(path.split('?')[0]))?.path);
    assert.deepEqual(all.map(({ path }) => path).filter((path) => !looked.has(path)), []);
  });
}

function check(page) {
  test(`${page.name}: axe, small screens, words; in both languages and large text`, async () => {
    const problems = (await Promise.all([
      look(page, 'zh-CN', 'plain', [320, 390], []),
      look(page, 'en', 'plain', [320, 390, 1280], []),
      look(page, 'zh-CN', 'elder', [320, 390], ['color-contrast-enhanced']),
    ])).flat();
    assert.deepEqual(problems, []);
  });
}

if (engine === 'postgres') {
  skip('every page', 'pages are the same on both');
  await runTests();
} else {
  hall = await busyHall();
  const only = new RegExp(process.env.ONLY ?? '.');
  const pages = pagesOf(hall).filter(({ name }) => only.test(name));
  checkRoutes(pagesOf(hall));
  pages.forEach(check);
  for (const page of pages.filter(({ name }) => name === 'board'))
    test('board, dark: axe and contrast', async () => assert.deepEqual(await look(page, 'zh-CN', 'dark', [1920], []), []));
  await runTests(async () => {
    await closeBrowser();
    await stopServer(hall.server);
  });
}
