// packs.mjs - a copy of the packs with processes changed, for what a good pack never does.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with a copy of packs/ whose processes are changed; gone when the test ends. */
export function brokenPacks(changes) {
  const folder = mkdtempSync(join(tmpdir(), 'yimen-packs-'));
  cpSync('packs', folder, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const [process, change] of Object.entries(changes)) {
    const file = join(folder, 'service-hall/processes', `${process}.bpmn`);
    const text = readFileSync(file, 'utf8'), changed = change(text);
    if (changed === text) throw new Error(`nothing was changed in ${process}`);
    writeFileSync(file, changed);
  }
  return folder;
}
