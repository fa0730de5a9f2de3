// keyboard.mjs - the mouse is broken: a restaurant without a sign from the log-in to the certificate and
// the check of its code, with Tab, arrows, Space and Enter alone; everybody has scripts and a desk.
//
//     node tests/browser/keyboard.mjs sqlite|postgres
import { closeBrowser, Person } from '../lib/browser.mjs';
import { restaurant } from '../lib/hall.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

const TYPED = ['business_name', 'credit_code', 'legal_name', 'phone', 'address', 'floor_area'];
const CHOSEN = { level: 'upper', premises_owned: 'own' };
const ASKED = { has_sign: 'no', fire_way: 'commitment', has_fire_system: 'no', by_agent: 'no' };
let server, number, code;

async function signedIn(login, next) {
  const person = await Person.open(server);
  await person.go(`/login?next=${encodeURIComponent(next)}`);
  await person.typeInto('#login', login);
  await person.typeInto('#password', 'demo-2026');
  await person.enter();
  assert.equal(person.path, next);
  return person;
}

/** An officer from the desk to the next free moment. */
async function completes(login, outcome, materials = []) {
  const officer = await signedIn(login, '/desk');
  await officer.enterBy(`a[href="/dossiers/${number}"]`);
  for (const one of materials) await officer.tickByKey(`[name=seen][value="${one}"]`);
  await officer.chooseByKey('form.outcome', outcome);
  await officer.typeInto('[name="form.opinion"]', '符合要求。');
  await officer.enterBy('form[action$="/complete"] button');
  assert.ok(await officer.has('[role=status]'), await officer.words());
  await officer.close();
}

test('a manager fills in, is asked what follows, and submits', async () => {
  const manager = await signedIn('13800000003', '/apply/open-restaurant');
  for (const key of TYPED) await manager.typeInto(`[name="form.${key}"]`, restaurant[key]);
  for (const [key, value] of Object.entries(CHOSEN)) await manager.chooseByKey(`form.${key}`, value);
  await manager.tickByKey('[name="form.operations"]');
  for (const [key, value] of Object.entries(ASKED)) await manager.chooseByKey(`form.${key}`, value);
  await manager.page.locator('[name=material][value=fire-commitment]').waitFor();
  await manager.tickByKey('[name=material][value=fire-commitment]');
  await manager.enterBy('#apply-form .actions button');
  number = manager.path.match(/^\/dossiers\/(\d{18})/)?.[1];
  assert.ok(number, await manager.words());
  await manager.close();
});

test('the window accepts, the departments agree', async () => {
  await completes('w001', 'accept', ['legal-id', 'layout']);
  for (const [login, outcome] of [['m001', 'pass'], ['m001', 'pass'], ['m003', 'agree'], ['f001', 'pass']]) await completes(login, outcome);
});

test('a supervisor sends a correction notice, the department replies', async () => {
  const supervisor = await signedIn('s001', '/supervise');
  await supervisor.enterBy(`a[href="/dossiers/${number}"]`);
  await supervisor.enterBy('a[href^="/corrections/new"]');
  await supervisor.chooseByKey('ground', 'other');
  await supervisor.typeInto('#text', '请说明办理情况。');
  await supervisor.enterBy('form[action="/corrections"] button');
  const notice = supervisor.path;
  assert.match(notice, /^\/corrections\/\d+$/, await supervisor.words());
  await supervisor.close();
  const officer = await signedIn('f002', '/corrections');
  await officer.enterBy(`a[href="${notice}"]`);
  await officer.typeInto('#text', '今日提出意见。');
  await officer.enterBy(`form[action="${notice}/reply"] button`);
  assert.match(await officer.words(), /今日提出意见/);
  await officer.close();
});

test('the decision is taken, the certificate received', async () => {
  await completes('f002', 'agree');
  await completes('m004', 'approve');
  const manager = await signedIn('13800000003', '/my');
  await manager.enterBy(`a[href="/dossiers/${number}"]`);
  await manager.enterBy('form[action$="/certificate"] button');
  code = (await manager.text('article.sheet')).match(/[0-9A-Z]{5}(?:[ -][0-9A-Z]{5}){3}/)[0];
  await manager.close();
});

test('anybody verifies it, from the foot of the home page', async () => {
  const anybody = await Person.open(server);
  await anybody.go('/');
  await anybody.enterBy('footer a[href="/verify"]');
  await anybody.typeInto('#code', code);
  await anybody.enter();
  assert.ok(await anybody.has('.note-box.is-good'), await anybody.words());
  await anybody.close();
});

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`by keyboard alone on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({});
  await runTests(async () => { await closeBrowser(); await stopServer(server); });
}
