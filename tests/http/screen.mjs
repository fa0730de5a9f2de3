// screen.mjs - the large screen of a hall: numbers that move with what is done, results without a name, limits as the
// guides tell them; each slide leads to the next and the last to the first.
//
//     node tests/http/screen.mjs sqlite|postgres
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { Client, engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { Description, Program } from '../lib/program.mjs';
import { TestClock } from '../lib/clock.mjs';
import { complete, file, soleTrader } from '../lib/hall.mjs';

const clock = new TestClock('2026-11-23T09:30:00+08:00');
let server, description, anybody;
const people = {};

/** All slides in their order, from the first. */
async function slides() {
  const all = [];
  for (let path = '/screen'; ;) {
    const { status, json } = await anybody.get(path);
    assert.equal(status, 200);
    all.push(json);
    assert.equal(json.place, all.length);
    if (all.length === json.count) return all;
    path = json.next;
  }
}

const numbersOf = (slide) => Object.fromEntries(slide.numbers.map(({ period, filed, accepted, completed, on_time, satisfied }) =>
  [period, [filed, accepted, completed, on_time, satisfied]]));

test('with nothing done yet: numbers that say so, and the limits of every service', async () => {
  const [numbers, ...others] = await slides();
  assert.deepEqual(numbersOf(numbers), { today: [0, 0, 0, null, null], month: [0, 0, 0, null, null] });
  assert.deepEqual([...new Set(others.map((one) => one.slide))], ['limits']);
  const items = others.flatMap((one) => one.items);
  assert.ok(items.length >= 16 && others.every((one) => one.items.length <= 9), `${items.length} items`);
  const hotel = items.find((one) => one.item === '公共场所卫生许可（宾馆、旅店）');
  assert.deepEqual([hotel.unit, hotel.promised, hotel.statutory, hotel.limit_unit], ['县卫生健康局', 10, 20, 'working_days']);
  assert.equal(others.at(-1).next, '/screen?slide=1');
});

test('what is completed moves the numbers, and stands there without a name', async () => {
  const numbers = [];
  for (let i = 0; i < 11; i++) numbers.push(await file(people.applicant, 'sole-trader', { business_name: `青溪县第${i}小吃店` }));
  for (const number of numbers.slice(0, 10)) await complete(people.officer, number, { outcome: 'approve', opinion: '材料齐全，准予登记。' });
  await complete(people.officer, numbers[10], { outcome: 'deny', opinion: '经营场所不符合要求。' });
  const rated = await people.applicant.post(`/dossiers/${numbers[0]}/rating`, { grade: 1 });
  assert.equal(rated.status, 200, rated.text);
  const all = await slides();
  assert.deepEqual(numbersOf(all[0]), { today: [11, 11, 11, '100.00%', '100.00%'], month: [11, 11, 11, '100.00%', '100.00%'] });
  const results = all.filter((one) => one.slide === 'results');
  assert.deepEqual(results.map((one) => one.results.length), [9, 2]);
  const lines = results.flatMap((one) => one.results);
  assert.equal(lines.filter((one) => one.state === 'denied').length, 1);
  assert.ok(lines.every((one) => /^20261123\*{4}\d{4}$/.test(one.number) && one.unit === '县市场监督管理局'));
  const text = JSON.stringify(all);
  for (const word of [soleTrader.operator_name, '小吃店', ...numbers]) assert.ok(!text.includes(word), word);
});

test('an old slide number begins anew, a wrong one is refused; the page turns by itself without scripts', async () => {
  assert.equal((await anybody.get('/screen?slide=999')).json.slide, 'numbers');
  for (const wrong of ['0', '-1', 'x', '1001']) assert.equal((await anybody.get(`/screen?slide=${wrong}`)).status, 422, wrong);
  const page = await new Client(server).get('/screen?slide=2');
  assert.match(page.text, /<noscript><meta http-equiv="refresh" content="12;url=\/screen\?slide=3"><\/noscript>/);
  assert.ok(!/<nav|<footer|topbar/.test(page.text), 'no way around');
});

if (!isAvailable) {
  skipAll(`the screen on ${engine}`, 'no server of this engine');
  await runTests();
} else {
  server = await startServer({ clock: clock.file });
  description = await Description.of(server);
  anybody = new Program(server, { description });
  people.applicant = await new Program(server, { description }).login('13800000001');
  people.officer = await new Program(server, { description }).login('m001');
  await runTests(() => stopServer(server));
}
