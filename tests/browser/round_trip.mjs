// round_trip.mjs - every table that packs and the shared examples hold goes through dmn-js, as the draft
// page saves it, in the real browser, and comes back equal in meaning; and every example is read and
// evaluated by the program.
//
//     node tests/browser/round_trip.mjs sqlite
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { closeBrowser, Person } from '../lib/browser.mjs';
import { Program } from '../lib/program.mjs';
import { engine, isAvailable, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skip, skipAll, test } from '../lib/tap.mjs';

const EXAMPLES = '../shared/examples/dmn';
const folder = mkdtempSync(join(tmpdir(), 'yimen-round-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let server, person, program;

const run = (...args) => spawnSync(PROGRAM, ['dmn', ...args], { encoding: 'utf8', timeout: 60000 });

/** What the page's form sends for a table: the text after dmn-js has read and written it. */
async function throughEditor(text, code) {
  const path = `/workbench/table/${code}/draft`;
  const { json } = await program.get(path);
  const saved = await program.post(path, { revision: json.revision ?? undefined, source: text });
  assert.equal(saved.status, 200, saved.text);
  await person.go(path);
  if (!text.includes('/DMN/20191111/MODEL/')) {
    await person.page.waitForLoadState('networkidle');
    assert.ok(!await person.page.locator('[data-editor="dmn"]').isVisible(), 'an editor without a drawing');
    return (await program.get(`${path}/file`)).text;
  }
  await person.page.locator('[data-editor="dmn"][data-ready]').waitFor({ timeout: 20000 });
  await person.follow('#draft button[type=submit]');
  return (await program.get(`${path}/file`)).text;
}

/** dmn-js draws DMN 1.3; an older or newer file is edited as text. The white space between elements
 * is taken away first: what comes back with it has been through dmn-js. */
async function comesBack(file, code) {
  const text = readFileSync(file, 'utf8').replace(/>\s+</g, '><'), back = join(folder, basename(file));
  const saved = await throughEditor(text, code);
  if (text.includes('/DMN/20191111/MODEL/')) assert.notEqual(saved, text, 'the editor wrote nothing of its own');
  writeFileSync(back, saved);
  const done = run('--difference', file, back);
  assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
}

const packs = readdirSync('packs').flatMap((pack) => {
  const tables = join('packs', pack, 'tables');
  return existsSync(tables) ? readdirSync(tables).filter((name) => name.endsWith('.dmn')).map((name) => join(tables, name)) : [];
});
for (const [index, file] of packs.entries())
  test(`${file} comes back from dmn-js as it was`, () => comesBack(file, `round-${index}`));

if (!existsSync(EXAMPLES)) skip('the shared examples', `no ${EXAMPLES} here`);
else
  for (const [index, name] of readdirSync(EXAMPLES).filter((each) => each.endsWith('.dmn')).entries()) {
    const file = join(EXAMPLES, name);
    test(`example ${name} comes back from dmn-js as it was`, () => comesBack(file, `example-${index}`));
    test(`example ${name} is read, and each of its decisions evaluated`, () => {
      const listed = run(file), decisions = [...listed.stdout.matchAll(/^decision +(.+?)(?: : .+?)?(?: \(table.*\))?  [^ ]+$/gm)];
      assert.ok(decisions.length > 0, `${listed.stdout}${listed.stderr}`);
      for (const [, decision] of decisions) {
        const done = run(file, '--decision', decision, '--json');
        assert.ok([0, 1].includes(done.status), `${decision}: ${done.stderr}`);
        const { value, findings } = JSON.parse(done.stdout);
        assert.ok(value !== null || findings.length > 0, `${decision}: null without a reason`);
      }
    });
  }

if (!isAvailable) {
  skipAll(`round trips on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer();
  program = await new Program(server).login('e001');
  person = await Person.open(server);
  await person.signIn('e001');
  await runTests(async () => {
    person.faults = [];
    await closeBrowser();
    await stopServer(server);
  });
}
