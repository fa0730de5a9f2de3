// look.mjs - shows the sample pages of `render OUT` to chromium: node look.mjs OUT [PICTURES]
//
// Each page in both languages and every mode, at 390 and 1280 (boards also 1920): a picture when a
// folder is given; always axe, and that nothing is wider than the window at 320. ONLY is a pattern
// of page names, CHROMIUM another browser. Exit status 1 on a serious or critical finding.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { excess, findings, launch, serveSamples } from './samples.mjs';

const [folder, pictures] = process.argv.slice(2);
const only = new RegExp(process.env.ONLY ?? '.');
const samples = await serveSamples(folder);
const browser = await launch();
let bad = 0;
const report = (text) => {
  bad++;
  console.log(text);
};

if (pictures) await mkdir(pictures, { recursive: true });
for (const name of samples.names.filter((each) => only.test(each))) {
  const widths = name.startsWith('board') ? [390, 1280, 1920] : [390, 1280];
  const page = await browser.newPage({ bypassCSP: true });
  page.on('console', (message) => message.type() === 'error' && report(`${name}: console: ${message.text()}`));
  page.on('pageerror', (error) => report(`${name}: script: ${error.message}`));
  for (const width of [320, ...widths]) {
    await page.setViewportSize({ width, height: width < 500 ? 800 : 900 });
    await page.goto(`${samples.url}/${name}.html`);
    const wide = await excess(page);
    if (wide > 0) report(`${name}: ${wide} px wider than ${width}`);
    if (pictures && width !== 320) await page.screenshot({ path: path.join(pictures, `${name}-${width}.png`), fullPage: true });
  }
  for (const { impact, text } of await findings(page))
    if (impact === 'serious' || impact === 'critical') report(`${name}: ${text}`);
    else console.log(`${name}: ${text}`);
  await page.close();
}
await browser.close();
samples.close();
console.log(bad ? `${bad} findings` : 'nothing found');
process.exit(bad ? 1 : 0);
