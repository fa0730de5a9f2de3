// browser.mjs - a person at a browser: one context of their own, with or without scripts, in one
// language. Pages are found by their addresses, forms by where they lead, fields by their names, so
// that a story reads the same in every language.
import { launch } from '../style/samples.mjs';

let browser;

export async function closeBrowser() {
  await (await browser)?.close();
}

/** Refusals are answers, not faults; the console tells of them all the same. */
const isFault = (text) => !/the server responded with a status of 4\d\d/.test(text);

export class Person {
  static async open(server, { language = 'zh-CN', scripts = true, width = 1280, cookies = {}, bypassCSP = false } = {}) {
    browser ??= launch();
    const person = new Person();
    person.server = server;
    person.hasScripts = scripts;
    person.context = await (await browser).newContext({ locale: language, javaScriptEnabled: scripts,
      viewport: { width, height: width < 500 ? 800 : 900 }, reducedMotion: 'reduce', bypassCSP });
    person.context.setDefaultTimeout(10000);
    await person.context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: server.url })));
    person.page = await person.context.newPage();
    person.faults = [];
    person.page.on('console', (message) => message.type() === 'error' && isFault(message.text()) &&
      person.faults.push(message.text()));
    person.page.on('pageerror', (error) => person.faults.push(error.message));
    return person;
  }

  /** Ends the visit; nothing of ours may have failed in the browser. */
  async close() {
    await this.context.close();
    if (this.faults.length) throw new Error(`in the browser: ${this.faults.join('; ')}`);
  }

  async go(path) {
    const answer = await this.page.goto(new URL(path, this.server.url).href);
    return answer.status();
  }

  get path() {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** A click that leads to another page, or to this one again. */
  async follow(selector) {
    const [answer] = await Promise.all([this.page.waitForNavigation(), this.page.locator(selector).first().click()]);
    return answer.status();
  }

  /** Sends the form that leads to `action`, with these fields filled in first. */
  async send(action, answers = {}) {
    await this.fill(answers, `form[action="${action}"]`);
    return this.follow(`form[action="${action}"] button[type=submit]:not([formaction])`);
  }

  /** Fills fields by name: text, a choice of a list, a radio button, boxes (an array of values). */
  async fill(answers, within = 'main') {
    for (const [name, value] of Object.entries(answers)) {
      const field = this.page.locator(`${within} [name="${name}"]`).first();
      const kind = await field.evaluate((element) => (element.tagName === 'INPUT' ? element.type : element.tagName));
      if (kind === 'radio') await this.page.locator(`${within} [name="${name}"][value="${value}"]`).check();
      else if (kind === 'checkbox') for (const one of [value].flat()) await this.page.locator(`${within} [name="${name}"][value="${one}"]`).check();
      else if (kind === 'SELECT') await field.selectOption(value);
      else await field.fill(value);
    }
  }

  /** What the fields of a form hold: text, the checked value, or an array for boxes. */
  values(action) {
    return this.page.locator(`form[action="${action}"]`).evaluate((form) => {
      const found = {};
      for (const field of form.elements) {
        if (!field.name || field.name.startsWith('_')) continue;
        if (field.type === 'checkbox') found[field.name] = [...(found[field.name] ?? []), ...(field.checked ? [field.value] : [])];
        else if (field.type === 'radio') found[field.name] = field.checked ? field.value : found[field.name] ?? '';
        else found[field.name] = field.value;
      }
      return found;
    });
  }

  /** The fields that the error summary leads to. */
  async errorFields() {
    const links = await this.page.locator('.error-summary a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    return links.map((href) => decodeURIComponent(href.slice(1)));
  }

  async signIn(login, password = 'demo-2026') {
    if (!this.path.startsWith('/login')) await this.go('/login');
    const status = await this.send('/login', { login, password });
    if (this.path.startsWith('/login')) throw new Error(`log-in of ${login} answered ${status}: ${await this.words()}`);
    return this;
  }

  async switchTo(what) {
    await this.follow(`.topbar a[href^="/${what}"]`);
  }

  has(selector) {
    return this.page.locator(selector).first().isVisible();
  }

  text(selector) {
    return this.page.locator(selector).first().innerText();
  }

  words() {
    return this.text('main');
  }

  /** What has the focus: its id, or where it leads. */
  focused() {
    return this.page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute('href') ||
      document.activeElement.getAttribute('name') || document.activeElement.tagName);
  }

  /** Tab until this has the focus; a person who sees no mouse gives up after a hundred. */
  async tabTo(selector) {
    for (let presses = 0; presses < 100; presses++) {
      await this.page.keyboard.press('Tab');
      if (await this.page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    }
    throw new Error(`Tab never reaches ${selector} on ${this.path}`);
  }

  /** Enter on what has the focus, and the page that follows. */
  async enter() {
    await Promise.all([this.page.waitForNavigation(), this.page.keyboard.press('Enter')]);
  }

  /** By keyboard alone: to this link or button, and through it. */
  async enterBy(selector) {
    await this.tabTo(selector);
    await this.enter();
  }

  /** By keyboard alone: words into a field, over what stood there. */
  async typeInto(selector, text) {
    await this.tabTo(selector);
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.type(text);
  }

  /** By keyboard alone: a box, or the first of some radio buttons. */
  async tickByKey(selector) {
    await this.tabTo(selector);
    await this.page.keyboard.press('Space');
  }

  /** By keyboard alone: one of some radio buttons. */
  async chooseByKey(name, value) {
    await this.tabTo(`[name="${name}"]`);
    const isOn = () => this.page.evaluate((wanted) => document.activeElement.value === wanted, value);
    for (let presses = 0; !(await isOn()); presses++) {
      if (presses > 20) throw new Error(`no ${value} among ${name}`);
      await this.page.keyboard.press('ArrowDown');
    }
    await this.page.keyboard.press('Space');
  }
}
