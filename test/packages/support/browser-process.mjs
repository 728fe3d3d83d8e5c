// A browser without a window, in a process of its own: it loads a page from its server, runs its modules, keeps its cookies and
// obeys CORS. Its parent says what the person does.
import { Browser } from 'happy-dom';

const browser = new Browser({
  settings: {
    enableJavaScriptEvaluation: true,
    suppressInsecureJavaScriptEnvironmentWarning: true,
    handleDisabledFileLoadingAsSuccess: true, // of style sheets
  },
  console: globalThis.console,
});
const tabs = [];

function one(tab, selector) {
  const found = tabs[tab].mainFrame.document.querySelector(selector);
  if (found === null) throw new Error(`there is no ${selector}`);
  return found;
}

const acts = {
  async open({ url }) {
    const page = browser.newPage();
    tabs.push(page);
    await page.goto(url);
    return tabs.length - 1;
  },
  async reload({ tab }) {
    await tabs[tab].reload();
  },
  fill: ({ tab, selector, value }) => void (one(tab, selector).value = value),
  click: ({ tab, selector }) => one(tab, selector).click(),
  text: ({ tab, selector }) => one(tab, selector).textContent,
  /** A selector names something that can be seen: neither it nor what it lies in is hidden. */
  isVisible({ tab, selector }) {
    const found = tabs[tab].mainFrame.document.querySelector(selector);
    return found !== null && found.closest('[hidden]') === null;
  },
  /** What a script on the page can get at: its cookies and storages. */
  readable({ tab }) {
    const { window, document } = tabs[tab].mainFrame;
    return JSON.stringify([document.cookie, { ...window.localStorage }, { ...window.sessionStorage }]);
  },
  cookies: ({ url }) => browser.defaultContext.cookieContainer.getCookies(new URL(url)),
  close: () => browser.close(),
};

process.on('unhandledRejection', (error) => console.error('nobody handled', error));
process.on('disconnect', () => process.exit());
process.on('message', async ({ id, act, ...input }) => {
  try {
    process.send({ id, answer: await acts[act](input) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
