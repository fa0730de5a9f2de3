// screen.mjs - the large screen of a hall in a browser: it goes from slide to slide by itself, with scripts and without,
// and stays where it is while the server does not answer; on a wall, upright and on a desk nothing is cut off.
//
//     node tests/browser/screen.mjs sqlite|postgres
import { closeBrowser, Person } from '../lib/browser.mjs';
import { engine, isAvailable, startServer, stopServer } from '../lib/server.mjs';
import { assert, runTests, skipAll, test } from '../lib/tap.mjs';

let server;

for (const scripts of [true, false])
  test(`a slide leads to the next by itself, ${scripts ? 'with' : 'without'} scripts`, async () => {
    const wall = await Person.open(server, { scripts });
    await wall.page.setViewportSize({ width: 1920, height: 1080 });
    await wall.go('/screen');
    assert.match(await wall.words(), /今日/);
    await wall.page.waitForURL(/slide=2/, { timeout: 20000 });
    assert.match(await wall.words(), /办理时限/);
    await wall.close();
  });

for (const [width, height] of [[1920, 1080], [1080, 1920]])
  test(`nothing has to be scrolled at ${width} by ${height}`, async () => {
    const wall = await Person.open(server);
    await wall.page.setViewportSize({ width, height });
    for (const path of ['/screen', '/screen?slide=2', '/screen?slide=3']) {
      await wall.go(path);
      const [wide, high] = await wall.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
      assert.ok(wide <= width && high <= height, `${path}: ${wide} by ${high}`);
    }
    await wall.close();
  });

test('while the server does not answer the slide stays', async () => {
  const wall = await Person.open(server);
  await wall.go('/screen');
  await wall.page.route('**/screen?slide=2', (route) => route.abort());
  await wall.page.waitForRequest(/slide=2/, { timeout: 20000 });
  assert.match(await wall.words(), /今日/);
  wall.faults.length = 0; /* the browser itself tells of the request */
  await wall.close();
});

if (!isAvailable || engine !== 'sqlite') {
  skipAll(`the screen on ${engine}`, 'pages are the same on every engine');
  await runTests();
} else {
  server = await startServer({});
  await runTests(async () => { await closeBrowser(); await stopServer(server); });
}
