// guide.mjs - the guide page (session, right, query and template on every request, no cache) against
// nginx with the same bytes: wrk, one thread, 64 connections, in turns.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, startServer, stopServer } from '../lib/server.mjs';

const ROUNDS = 5, SECONDS = 3;
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

async function startNginx(page) {
  const folder = mkdtempSync(join(tmpdir(), 'yimen-nginx-')), port = await freePort();
  mkdirSync(join(folder, 'www'));
  writeFileSync(join(folder, 'www', 'guide.html'), page);
  writeFileSync(join(folder, 'nginx.conf'), `daemon off; worker_processes 2; pid ${folder}/pid; error_log ${folder}/error.log;
${process.getuid() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http { access_log off; sendfile on; keepalive_requests 100000000; types { text/html html; }
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${port}; root ${folder}/www; } }`);
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 700));
  return { child, url: `http://127.0.0.1:${port}/guide.html` };
}

function wrk(url, headers) {
  const done = spawnSync('wrk', ['-t1', '-c64', `-d${SECONDS}s`, ...headers.flatMap((h) => ['-H', h]), url],
    { encoding: 'utf8' });
  if (/Non-2xx/.test(done.stdout)) throw new Error(done.stdout);
  return Number(done.stdout.match(/Requests\/sec:\s+([\d.]+)/)[1]);
}

const server = await startServer();
const client = await new Client(server).login('13800000001', 'demo-2026');
const path = '/items/hotel-hygiene';
const page = (await client.get(path)).text;
const headers = [`Cookie: ${[...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ')}`, 'Accept: text/html'];
const nginx = await startNginx(page);
try {
  const ours = [], theirs = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(wrk(nginx.url, headers));
    ours.push(wrk(server.url + path, headers));
  }
  console.log(`guide page (${Buffer.byteLength(page)} bytes): ${median(ours).toFixed(0)} a second; nginx ${median(theirs).toFixed(0)}; `
    + `ratio ${(median(ours) / median(theirs)).toFixed(2)} (floor 0.30)`);
} finally {
  nginx.child.kill('SIGTERM');
  await stopServer(server);
}
