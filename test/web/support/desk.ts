// An operator at the dashboard: signs in with the key of development, goes from view to view, reads figures by their names.
import type { Browser, Locator, Page } from 'playwright-core';
import type { System } from '../../support/instance';
import { Visit } from './chromium';

const TABS_MAX = 40;

export class Desk {
  private constructor(
    readonly system: System,
    readonly visit: Visit,
  ) {}

  /** At the question for the key. */
  static async begin(system: System, browser: Browser): Promise<Desk> {
    const visit = await Visit.begin(browser, { locale: 'en-US', scheme: 'light', size: 'desktop' });
    await visit.page.goto(`${system.admin.url}/dashboard`);
    return new Desk(system, visit);
  }

  static async opened(system: System, browser: Browser): Promise<Desk> {
    const desk = await Desk.begin(system, browser);
    await desk.field('Your name').fill('Ada');
    await desk.giveKey(system.adminKey);
    await desk.heading('Messages');
    return desk;
  }

  get page(): Page {
    return this.visit.page;
  }

  async giveKey(key: string): Promise<void> {
    await this.page.getByLabel('Key', { exact: true }).fill(key);
    await this.button('Open').click();
  }

  async heading(name: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  }

  async view(name: string): Promise<void> {
    await this.page.getByRole('link', { name, exact: true }).click();
    await this.heading(name);
  }

  field(label: string): Locator {
    return this.page.getByRole('textbox', { name: new RegExp(`^${label}( \\(optional\\))?$`) });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Waits for a sentence, or a part of one. */
  async tells(text: string | RegExp, within: Page | Locator = this.page): Promise<void> {
    await within.getByText(text).first().waitFor();
  }

  /** Waits until the figure of this name is so. */
  async figure(name: string, value: string | RegExp): Promise<void> {
    const tile = this.page.locator('.tiles > div').filter({ has: this.page.getByText(name, { exact: true }) });
    await tile.locator('dd').filter({ hasText: value }).waitFor();
  }

  /** What a plot tells of a series, and that there is something drawn of it. */
  async plotted(title: string, series: string): Promise<void> {
    const plot = this.page.locator('figure').filter({ has: this.page.getByText(title, { exact: true }) });
    await plot.getByRole('listitem').filter({ hasText: series }).waitFor();
    expect(await plot.locator('svg').getAttribute('aria-label')).toContain(series.replace(': ', ' '));
    expect(await plot.locator('rect, circle').count()).toBeGreaterThan(0);
  }

  row(table: string, name: string): Locator {
    const within = this.page.getByRole('group', { name: table, exact: true });
    return within.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
  }

  async tabTo(thing: Locator): Promise<void> {
    await thing.waitFor();
    for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
      if ((await thing.and(this.page.locator(':focus')).count()) === 1) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${TABS_MAX} times Tab do not lead there`);
  }

  async end(): Promise<void> {
    await this.visit.end();
    expect(this.visit.complaints).toEqual([]);
  }
}
