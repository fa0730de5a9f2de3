// tap.mjs - a test is a name and an async function; results are printed as TAP.
import assert from 'node:assert/strict';

const tests = [];

/** Registers a test. */
export function test(name, run) {
  tests.push({ name, run });
}

/** A test that cannot run here; the reason is printed. */
export function skip(name, reason) {
  tests.push({ name, reason });
}

/** Nothing of this script can run here. */
export function skipAll(name, reason) {
  tests.length = 0;
  skip(name, reason);
}

/** Runs everything in order, then `finish`; the exit code tells. */
export async function runTests(finish = async () => {}) {
  let failed = 0;
  for (const [index, { name, run, reason }] of tests.entries()) {
    if (reason) {
      console.log(`ok ${index + 1} - ${name} # SKIP ${reason}`);
      continue;
    }
    try {
      await run();
      console.log(`ok ${index + 1} - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${index + 1} - ${name}`);
      console.log(String(error.stack ?? error).split('\n').slice(0, 25).map((l) => `  # ${l}`).join('\n'));
    }
  }
  await finish();
  process.exitCode = failed ? 1 : 0;
}

export { assert };
