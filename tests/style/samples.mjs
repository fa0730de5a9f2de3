// samples.mjs - the sample pages of `render` served on loopback under the program's own content
// security policy, and a chromium to look at them.
import { createServer } from 'node:http';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, '../../web/package.json'));
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const policy = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:";

/** Serves a folder; { url, names, close }. */
export async function serveSamples(folder) {
  const server = createServer(async (request, response) => {
    const name = path.join(folder, path.normalize(decodeURIComponent(request.url.split('?')[0])));
    try {
      const body = await readFile(name);
      response.writeHead(200, { 'Content-Type': types[path.extname(name)] ?? 'text/plain', 'Content-Security-Policy': policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.html')).sort();
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    names: files.map((name) => name.slice(0, -5)),
    close: () => server.close(),
  };
}

export function launch() {
  const { chromium } = require('playwright-core');
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

const axe = () => readFile(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page, as lines; `rules` switches further rules on. */
export async function findings(page, rules = []) {
  await page.evaluate(await axe());
  const found = await page.evaluate((more) => window.axe.run(document, {
    resultTypes: ['violations'],
    rules: Object.fromEntries(more.map((rule) => [rule, { enabled: true }])),
  }), rules);
  return found.violations.map((one) => ({
    impact: one.impact,
    text: `${one.impact} ${one.id}: ${one.nodes.length} x ${one.nodes[0].target} ${one.nodes[0].failureSummary?.split('\n')[1] ?? ''}`,
  }));
}

/** How many pixels the page is wider than its window. */
export const excess = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
