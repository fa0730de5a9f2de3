// packs.mjs - a copy of the packs with processes changed, for what a good pack never does.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function change(file, by) {
  const text = readFileSync(file, 'utf8'), changed = by(text);
  if (changed === text) throw new Error(`nothing was changed in ${file}`);
  writeFileSync(file, changed);
}

/** A folder with a copy of packs/ whose processes (by code) or other files of the service hall are
 *  changed; gone when the test ends. */
export function brokenPacks(processes, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'yimen-packs-'));
  cpSync('packs', folder, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const [code, by] of Object.entries(processes)) change(join(folder, 'service-hall/processes', `${code}.bpmn`), by);
  for (const [file, by] of Object.entries(files)) change(join(folder, 'service-hall', file), by);
  return folder;
}
