// telephone.mjs - what the authenticator on an officer's telephone shows: RFC 6238, by Node's own HMAC.
import { createHmac } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The bytes of a secret in base32, blanks allowed. */
function bytesOf(secret) {
  const bits = [...secret.replaceAll(' ', '')].map((one) => LETTERS.indexOf(one).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((one) => Number.parseInt(one, 2)));
}

/** The six digits of a secret at a moment (anything that Date understands). */
export function codeAt(secret, moment) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(new Date(moment).getTime() / 30000)));
  const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, '0');
}

/** Six digits that the telephone shows neither at the moment nor a step beside it. */
export function wrongAt(secret, moment) {
  const at = new Date(moment).getTime();
  const shown = [-30000, 0, 30000].map((drift) => codeAt(secret, at + drift));
  return ['000000', '000001', '000002', '000003'].find((one) => !shown.includes(one));
}
