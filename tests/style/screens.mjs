// screens.mjs - pictures of every page of the running program: node tests/style/screens.mjs [PICTURES]
//
// A server of its own with the demonstration county on a Monday morning, brought by HTTP to where
// every page has something to show. Each page at 390 and 1280 px in Chinese, some in English, some
// in large text, the board also at 1920 and dark. ONLY is a pattern of page names.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { TestClock } from '../lib/clock.mjs';
import { acceptedHotel, asFields, complete, completedSoleTrader, file, hotelHygiene, openTask } from '../lib/hall.mjs';
import { submit } from '../lib/page.mjs';
import { Description, Program } from '../lib/program.mjs';
import { Client, startServer, stopServer } from '../lib/server.mjs';
import { launch } from './samples.mjs';

const folder = process.argv[2] ?? 'build/screens';
const only = new RegExp(process.env.ONLY ?? '.');
const clock = new TestClock('2026-11-23T09:30:00+08:00');
process.argv[2] = 'sqlite';
const server = await startServer({ clock: clock.file });
const description = await Description.of(server);
const browser = await launch();
const programs = {};

async function program(login) {
  programs[login] ??= await new Program(server, { description }).login(login);
  return programs[login];
}

const contexts = new Map();

/** A browser of this person, language and width; signed in once. */
async function context(login, { language = 'zh-CN', width, elder = false, dark = false }) {
  const key = JSON.stringify([login, language, width, elder, dark]);
  if (contexts.has(key)) return contexts.get(key);
  const one = await browser.newContext({ locale: language, viewport: { width, height: width < 500 ? 800 : 900 } });
  const kept = [['elder', elder], ['dark', dark]].filter(([, isOn]) => isOn)
    .map(([name]) => ({ name, value: 'on', url: server.url }));
  await one.addCookies(kept);
  if (login) {
    const client = await new Client(server).login(login, 'demo-2026');
    await one.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  }
  contexts.set(key, one);
  return one;
}

/** Pictures of one page; `act` does on it what leads to the state that is shown. */
async function shoot(name, login, address, { act, languages = ['zh-CN'], widths = [390, 1280], elder, dark, print } = {}) {
  if (!only.test(name)) return;
  for (const language of languages)
    for (const width of widths) {
      const page = await (await context(login, { language, width, elder, dark })).newPage();
      await page.goto(server.url + address);
      if (act) await act(page);
      if (print) await page.emulateMedia({ media: 'print' });
      const mark = [language === 'en' && 'en', elder && 'elder', dark && 'dark'].filter(Boolean).join('-');
      await page.screenshot({ path: path.join(folder, `${name}${mark ? `-${mark}` : ''}-${width}.png`), fullPage: true });
      await page.close();
    }
}

const press = (selector) => (page) => Promise.all([page.waitForLoadState('load'), page.click(selector)])
  .then(() => page.waitForLoadState('networkidle'));
const both = ['zh-CN', 'en'];

await mkdir(folder, { recursive: true });
const [lin, zhou] = [await program('13800000001'), await program('13800000002')];

/* An empty hall. */
await shoot('my-empty', '13800000001', '/my');
await shoot('desk-empty', 'm001', '/desk');
await shoot('supervise-empty', 's001', '/supervise');
await shoot('board-empty', 'l001', '/board');

/* A hall at work: completed, denied, under review, waiting at the window, claimed by a colleague. */
const done = await completedSoleTrader(lin, await program('m001'));
await clock.set('2026-11-23T10:40:00+08:00');
const denied = await file(lin, 'sole-trader', { business_name: '青溪县小满茶铺', premises_owned: 'own' });
await complete(await program('m001'), denied, { outcome: 'deny', opinion: '名称与已登记的“青溪县小满茶铺”相同，请换一个名称后重新申请。' });
const reviewed = await acceptedHotel(zhou, await program('w001'));
const hotel = await file(zhou, 'hotel-hygiene', { unit_name: '青溪县望山客栈' });
const open = await file(lin, 'sole-trader', { business_name: '青溪县小满书店' });
const taken = await file(zhou, 'sole-trader', { business_name: '青溪县知秋花店', operator_name: '周知秋' });
await (await program('m002')).post(`/dossiers/${taken}/tasks/${await openTask(await program('m002'), taken)}/claim`);
const rated = await completedSoleTrader(lin, await program('m001'));
await lin.post(`/dossiers/${rated}/rating`, { grade: 1, comment: '当场就办好了，谢谢。' });

/* The public's pages. */
await shoot('home', null, '/', { languages: both });
await shoot('home-signed-in', '13800000001', '/');
await shoot('home', null, '/', { elder: true });
await shoot('items', null, '/items');
await shoot('items-found', null, `/items?q=${encodeURIComponent('开饭店')}`, { languages: both });
await shoot('items-none', null, `/items?q=${encodeURIComponent('养老金')}`);
await shoot('items-topic', null, '/items?topic=open_shop');
await shoot('guide', null, '/items/sole-trader', { languages: both });
await shoot('guide', null, '/items/sole-trader', { elder: true });
await shoot('guide-hotel', null, '/items/hotel-hygiene');
await shoot('login', null, '/login');
await shoot('login-wrong', null, '/login', { act: async (page) => {
  await page.fill('#login', '13800000001');
  await page.fill('#password', 'wrong');
  await press('main button[type=submit]')(page);
} });
await shoot('register', null, '/register');
await shoot('register-wrong', null, '/register', { act: press('main button[type=submit]') });
await shoot('apply', '13800000001', '/apply/sole-trader', { languages: both });
await shoot('apply', '13800000001', '/apply/sole-trader', { elder: true });
await shoot('apply-wrong', '13800000001', '/apply/sole-trader', { act: press('form#apply-form .actions button'), languages: both });
await shoot('apply-hotel', '13800000001', '/apply/hotel-hygiene');
const filed = await new Client(server).login('13800000002', 'demo-2026');
const flash = await submit(filed, '/apply/hotel-hygiene', '/apply/hotel-hygiene', asFields(hotelHygiene));
if (only.test('dossier-filed')) {
  for (const width of [390, 1280]) {
    const one = await context('13800000002', { width });
    const page = await one.newPage();
    await page.goto(`${server.url}/apply/hotel-hygiene`);
    for (const [name, value] of Object.entries(asFields(hotelHygiene))) {
      const field = page.locator(`[name="${name}"]`).first();
      if (await field.getAttribute('type') === 'radio') await page.check(`[name="${name}"][value="${value}"]`);
      else if (await field.evaluate((element) => element.tagName) === 'SELECT') await field.selectOption(value);
      else await field.fill(value);
    }
    await press('form#apply-form .actions button')(page);
    await page.screenshot({ path: path.join(folder, `dossier-filed-${width}.png`), fullPage: true });
    await page.close();
  }
}
await shoot('my', '13800000001', '/my');
await shoot('my-promised', '13800000002', '/my');
await shoot('track', null, '/track');
await shoot('track-found', null, '/track', { act: async (page) => {
  await page.fill('#number', reviewed);
  await page.fill('#phone', '13800000002');
  await press('main button[type=submit]')(page);
} });
await shoot('track-wrong', null, '/track', { act: async (page) => {
  await page.fill('#number', '123');
  await page.fill('#phone', '13800000002');
  await press('main button[type=submit]')(page);
} });
await shoot('dossier-own-waiting', '13800000002', `/dossiers/${hotel}`);
await shoot('dossier-own-review', '13800000002', `/dossiers/${reviewed}`, { languages: both });
await shoot('dossier-own-review', '13800000002', `/dossiers/${reviewed}`, { elder: true });
await shoot('dossier-own-why', '13800000002', `/dossiers/${reviewed}`, { act: (page) => page.click('summary') });
await shoot('dossier-own-approved', '13800000001', `/dossiers/${done}`);
await shoot('dossier-own-denied', '13800000001', `/dossiers/${denied}`);
await shoot('dossier-own-rated', '13800000001', `/dossiers/${rated}`);
await shoot('certificate', '13800000001', `/dossiers/${done}/certificate`);
await shoot('certificate-print', '13800000001', `/dossiers/${done}/certificate`, { print: true, widths: [720] });
await shoot('error-404', null, '/nowhere');
await shoot('error-403', '13800000001', '/desk');

/* The officers' pages. */
await shoot('desk', 'm001', '/desk', { languages: both });
await shoot('desk-window', 'w001', '/desk');
await shoot('officer-task', 'm001', `/dossiers/${open}`, { languages: both });
await shoot('officer-taken', 'm001', `/dossiers/${taken}`);
await shoot('officer-wrong', 'm001', `/dossiers/${open}`, { act: async (page) => {
  await page.fill('[name="form.opinion"]', '');
  await press('form[action$=complete] button')(page);
} });
await shoot('officer-intake', 'w001', `/dossiers/${hotel}`);
await shoot('officer-review', 'h001', `/dossiers/${reviewed}`);
await shoot('officer-done', 'm001', `/dossiers/${done}`);
await shoot('supervise', 's001', '/supervise', { languages: both });
await shoot('supervise-completed', 's001', '/supervise?show=completed');
await shoot('supervise-dossier', 's001', `/dossiers/${reviewed}`);
await shoot('board', 'l001', '/board', { languages: both });
await shoot('board', 'l001', '/board', { dark: true, widths: [1920] });
await shoot('board-open', 'l001', '/board', { act: async (page) => { for (const one of await page.locator('summary').all()) await one.click(); } });
await shoot('board-dossiers', 'l001', '/board/dossiers?figure=s02&from=2026-11-01&to=2026-11-30');
await shoot('admin', 'admin', '/admin', { languages: both });

await browser.close();
await stopServer(server);
if (flash.status !== 303) throw new Error('the hotel was not filed');
