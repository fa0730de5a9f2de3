// cli.mjs - every verb of the command line: help, wrong usage, answers, refusals, and what verify says
// of a journal that somebody has changed. On SQLite alone: the verbs are the same program.
//
//     node tests/http/cli.mjs sqlite
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';
import { engine, freshDatabase, PROGRAM, startServer, stopServer } from '../lib/server.mjs';
import { Program } from '../lib/program.mjs';
import { until } from '../lib/clock.mjs';
import { completedSoleTrader } from '../lib/hall.mjs';

const folder = mkdtempSync(join(tmpdir(), 'yimen-cli-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function run(...args) {
  const done = spawnSync(PROGRAM, args, { encoding: 'utf8', timeout: 60000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Statements straight to a database file, as somebody with its password would send them. */
function sql(file, statements) {
  const script = 'import sqlite3,sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n'
    + 'rows = [r for s in sys.argv[2:] for r in db.execute(s).fetchall()]\nprint(rows)';
  const done = spawnSync('python3', ['-c', script, file, ...[statements].flat()], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout.trim();
}

/* ---- usage ----------------------------------------------------------------------------------- */

const VERBS = ['serve', 'migrate', 'verify', 'checkpoint', 'rebuild', 'workdays', 'feel', 'scenario', 'simulate', 'export'];

test('help names every verb', () => {
  for (const args of [['--help'], ['help']]) {
    const { code, out } = run(...args);
    assert.equal(code, 0);
    for (const verb of VERBS) assert.match(out, new RegExp(`^ +${verb} `, 'm'));
  }
  assert.match(run('--version').out, /^yimen \d+\.\d+\.\d+\n$/);
});

for (const verb of VERBS)
  test(`${verb} --help tells its usage, on the standard output`, () => {
    const { code, out, err } = run(verb, '--help');
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^ *(usage: )?.*yimen ${verb}\\b`, 'm'));
    assert.equal(err, '');
  });

const WRONG = [[], ['nonsense'], ['serve'], ['serve', '--db'], ['serve', '--nonsense'], ['serve', '--db', 'x', 'y'],
  ['serve', '--db', 'x', '--workers', 'many'], ['serve', '--db', 'x', '--workers', '-1'], ['serve', '--db', 'x', '--node', '65'],
  ['migrate'], ['migrate', '--db'], ['migrate', '--db', 'x', 'y'], ['verify'], ['verify', '--checkpoint', 'x'], ['checkpoint'],
  ['rebuild'], ['rebuild', '--nonsense'], ['feel'], ['feel', '1', '2'], ['workdays'], ['workdays', 'nonsense'],
  ['workdays', 'add'], ['workdays', 'add', '2025-01-24'], ['workdays', 'add', '2025-01-24', 'five'],
  ['workdays', 'add', '2025-1-24', '5'], ['workdays', 'add', '2025-02-30', '5'], ['workdays', 'add', '2025-01-24', '5', '6'],
  ['workdays', 'between', '2025-01-24'], ['workdays', 'year', '25'], ['workdays', 'is', 'today'], ['workdays', 'is', '2025-01-24', '--nonsense']];

for (const args of WRONG)
  test(`wrong usage: yimen ${args.join(' ')}`, () => {
    const { code, out, err } = run(...args);
    assert.equal(code, 2, err);
    assert.equal(out, '');
    assert.match(err, /usage: yimen|takes a number|not a/);
  });

test('arguments that are no UTF-8 are wrong usage', () => {
  const done = spawnSync('bash', ['-c', `${PROGRAM} migrate --db $'\\xff'`], { encoding: 'utf8' });
  assert.equal(done.status, 2);
  const expression = spawnSync('bash', ['-c', `${PROGRAM} feel $'\\xff'`], { encoding: 'utf8' });
  assert.equal(expression.status, 1, 'an expression is data');
  assert.match(expression.stderr, /not UTF-8/);
});

/* ---- tables compared ------------------------------------------------------------------------- */

const FEES = 'packs/service-hall/tables/fees.dmn';

test('dmn --difference: 0 for the same meaning, 1 for another, 2 for wrong usage', () => {
  const text = readFileSync(FEES, 'utf8'), other = join(folder, 'other.dmn');
  assert.deepEqual(run('dmn', '--difference', FEES, FEES), { code: 0, out: '', err: '' });
  writeFileSync(other, text.replace(/ id="Rule_[^"]*"/g, '').replaceAll('80 + further', '80+further'));
  assert.deepEqual(run('dmn', '--difference', FEES, other), { code: 0, out: '', err: '' });
  writeFileSync(other, text.replace('80 + further', '90 + further'));
  assert.deepEqual(run('dmn', '--difference', FEES, other), { code: 1, err: '',
    out: 'real-estate-standard: cell_changed "金额（元）" rule 1: 80 + further_certificates -> 90 + further_certificates\n' });
  const { changes } = JSON.parse(run('dmn', '--difference', '--json', other, FEES).out);
  assert.deepEqual(changes.map((one) => [one.kind, one.rule_before, one.after]), [['cell_changed', 1, '80 + further_certificates']]);
  for (const args of [['--difference'], ['--difference', FEES], ['--difference', FEES, FEES, FEES]])
    assert.equal(run('dmn', ...args).code, 2, args.join(' '));
});

/* ---- workdays -------------------------------------------------------------------------------- */

const WORKDAYS = [
  ['add 2025-01-24 5', '2025-02-07'], ['add 2025-01-24 0', '2025-01-24'], ['add 2025-01-25 0', '2025-01-26'],
  ['add 2025-01-24 1', '2025-01-26'], ['add 2025-02-07 -5', '2025-01-24'], ['add 2026-09-30 1', '2026-10-08'],
  ['add 2004-01-01 1', '2004-01-02'], ['between 2025-01-24 2025-02-07', '5'], ['between 2025-02-07 2025-02-07', '0'],
  ['between 2026-01-01 2026-01-04', '1'], ['year 2025', '248'], ['year 2026', '248'], ['is 2026-11-23', 'working'],
  ['is 2026-11-22', 'weekend'], ['is 2026-10-01', 'holiday'], ['is 2026-10-10', 'makeup'], ['is 2025-01-26', 'makeup'],
];

for (const [question, answer] of WORKDAYS)
  test(`workdays ${question}`, () => {
    assert.deepEqual(run('workdays', ...question.split(' ')), { code: 0, out: `${answer}\n`, err: '' });
  });

for (const question of ['add 2026-12-15 20', 'year 2027', 'is 2027-02-14', 'between 2026-12-15 2027-01-15', 'add 2026-12-15 99999999'])
  test(`workdays ${question}: a year that is not announced`, () => {
    const { code, out, err } = run('workdays', ...question.split(' '));
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /2026/);
  });

test('workdays --json says the same, and what is not announced', () => {
  const known = run('workdays', 'add', '2025-01-24', '5', '--json');
  assert.equal(known.code, 0);
  assert.deepEqual(JSON.parse(known.out), { date: '2025-01-24', count: 5, result: '2025-02-07', announced: true });
  const unknown = run('workdays', 'year', '2027', '--json');
  assert.equal(unknown.code, 1);
  assert.deepEqual(JSON.parse(unknown.out), { year: 2027, workdays: null, announced: false });
});

test('workdays --calendar reads another table; every day of the shipped one agrees with it', () => {
  const file = join(folder, 'table.csv');
  writeFileSync(file, 'date,type,name\n2027-01-01,holiday,元旦\n2027-01-09,makeup,元旦\n2027-02-06,holiday,春节\n');
  assert.equal(run('workdays', 'is', '2027-01-09', '--calendar', file).out, 'makeup\n');
  assert.equal(run('workdays', 'is', '2027-01-01', `--calendar=${file}`).out, 'holiday\n');
  const shipped = 'packs/calendar/cn-workdays.csv';
  for (const year of [2004, 2010, 2016, 2020, 2025, 2026])
    assert.equal(run('workdays', 'year', String(year), '--calendar', shipped).out, run('workdays', 'year', String(year)).out);
});

for (const [what, text, place] of [['a bad date', 'date,type,name\n2027-02-30,holiday,x\n', '2:1'], ['other columns', 'type,date,name\n', '1:1'],
  ['an unknown type', 'date,type,name\n2027-01-01,party,x\n', '2:12'], ['a date twice', 'date,type,name\n2027-01-01,holiday,x\n2027-01-01,holiday,x\n', '3:']])
  test(`workdays --calendar with ${what}: bad data, with its place`, () => {
    const file = join(folder, 'bad.csv');
    writeFileSync(file, text);
    const { code, err } = run('workdays', 'year', '2027', '--calendar', file);
    assert.equal(code, 1);
    assert.ok(err.includes(`bad.csv:${place}`), err);
  });

/* ---- feel ------------------------------------------------------------------------------------ */

const FEEL = [['1 + 2 * 3', '7'], ['0.1 + 0.2', '0.3'], ['if 1 < 2 then "yes" else "no"', '"yes"'], ['[1,2,3][item > 1]', '[2,3]'],
  ['sum(for i in 1..10 return i)', '55'], ['{a: 1, b: a + 1}.b', '2'], ['date("2025-01-24") + duration("P14D")', '"2025-02-07"'],
  ['some x in [1,2] satisfies x = 2', 'true'], ['"中" + "文"', '"中文"']];

for (const [expression, answer] of FEEL)
  test(`feel '${expression}'`, () => {
    assert.deepEqual(run('feel', expression), { code: 0, out: `${answer}\n`, err: '' });
  });

test('feel tells where an expression ends too early', () => {
  const { code, err } = run('feel', '1 +');
  assert.equal(code, 1);
  assert.match(err, /^1:\d+: /);
});

test('feel tells why a value is null', () => {
  const { code, out, err } = run('feel', '1 / 0');
  assert.equal(code, 1);
  assert.equal(out, 'null\n');
  assert.match(err, /division/);
});

/* ---- databases ------------------------------------------------------------------------------- */

test('migrate makes a database once', () => {
  const file = join(folder, 'new.db');
  const first = run('migrate', '--db', file);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /^\d+ migrations applied\n$/);
  assert.equal(run('migrate', '--db', file).out, '0 migrations applied\n');
  assert.deepEqual(JSON.parse(run('migrate', '--db', file, '--json').out), { applied: 0 });
  assert.equal(statSync(join(folder, 'yimen.keys')).mode & 0o77, 0, 'others may read the keys');
  assert.equal(statSync(join(folder, 'journal.key')).mode & 0o77, 0, 'others may read the key of the journal');
});

test('an empty journal is whole, and has no checkpoint yet', () => {
  const file = join(folder, 'new.db');
  const verified = run('verify', '--db', file);
  assert.equal(verified.code, 0, verified.out + verified.err);
  const none = run('checkpoint', '--db', file);
  assert.equal(none.code, 1);
  assert.match(none.err, /nothing is sealed/);
});

const WRITE = [['migrate'], ['rebuild'], ['serve', '--demo', '--listen', '127.0.0.1:0']];

for (const [what, statement, verbs] of [
  ['a schema of a newer program', "INSERT INTO schema_version (number, name, hash, applied_at) VALUES (9999, 'later', 'x', 0)",
    [...WRITE, ['verify'], ['checkpoint']]],
  ['a migration that was changed', "UPDATE schema_version SET hash = 'x' WHERE number = 1", WRITE]])
  test(`${what} is refused, and nothing is changed`, () => {
    const file = join(folder, 'newer.db');
    for (const name of ['newer.db', 'newer.db-wal', 'newer.db-shm']) rmSync(join(folder, name), { force: true });
    cpSync(join(folder, 'new.db'), file);
    sql(file, [statement, 'PRAGMA wal_checkpoint(TRUNCATE)']);
    const before = sql(file, 'SELECT * FROM schema_version');
    for (const args of verbs) {
      const { code, err } = run(...args, '--db', file);
      assert.equal(code, 1, `${args}: ${err}`);
      assert.match(err, /9999|[Mm]igration 1|newer version/, args.join());
    }
    assert.equal(sql(file, 'SELECT * FROM schema_version'), before);
  });

for (const args of [['migrate', '--db', '/proc/none/x.db'], ['serve', '--db', '/proc/none/x.db'], ['verify', '--db', join(folder, 'none', 'x.db')],
  ['serve', '--db', join(folder, 'a.db'), '--listen', 'nonsense'], ['serve', '--db', join(folder, 'a.db'), '--packs', folder],
  ['verify', '--db', join(folder, 'new.db'), '--checkpoint', join(folder, 'none')], ['rebuild', '--db', join(folder, 'new.db'), '--reader', 'none']])
  test(`cannot be done: yimen ${args.join(' ').replaceAll(folder, '…')}`, () => {
    const { code, err } = run(...args);
    assert.equal(code, 1, err);
    assert.match(err, /^yimen: .{10,}/);
    assert.doesNotMatch(err, /still on this page|\{[a-z]+\}/, 'words for somebody else');
  });

test('verify never makes a database', () => {
  const file = join(folder, 'never.db');
  assert.equal(run('verify', '--db', file).code, 1);
  assert.ok(!existsSync(file));
});

/* ---- beside a running server ----------------------------------------------------------------- */

const database = engine === 'sqlite' ? freshDatabase() : null;
const old = join(folder, 'old.checkpoint');
const newest = join(folder, 'newest.checkpoint');
let server, applicant, officer;

const withKeys = (verb, ...args) => run(verb, '--db', database.url, ...args);

async function untilSealed() {
  await until(() => {
    const { out } = withKeys('verify', '--json');
    return out && JSON.parse(out).unsealed_tail === 0;
  }, { every: 200, what: 'the seal of the last entry' });
}

test('while a server has the database: verbs that read answer, those that write name the owner', async () => {
  server = await startServer({ database });
  applicant = await new Program(server).login('13800000001');
  officer = await new Program(server).login('m001');
  for (let i = 0; i < 3; i++) await completedSoleTrader(applicant, officer);
  await untilSealed();
  assert.equal(withKeys('verify').code, 0);
  const checkpoint = withKeys('checkpoint');
  assert.equal(checkpoint.code, 0);
  writeFileSync(old, checkpoint.out);
  for (const args of [['migrate'], ['rebuild'], ['serve', '--listen', '127.0.0.1:0']]) {
    const { code, err } = withKeys(...args);
    assert.equal(code, 1, `${args}: ${err}`);
    assert.match(err, new RegExp(`pid ${server.pid}`), args.join());
  }
});

test('a port that is taken is named as the cause', () => {
  const { code, err } = run('serve', '--demo', '--db', join(folder, 'port.db'), '--listen', server.url.slice('http://'.length));
  assert.equal(code, 1);
  assert.match(err, /in use/);
});

test('the checkpoint of an earlier day agrees with the journal as it grew', async () => {
  for (let i = 0; i < 3; i++) await completedSoleTrader(applicant, officer);
  await untilSealed();
  writeFileSync(newest, withKeys('checkpoint').out);
  assert.notEqual(readFileSync(newest, 'utf8'), readFileSync(old, 'utf8'));
  for (const file of [old, newest]) {
    const { code, out } = withKeys('verify', '--checkpoint', file);
    assert.equal(code, 0, out);
    assert.match(out, /the journal is whole/);
  }
  assert.equal((await stopServer(server, { keep: true })).code, 0);
});

/* ---- a changed journal ----------------------------------------------------------------------- */

/** Entries that the old checkpoint covers. */
const oldSize = () => Number(readFileSync(old, 'utf8').split('\n')[1]);
const END = 'PRAGMA wal_checkpoint(TRUNCATE)';

/** A copy of database and keys with some statements run on it; verify's answers. */
function changed(statements) {
  const place = mkdtempSync(join(folder, 'changed-'));
  cpSync(database.folder, place, { recursive: true });
  const file = join(place, 'hall.db');
  sql(file, [...statements, END]);
  return { file, verify: (...args) => run('verify', '--db', file, '--json', ...args) };
}

const codesOf = ({ out }) => JSON.parse(out).findings.map((one) => one.code);

const CHANGES = [
  ['one byte changed', 'journal.altered', () => ["UPDATE journal SET data = replace(data, '2', '3') WHERE position = (SELECT MIN(position) "
    + "FROM journal WHERE kind = 'dossier.filed' AND data LIKE '%2%')"]],
  ['who did it changed', 'journal.altered', () => ['UPDATE journal SET actor = actor + 1 WHERE position = 7']],
  ['when it was changed', 'journal.altered', () => ['UPDATE journal SET at = at - 1 WHERE position = 8']],
  ['one entry deleted', 'journal.missing', () => ['DELETE FROM journal WHERE position = 9']],
  ['two entries swapped', 'journal.reordered', () => ['UPDATE journal SET position = -1 WHERE position = 10',
    'UPDATE journal SET position = 10 WHERE position = 11', 'UPDATE journal SET position = 11 WHERE position = -1']],
];

for (const [what, code, statements] of CHANGES)
  test(`${what}: verify names it, with an old checkpoint and without`, () => {
    const { verify } = changed(statements());
    for (const args of [[], ['--checkpoint', old], ['--checkpoint', newest]]) {
      const answer = verify(...args);
      assert.equal(answer.code, 1, answer.out + answer.err);
      assert.ok(codesOf(answer).includes(code), `${code} is not among ${codesOf(answer)}`);
      const finding = JSON.parse(answer.out).findings.find((one) => one.code === code);
      assert.ok(finding.position > 0 && finding.detail, answer.out);
    }
  });

test('the tail cut off with its seals: the checkpoint that was taken elsewhere shows it', () => {
  const size = oldSize();
  const { verify } = changed([`DELETE FROM journal WHERE position > ${size} OR position IS NULL`,
    `DELETE FROM journal_seal WHERE last_position > ${size}`]);
  assert.equal(verify().code, 0, 'what is left is whole in itself');
  assert.equal(verify('--checkpoint', old).code, 0);
  const answer = verify('--checkpoint', newest);
  assert.equal(answer.code, 1, answer.out);
  assert.ok(codesOf(answer).includes('journal.truncated'), answer.out);
});

test('rewritten and sealed again with the local key: only the old checkpoint shows it, and it does', async () => {
  const { file, verify } = changed(["UPDATE journal SET data = replace(data, 'approve', 'approvE') WHERE kind = 'task.completed'",
    'UPDATE journal SET position = NULL, leaf = NULL', 'DELETE FROM journal_seal']);
  const again = await startServer({ database: { url: file, folder: file.replace(/\/hall.db$/, '') } });
  await until(() => {
    const { out } = verify();
    return out && JSON.parse(out).unsealed_tail === 0;
  }, { every: 200, what: 'the second sealing' });
  await stopServer(again, { keep: true });
  assert.equal(verify().code, 0, 'with the key at hand it looks whole');
  for (const file of [old, newest]) {
    const answer = verify('--checkpoint', file);
    assert.equal(answer.code, 1, answer.out);
    assert.ok(codesOf(answer).includes('journal.resealed'), answer.out);
  }
});

test('the same in words: what was changed, where, and that it was', () => {
  const { file } = changed(['DELETE FROM journal WHERE position = 9']);
  const { code, out } = run('verify', '--db', file);
  assert.equal(code, 1);
  assert.match(out, /journal\.missing at position 9: .+\n/);
  assert.match(out, /the journal was changed\n$/);
});

for (const [what, text] of [['empty', ''], ['JSON', '{}'], ['cut', null], ['long', 'x'.repeat(10000)], ['with NUL', 'a\0b']])
  test(`a checkpoint file that is none: ${what}`, () => {
    const file = join(folder, 'bad.checkpoint');
    writeFileSync(file, text ?? readFileSync(old, 'utf8').slice(0, 60));
    const { code, err } = withKeys('verify', '--checkpoint', file);
    assert.equal(code, 1, err);
    assert.match(err, /checkpoint/);
    assert.doesNotMatch(err, /\{[a-z]+\}/);
  });

test('a checkpoint of another installation is not believed', () => {
  const other = join(folder, 'other.checkpoint');
  const lines = readFileSync(old, 'utf8').split('\n');
  lines[0] = lines[0].replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  writeFileSync(other, lines.join('\n'));
  const answer = withKeys('verify', '--checkpoint', other);
  assert.equal(answer.code, 1, answer.out + answer.err);
});

test('rebuild derives one reader, or all', () => {
  const all = JSON.parse(withKeys('rebuild', '--json').out).rebuilt;
  assert.ok(all >= 4, `${all} readers`);
  assert.match(withKeys('rebuild', '--reader', 'dossier.access').out, /^1 reader rebuilt\n$/);
});

if (engine !== 'sqlite') skipAll(`command line on ${engine}`, 'the verbs are tested on SQLite');
await runTests(() => {
  if (database) rmSync(database.folder, { recursive: true, force: true });
});
