// A real browser for the pages: Debian's Chromium, or the one that CHROMIUM_PATH names. Without one there is nothing to test with,
// and the suites say so and pass over.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const named = process.env['CHROMIUM_PATH'];
const chromiumPath = named ?? PLACES.find((place) => existsSync(place));

/** In place of describe, for whatever needs a browser. */
export const describeWithBrowser = chromiumPath === undefined ? describe.skip : describe;

/** Kept after the run, for people to look at. */
const SHOTS = join(__dirname, '..', '..', '..', 'coverage', 'web');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
} as const;

export interface Look {
  readonly locale: string;
  readonly scheme: 'light' | 'dark';
  readonly size: keyof typeof sizes;
}

export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('no Chromium: set CHROMIUM_PATH');
  // Without its sandbox it starts for root as well; it opens nothing but our own pages.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}

/** A profile of its own: no cookie of another test. What the page or its policy complains about is collected. */
export class Visit {
  readonly complaints: string[] = [];
  private isCutOff = false;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly look: Look,
  ) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // Refusals of the API are part of what is tested; everything else is not.
      if (message.type() !== 'error' || /the server responded with a status of (4|503)/.test(message.text())) return;
      if (!(this.isCutOff && message.text().includes('net::ERR_INTERNET_DISCONNECTED')))
        this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') this.complaints.push(`asked ${request.url()}`);
    });
  }

  static async begin(browser: Browser, look: Look): Promise<Visit> {
    const context = await browser.newContext({
      locale: look.locale,
      colorScheme: look.scheme,
      viewport: sizes[look.size],
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(20_000);
    return new Visit(context, await context.newPage(), look);
  }

  async beside(): Promise<Visit> {
    return new Visit(this.context, await this.context.newPage(), this.look);
  }

  /** What axe finds against WCAG 2.2 A and AA, in light and dark, on a phone and on a desk, one line each. Keeps a picture of each. */
  async inspect(name: string): Promise<string[]> {
    const found: string[] = [];
    for (const size of ['phone', 'desktop'] as const) {
      await this.page.setViewportSize(sizes[size]);
      for (const colorScheme of ['light', 'dark'] as const) {
        await this.page.emulateMedia({ colorScheme });
        await this.shoot(name, colorScheme, size);
        found.push(...(await this.axe(`${name}, ${colorScheme}, ${size}`)));
      }
    }
    await this.page.setViewportSize(sizes[this.look.size]);
    await this.page.emulateMedia({ colorScheme: this.look.scheme });
    return found;
  }

  /** Runs it while there is no network. */
  async cutOff(work: () => Promise<void>): Promise<void> {
    this.isCutOff = true;
    await this.context.setOffline(true);
    await work();
    await this.context.setOffline(false);
  }

  private async axe(name: string): Promise<string[]> {
    await this.page.evaluate(axeSource);
    const { violations } = await this.page.evaluate<AxeResults>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${name}: ${id} at ${target.join(' ')}: ${failureSummary}`),
    );
  }

  private async shoot(name: string, scheme: string, size: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    const path = join(SHOTS, `${name}-${this.look.locale}-${scheme}-${size}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    // Nothing to scroll sideways (WCAG 1.4.10).
    const overflow = await this.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (overflow > 0) this.complaints.push(`${name}, ${size}: ${overflow} px too wide`);
  }

  end(): Promise<void> {
    return this.context.close();
  }
}
