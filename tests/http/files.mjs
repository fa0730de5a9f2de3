// files.mjs - what people hand in: uploaded with an application, kept when another field was wrong,
// seen by those who may see the dossier, by nobody else, and on no disk in clear.
//
//     node tests/http/files.mjs sqlite|postgres
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { asFields, complete, soleTrader } from '../lib/hall.mjs';
import { errorFields, formTo, wordsOf } from '../lib/page.mjs';
import { download, multipart, pdf, png, sendForm } from '../lib/upload.mjs';

const MARK = 'rental contract of the tea shop';
const clock = new TestClock('2026-11-23T09:30:00+08:00');
let server, applicant, stranger, officer, health, materials;

const lease = (title = '小满租约扫描件.pdf', text = MARK) => ({ name: `file.${materials[0]}`, title, data: pdf(text) });
const photo = (title = '照片.png') => ({ name: `file.${materials[1]}`, title, data: png });

async function applyForm(client = applicant) {
  return formTo((await client.get('/apply/sole-trader')).text, '/apply/sole-trader');
}

async function filed(files) {
  const answer = await sendForm(applicant, await applyForm(), asFields(soleTrader), files);
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 400));
  return answer.location.split('/').pop();
}

const filesOf = (page) => page.json.materials.flatMap((material) => material.files.map((file) => ({ ...file, material: material.code })));

test('files go along with an application and open for its officer', async () => {
  const number = await filed([lease(), photo()]);
  const page = await officer.get(`/dossiers/${number}`);
  const files = filesOf(page);
  assert.deepEqual(files.map((file) => [file.material, file.title, file.media_type, file.is_shown]),
    [[materials[0], '小满租约扫描件.pdf', 'application/pdf', true], [materials[1], '照片.png', 'image/png', true]]);
  assert.ok(page.json.materials.filter((one) => one.files.length).every((one) => one.is_brought));
  const got = await download(officer, `/dossiers/${number}/files/${files[0].id}`);
  assert.equal(got.status, 200);
  assert.equal(got.headers.get('content-type'), 'application/pdf');
  assert.match(got.headers.get('content-disposition'), /^inline; filename\*=UTF-8''%E5%B0%8F/);
  assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(got.headers.get('cache-control'), 'no-store');
  assert.deepEqual(got.data, pdf(MARK));
});

test('a file may be shown beside the answers, in a page of this site alone; a page may not', async () => {
  const number = await filed([lease()]);
  const [file] = filesOf(await officer.get(`/dossiers/${number}`));
  const path = `/dossiers/${number}/files/${file.id}`;
  const policy = (await download(officer, path)).headers.get('content-security-policy');
  assert.match(policy, /default-src 'none';.*frame-ancestors 'self'/);
  for (const language of ['zh-CN', 'en']) {
    const page = await (await new Client(server, { language }).login('m001', 'demo-2026')).get(`/dossiers/${number}`);
    assert.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/);
    assert.match(page.text, new RegExp(`<a href="${path}" target="_blank" data-view="application/pdf">`));
    assert.match(page.text, /<section class="viewer" id="viewer"[^>]* hidden>/);
    assert.match(page.text, new RegExp(`hx-get="/dossiers/${number}/flow"`));
    assert.match(page.text, new RegExp(`<a href="/dossiers/${number}/flow">`), 'the drawing is a link without scripts');
  }
  assert.match((await download(officer, `/dossiers/${number}/files/1`)).headers.get('content-security-policy'), /frame-ancestors 'none'/);
});

test('the applicant finds them on the page; others do not find them at all', async () => {
  const number = await filed([lease()]);
  const page = await applicant.get(`/dossiers/${number}`);
  const path = page.text.match(/\/dossiers\/\d+\/files\/\d+/)[0];
  assert.ok(wordsOf(page.text).includes('小满租约扫描件.pdf'));
  assert.equal((await download(applicant, path)).status, 200);
  assert.equal((await download(stranger, path)).status, 404);
  assert.equal((await download(health, path)).status, 404);
  assert.equal((await download(new Client(server), path)).status, 303);
});

test('a file of another dossier is not found under this one', async () => {
  const [mine, other] = [await filed([lease()]), await filed([lease()])];
  const [file] = filesOf(await officer.get(`/dossiers/${other}`));
  assert.equal((await download(officer, `/dossiers/${mine}/files/${file.id}`)).status, 404);
  assert.equal((await download(officer, `/dossiers/${mine}/files/${BigInt(file.id) + 1n}`)).status, 404);
});

test('a wrong field loses no file: it is kept, shown, and sent once', async () => {
  const refused = await sendForm(applicant, await applyForm(), { ...asFields(soleTrader), 'form.operator_phone': '12' }, [lease(), photo()]);
  assert.equal(refused.status, 422);
  assert.deepEqual(errorFields(refused.text), ['form.operator_phone']);
  assert.ok(wordsOf(refused.text).includes('小满租约扫描件.pdf'));
  const again = formTo(refused.text, '/apply/sole-trader');
  assert.equal(again.fields.filter(([name]) => name.startsWith('kept.')).length, 2);
  const done = await sendForm(applicant, again, { 'form.operator_phone': soleTrader.operator_phone });
  assert.equal(done.status, 303, wordsOf(done.text).slice(0, 300));
  const files = filesOf(await officer.get(done.location));
  assert.deepEqual(files.map((file) => file.title), ['小满租约扫描件.pdf', '照片.png']);
});

test('what is unticked is not handed in', async () => {
  const refused = await sendForm(applicant, await applyForm(), { ...asFields(soleTrader), 'form.operator_phone': '12' }, [lease(), photo()]);
  const done = await sendForm(applicant, formTo(refused.text, '/apply/sole-trader'),
    { 'form.operator_phone': soleTrader.operator_phone, [`kept.${materials[0]}`]: null });
  assert.deepEqual(filesOf(await officer.get(done.location)).map((file) => file.title), ['照片.png']);
});

test('asking for the form again keeps what was uploaded', async () => {
  const form = await applyForm();
  const shown = await sendForm(applicant, { ...form, action: '/apply/sole-trader/refresh' }, asFields(soleTrader), [lease()]);
  assert.equal(shown.status, 200);
  assert.equal(formTo(shown.text, '/apply/sole-trader').fields.filter(([name]) => name.startsWith('kept.')).length, 1);
});

test('another person cannot use a ticket, nor anybody twice', async () => {
  const refused = await sendForm(applicant, await applyForm(), { ...asFields(soleTrader), 'form.operator_phone': '12' }, [lease()]);
  const ticket = formTo(refused.text, '/apply/sole-trader').value(`kept.${materials[0]}`);
  const stolen = await sendForm(stranger, await applyForm(stranger), { ...asFields(soleTrader), [`kept.${materials[0]}`]: ticket });
  assert.equal(stolen.status, 422);
  assert.deepEqual(errorFields(stolen.text), [`file.${materials[0]}`]);
  const send = async () => sendForm(applicant, await applyForm(), { ...asFields(soleTrader), [`kept.${materials[0]}`]: ticket });
  assert.equal((await send()).status, 303);
  assert.equal((await send()).status, 409);
});

test('each bad file is refused beside its own material, in both languages', async () => {
  const cases = [['empty.pdf', Buffer.alloc(0), /空的/, /empty/], ['page.pdf', Buffer.from('<html><script>alert(1)</script>'), /PDF/, /PDF/],
    ['program.jpg', Buffer.from('MZ\x90\0'), /PDF/, /PDF/], ['large.pdf', Buffer.concat([pdf('x'), Buffer.alloc(10 * 1024 * 1024)]), /10 MB/, /10 MB/]];
  const english = await new Client(server, { language: 'en' }).login('13800000001', 'demo-2026');
  for (const [title, data, zh, en] of cases)
    for (const [client, words] of [[applicant, zh], [english, en]]) {
      const answer = await sendForm(client, await applyForm(client), asFields(soleTrader), [{ ...lease(title), data }]);
      assert.ok([413, 422].includes(answer.status), `${title}: ${answer.status}`);
      assert.deepEqual(errorFields(answer.text), [`file.${materials[0]}`], title);
      assert.match(wordsOf(answer.text), words, title);
    }
});

test('a file for what is no material, and too many files, are refused', async () => {
  const strange = await sendForm(applicant, await applyForm(), asFields(soleTrader), [{ ...lease(), name: 'file.no-such-material' }]);
  assert.equal(strange.status, 422);
  assert.ok(errorFields(strange.text).includes('file.no-such-material'));
  const many = await sendForm(applicant, await applyForm(), asFields(soleTrader), Array.from({ length: 21 }, (_, i) => lease(`${i}.pdf`)));
  assert.equal(many.status, 422);
  const bad = await sendForm(applicant, await applyForm(), { ...asFields(soleTrader), [`kept.${materials[0]}`]: 'abc' });
  assert.deepEqual(errorFields(bad.text), [`file.${materials[0]}`]);
});

test('names with folders, quotes and line ends are only names', async () => {
  const number = await filed([lease('../../etc/passwd'), lease('a"b;c.pdf')]);
  const files = filesOf(await officer.get(`/dossiers/${number}`));
  assert.deepEqual(files.map((file) => file.title), ['passwd', 'a"b;c.pdf']);
  const got = await download(officer, `/dossiers/${number}/files/${files[1].id}`);
  assert.equal(got.headers.get('content-disposition'), "inline; filename*=UTF-8''a%22b%3Bc.pdf");
});

test('a program sends multipart and is told in JSON', async () => {
  const program = await new Program(server).login('13800000001');
  const send = (fields, files) => program.send('POST', '/apply/sole-trader', { raw: multipart(fields, files),
    headers: { 'x-csrf-token': program.csrf, 'idempotency-key': `files-${process.pid}-${fields.length}-${files.length}` } });
  const answer = await send(Object.entries(asFields(soleTrader)), [lease()]);
  assert.equal(answer.status, 201, answer.text);
  assert.equal(filesOf(await officer.get(`/dossiers/${answer.json.number}`)).length, 1);
  const bad = await send(Object.entries(asFields(soleTrader)), [lease(), { ...photo(), data: Buffer.from('GIF89a') }]);
  assert.equal(bad.status, 422);
  assert.deepEqual(bad.json.errors.map((one) => one.field), [`file.${materials[1]}`]);
});

test('a supplement replaces a file; the old one stays readable and is marked', async () => {
  const number = await filed([lease('旧合同.pdf', 'old')]);
  const task = (await officer.get(`/dossiers/${number}`)).json.task;
  const sent = await officer.post(`/dossiers/${number}/tasks/${task}/notice`, {
    missing: { [`material.${materials[0]}`]: '看不清' }, mend: { [`material.${materials[0]}`]: '请重新上传' } });
  assert.equal(sent.status, 200, sent.text);
  const path = `/dossiers/${number}/supplement`;
  const form = formTo((await applicant.get(path)).text, path);
  const refused = await sendForm(applicant, form, { 'form.operator_phone': '12' }, [lease('新合同.pdf', 'new')]);
  assert.equal(refused.status, 422);
  const again = formTo(refused.text, path);
  assert.ok(again.value(`kept.${materials[0]}`), 'the file is lost');
  const done = await sendForm(applicant, again, { 'form.operator_phone': soleTrader.operator_phone });
  assert.equal(done.status, 303, wordsOf(done.text).slice(0, 300));
  const files = filesOf(await officer.get(`/dossiers/${number}`));
  assert.deepEqual(files.map((file) => [file.title, file.is_replaced]), [['旧合同.pdf', true], ['新合同.pdf', false]]);
  assert.equal((await download(officer, `/dossiers/${number}/files/${files[0].id}`)).status, 200);
});

function* filesBelow(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

test('a window takes uploads too: kept when a field is wrong, handed in as the window\'s, in both languages', async () => {
  for (const [language, kept] of [['zh-CN', '已上传：小满租约扫描件.pdf'], ['en', 'Uploaded: 小满租约扫描件.pdf']]) {
    const window = await new Client(server, { language }).login('w001', 'demo-2026');
    const path = '/intake/sole-trader';
    const page = await window.get(path);
    assert.match(page.text, /<form [^>]*enctype="multipart\/form-data"/);
    const person = { identity_kind: 'resident_id', identity_number: '11010519491231002X', party_name: '赵满仓',
      is_original_seen: 'true', material: materials[1], ...asFields(soleTrader) };
    const refused = await sendForm(window, formTo(page.text, path), { ...person, 'form.operator_phone': '12' }, [lease(), photo()]);
    assert.equal(refused.status, 422);
    assert.deepEqual(errorFields(refused.text), ['form.operator_phone']);
    assert.ok(wordsOf(refused.text).includes(kept), wordsOf(refused.text));
    const again = formTo(refused.text, path);
    assert.equal(again.value('material'), materials[1], 'what was ticked stays ticked');
    const done = await sendForm(window, again, { 'form.operator_phone': soleTrader.operator_phone });
    assert.equal(done.status, 303, wordsOf(done.text).slice(0, 300));
    const shown = (await officer.get(done.location)).json.materials;
    assert.deepEqual(shown.map((one) => [one.code, one.is_brought, one.is_seen, one.files.map((file) => [file.title, file.is_by_window])]),
      [[materials[0], true, false, [['小满租约扫描件.pdf', true]]], [materials[1], true, true, [['照片.png', true]]]]);
  }
});

test('at a window, asking for the form again keeps what was uploaded; a bad file is told with the rest', async () => {
  const window = await new Client(server).login('w001', 'demo-2026');
  const form = formTo((await window.get('/intake/sole-trader')).text, '/intake/sole-trader');
  const shown = await sendForm(window, { ...form, action: '/intake/sole-trader/refresh' }, asFields(soleTrader), [lease()]);
  assert.equal(shown.status, 200);
  assert.ok(formTo(shown.text, '/intake/sole-trader').value(`kept.${materials[0]}`));
  const bad = await sendForm(window, form, { ...asFields(soleTrader), identity_number: '11010519491231002X' },
    [{ ...photo(), data: Buffer.from('GIF89a') }, lease()]);
  assert.equal(bad.status, 422);
  assert.deepEqual(errorFields(bad.text).sort(), [`file.${materials[1]}`, 'party_name'].sort());
  assert.ok(formTo(bad.text, '/intake/sole-trader').value(`kept.${materials[0]}`), 'the good file is kept');
});

test('the journal tells of each file by its hash; no disk shows a content', async () => {
  const number = await filed([lease()]);
  await complete(officer, number, { outcome: 'approve', opinion: '准予登记。' });
  let seen = 0;
  for (const path of filesBelow(server.database.folder)) {
    seen += /\.files\//.test(path);
    const bytes = readFileSync(path);
    assert.ok(!bytes.includes(MARK), `${path} shows a content`);
    assert.ok(!bytes.includes('小满租约'), `${path} shows a file's name`);
  }
  assert.ok(seen > 10, `${seen} files`);
});

if (!isAvailable) {
  skipAll(`files on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  applicant = await new Client(server).login('13800000001', 'demo-2026');
  stranger = await new Client(server).login('13800000002', 'demo-2026');
  officer = await new Program(server).login('m001');
  health = await new Program(server).login('h001');
  materials = (await new Program(server).get('/items/sole-trader')).json.materials.map((one) => one.code);
  await runTests(() => stopServer(server));
}
