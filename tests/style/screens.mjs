// screens.mjs - pictures of every page of the running program: node tests/style/screens.mjs [PICTURES]
//
// The pages of tests/lib/busy.mjs at 390 and 1280 px in Chinese, some also in English and in large
// text, the board also dark at 1920, the certificate also as printed. ONLY is a pattern of names.
// With --readme only the six pictures of README.md and README.zh-CN.md, into docs/screens.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const isForReadme = process.argv[2] === '--readme';
if (!isForReadme && process.argv[2]?.startsWith('-')) {
  console.error('usage: node tests/style/screens.mjs [FOLDER | --readme]');
  process.exit(2);
}
const folder = isForReadme ? 'docs/screens' : process.argv[2] ?? 'build/screens';
process.argv[2] = 'sqlite';
const { closeBrowser, Person } = await import('../lib/browser.mjs');
const { busyHall, pagesOf } = await import('../lib/busy.mjs');
const { stopServer } = await import('../lib/server.mjs');

const only = new RegExp(process.env.ONLY ?? '.');
const inEnglish = ['home', 'guide', 'apply-wrong', 'own-review', 'officer-task', 'supervise', 'board', 'admin'];
const inLargeText = ['home', 'guide', 'apply', 'own-review', 'desk'];
const inReadme = ['home', 'guide-joint', 'own-joint', 'officer-joint-city', 'supervise', 'board'];
const hall = await busyHall();

async function shoot({ name, who, path: address, act }, width, { language = 'zh-CN', mode = '', media } = {}) {
  const cookies = { ...await hall.sessionOf(who), ...(mode ? { [mode]: 'on' } : {}) };
  const person = await Person.open(hall.server, { language, width, cookies });
  await person.go(address);
  if (act) await act(person);
  if (media) await person.page.emulateMedia({ media });
  const marks = [name, language === 'en' && 'en', mode, media, width].filter(Boolean);
  await person.page.screenshot({ path: path.join(folder, `${marks.join('-')}.png`), fullPage: true });
  await person.close();
}

/** A page as everybody sees it, and in the languages and modes that show something else there. */
async function shootWhole(page, width) {
  await shoot(page, width);
  if (inEnglish.includes(page.name)) await shoot(page, width, { language: 'en' });
  if (inLargeText.includes(page.name)) await shoot(page, width, { mode: 'elder' });
  if (page.name === 'board' && width === 1280) await shoot(page, 1920, { mode: 'dark' });
  if (page.name === 'certificate' && width === 1280) await shoot(page, 720, { media: 'print' });
}

/** The top of a page as a small picture, for who reads about the program. */
async function shootSmall({ name, who, path: address }, language) {
  const person = await Person.open(hall.server, { language, width: 1280, cookies: await hall.sessionOf(who) });
  await person.go(address);
  const devtools = await person.context.newCDPSession(person.page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  await writeFile(path.join(folder, `${name}.${language}.webp`), Buffer.from(data, 'base64'));
  await person.close();
}

await mkdir(folder, { recursive: true });
for (const page of pagesOf(hall).filter(({ name }) => (isForReadme ? inReadme.includes(name) : only.test(name))))
  if (isForReadme) for (const language of ['zh-CN', 'en']) await shootSmall(page, language);
  else for (const width of [390, 1280]) await shootWhole(page, width);
await closeBrowser();
await stopServer(hall.server);
