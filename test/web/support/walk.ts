// A person at the pages, in their language: finds things by what is written there, as people and screen readers do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { System } from '../../support/instance';
import { type Look, Visit } from './chromium';

export const PASSWORD = 'violet-harbor-41-lantern';

const texts = join(__dirname, '..', '..', '..', 'web', 'src', 'texts');

/** The two languages of the walks: one from left to right, one from right to left. */
export const looks: readonly Look[] = [
  { locale: 'en-US', scheme: 'light', size: 'phone' },
  { locale: 'ar-EG', scheme: 'dark', size: 'desktop' },
];

export class Walk {
  private readonly words: Record<string, string>;

  private constructor(
    readonly system: System,
    readonly visit: Visit,
  ) {
    const [language = 'en'] = visit.look.locale.split('-');
    this.words = JSON.parse(readFileSync(join(texts, `${language}.json`), 'utf8')) as Record<string, string>;
  }

  static async begin(system: System, browser: Browser, look: Look): Promise<Walk> {
    return new Walk(system, await Visit.begin(browser, look));
  }

  /** Another page of the same browser, with the same cookies; it ends with this one. */
  async beside(): Promise<Walk> {
    return new Walk(this.system, await this.visit.beside());
  }

  get page(): Page {
    return this.visit.page;
  }

  /** As the page says it. @throws Error for a text that there is not */
  t(key: string, values: Readonly<Record<string, string | number>> = {}): string {
    const text = this.words[key];
    if (text === undefined) throw new Error(`no text ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  }

  async open(path: string, heading: string): Promise<void> {
    await this.page.goto(`${this.system.api.url}${path}`);
    await this.arrivedAt(heading);
  }

  async arrivedAt(heading: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: this.t(heading), exact: true }).waitFor();
  }

  field(key: string): Locator {
    return this.page.getByRole('textbox', { name: this.t(key), exact: true }).or(this.passwordField(key));
  }

  /** Types it key by key: what is shown meanwhile is part of the page. */
  async type(key: string, text: string): Promise<void> {
    await this.field(key).fill('');
    await this.field(key).pressSequentially(text);
  }

  async fill(key: string, text: string): Promise<void> {
    await this.field(key).fill(text);
  }

  /** @param within a part of the page, where a name stands more than once */
  async press(key: string, within: Page | Locator = this.page): Promise<void> {
    await within.getByRole('button', { name: this.t(key), exact: true }).click();
  }

  section(key: string): Locator {
    return this.page.getByRole('region', { name: this.t(key), exact: true });
  }

  /** Waits until the page complains in these words. */
  async refusedBy(key: string): Promise<void> {
    await this.page
      .getByRole('alert')
      .filter({ hasText: this.t(key) })
      .waitFor();
  }

  async tells(key: string, values: Readonly<Record<string, string | number>> = {}): Promise<void> {
    await this.page.getByText(this.t(key, values)).first().waitFor();
  }

  /** Password, then the code from the phone. */
  async signIn(phone: string, more: { readonly trust?: boolean } = {}): Promise<void> {
    const after = await this.system.phone.newest(phone);
    await this.open('/login', 'title.login');
    await this.givePassword(phone);
    await this.arrivedAt('title.code');
    await this.fill('code', await this.system.phone.codeFor(phone, { after }));
    if (more.trust === true) await this.page.getByRole('checkbox').check();
    await this.press('continue');
    await this.arrivedAt('title.account');
  }

  async givePassword(phone: string, password = PASSWORD): Promise<void> {
    await this.type('phone', phone);
    await this.fill('password', password);
    await this.press('title.login');
  }

  /** Another code than this. */
  wrong(code: string): string {
    return code === '123456' ? '654321' : '123456';
  }

  async end(): Promise<void> {
    await this.visit.end();
    expect(this.visit.complaints).toEqual([]);
  }

  private passwordField(key: string): Locator {
    // A field for passwords has no role.
    return this.page.locator('input[type=password]').and(this.page.getByLabel(this.t(key), { exact: true }));
  }
}
