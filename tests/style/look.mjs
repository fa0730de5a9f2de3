// look.mjs - shows the sample pages of `render OUT` to chromium: node look.mjs OUT [PICTURES]
//
// Each page in both languages and every mode, at 390 and 1280 (boards also 1920): a picture when a
// folder is given; always axe, and that nothing is wider than the window at 320. Exit status 1 on
// a serious or critical finding. CHROMIUM names another browser.
import { createServer } from 'node:http';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, '../../web/package.json'));
const { chromium } = require('playwright-core');
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const [folder, pictures] = process.argv.slice(2);
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const policy = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:";

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
const base = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let bad = 0;
const report = (text) => {
  bad++;
  console.log(text);
};

const only = process.env.ONLY;
if (pictures) await mkdir(pictures, { recursive: true });
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.html')).sort()) {
  if (only && !new RegExp(only).test(file)) continue;
  const name = file.slice(0, -5);
  const widths = name.startsWith('board') ? [390, 1280, 1920] : [390, 1280];
  const page = await browser.newPage({ bypassCSP: true });
  page.on('console', (message) => message.type() === 'error' && report(`${name}: console: ${message.text()}`));
  page.on('pageerror', (error) => report(`${name}: script: ${error.message}`));
  for (const width of [320, ...widths]) {
    await page.setViewportSize({ width, height: width < 500 ? 800 : 900 });
    await page.goto(`${base}/${file}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) report(`${name}: ${wide} px wider than ${width}`);
    if (pictures && width !== 320) await page.screenshot({ path: path.join(pictures, `${name}-${width}.png`), fullPage: true });
  }
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const one of found.violations) {
    const text = `${name}: axe ${one.impact}: ${one.id}: ${one.nodes.length} x ${one.nodes[0].target} ${one.nodes[0].failureSummary?.split('\n')[1] ?? ''}`;
    if (one.impact === 'serious' || one.impact === 'critical') report(text);
    else console.log(text);
  }
  await page.close();
}
await browser.close();
server.close();
console.log(bad ? `${bad} findings` : 'nothing found');
process.exit(bad ? 1 : 0);
