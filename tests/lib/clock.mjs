// clock.mjs - a server's clock that a test moves.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let clocks = 0;

export class TestClock {
  constructor(instant) {
    this.file = join(tmpdir(), `yimen-clock-${process.pid}-${++clocks}`);
    this.write(instant);
    process.on('exit', () => rmSync(this.file, { force: true }));
  }

  write(instant) {
    this.now = instant;
    writeFileSync(`${this.file}.new`, `${instant}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  /** Moves a running server's clock; the server looks every 50 ms. */
  async set(instant) {
    this.write(instant);
    await new Promise((done) => { setTimeout(done, 200); });
  }
}

/** Asks again until the answer is one to go on with. */
export async function until(ask, { seconds = 10, every = 50, what = 'what was waited for' } = {}) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} s`);
    await new Promise((done) => { setTimeout(done, every); });
  }
}
