// dossier.mjs - an officer at a dossier: files open beside the answers and what is half written stays,
// the drawing of the process unfolds in the page; without scripts both are links.
//
//     node tests/browser/dossier.mjs sqlite|postgres
import { closeBrowser, Person } from '../lib/browser.mjs';
import { asFields, soleTrader } from '../lib/hall.mjs';
import { formTo } from '../lib/page.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { pdf, png, sendForm } from '../lib/upload.mjs';

let server, page;

async function fileWithPictures() {
  const applicant = await new Client(server).login('13800000001', 'demo-2026');
  const form = formTo((await applicant.get('/apply/sole-trader')).text, '/apply/sole-trader');
  const codes = form.fields.filter(([name]) => name.startsWith('file.')).map(([name]) => name);
  const answer = await sendForm(applicant, form, asFields(soleTrader),
    [{ name: codes[0], title: '身份证.png', data: png }, { name: codes[1], title: '租约.pdf', data: pdf('lease') }]);
  return answer.location;
}

async function officer(options) {
  const person = await Person.open(server, options);
  await person.signIn('m001');
  await person.go(page);
  return person;
}

test('a file opens beside the answers; what was typed stays; Escape leads back', async () => {
  const person = await officer();
  const typed = '正在写的意见';
  await person.fill({ 'form.opinion': typed });
  await person.page.locator('a[data-view="image/png"]').click();
  const picture = person.page.locator('#viewer img');
  await picture.waitFor();
  assert.equal(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth)), 1);
  assert.equal(await person.focused(), 'viewer');
  const [viewer, answers] = [await person.page.locator('#viewer').boundingBox(), await person.page.locator('#answers').boundingBox()];
  assert.ok(viewer.x > answers.x + answers.width, 'beside the answers');
  await person.page.locator('a[data-view="application/pdf"]').click();
  const path = await person.page.locator('#viewer iframe').getAttribute('src');
  assert.match(path, /\/files\/\d+$/);
  await person.page.locator('#viewer button').click();
  assert.ok(!await person.has('#viewer'));
  assert.ok(path.endsWith(await person.focused()), 'the focus is on the link again');
  assert.equal(person.path, page);
  assert.equal((await person.values(`${page}/tasks/${await task(person)}/complete`))['form.opinion'], typed);
  await person.close();
});

const task = async (person) => (await person.page.locator('form[action$="/complete"]').getAttribute('action')).match(/tasks\/(\d+)/)[1];

test('the process unfolds in the page with the step that is open', async () => {
  const person = await officer({ language: 'en' });
  await person.page.locator('details[hx-get$="/flow"] summary').click();
  await person.page.locator('#flow svg .is-now').waitFor();
  assert.ok(await person.page.evaluate(() => {
    const frame = document.querySelector('.flow-frame'), around = frame.getBoundingClientRect();
    const step = frame.querySelector('.is-now').getBoundingClientRect();
    return frame.scrollWidth <= frame.clientWidth || (step.left >= around.left && step.right <= around.right);
  }), 'the open step is out of sight');
  assert.equal(await person.page.locator('#flow').count(), 1);
  await person.close();
});

test('on a narrow screen and without scripts both are links', async () => {
  const person = await officer({ scripts: false, width: 390 });
  assert.ok(!await person.has('#viewer'));
  assert.match(await person.page.locator('a[data-view]').first().getAttribute('href'), /\/files\/\d+$/);
  await person.page.locator('details[hx-get$="/flow"] summary').click();
  await person.follow('#flow a');
  assert.ok(await person.has('svg.flow'));
  await person.close();
});

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`a dossier's page on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({});
  page = await fileWithPictures();
  await runTests(async () => { await closeBrowser(); await stopServer(server); });
}
