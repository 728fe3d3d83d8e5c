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

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly look: Look,
  ) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // Refusals of the API are part of what is tested; everything else is not.
      if (message.type() === 'error' && !/the server responded with a status of 4/.test(message.text()))
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

  /** What axe finds against WCAG 2.2 A and AA, one line each. Keeps a picture as well. */
  async inspect(name: string): Promise<string[]> {
    await this.shoot(name);
    await this.page.evaluate(axeSource);
    const found = await this.page.evaluate<AxeResults>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    );
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${name}: ${id} at ${target.join(' ')}: ${failureSummary ?? ''}`),
    );
  }

  async shoot(name: string): Promise<string> {
    mkdirSync(SHOTS, { recursive: true });
    const { locale, scheme, size } = this.look;
    const path = join(SHOTS, `${name}-${locale}-${scheme}-${size}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  end(): Promise<void> {
    return this.context.close();
  }
}
