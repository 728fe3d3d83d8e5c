// Behind the gate: the page solves the puzzle by itself while the person waits; of a widget, which it does not show, it says so (ADR 74).
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { captchaKeys } from '../support/gate';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'with a gate before it, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;
    const numberOf = (test: number) => `+4915114${index}${String(test).padStart(5, '4')}`;

    beforeAll(async () => {
      const env = { CHALLENGE_GATE: 'always', CHALLENGE_GATE_DIFFICULTY: '12', ...captchaKeys };
      [system, browser] = await Promise.all([startSystem({ receipts: true, env }), openBrowser()]);
    });
    beforeEach(async () => {
      walk = await Walk.begin(system, browser, look);
    });
    afterEach(() => walk.end());
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    /** What the page sent as gateToken, in order; undefined where it sent none. */
    const tokensSent = (path: string): (string | undefined)[] => {
      const sent: (string | undefined)[] = [];
      walk.page.on('request', (request) => {
        if (request.method() !== 'POST' || !request.url().endsWith(path)) return;
        sent.push((request.postDataJSON() as { gateToken?: string }).gateToken);
      });
      return sent;
    };

    it('a registration on the page goes well: it is refused once, the puzzle is solved, and it is sent again', async () => {
      const sent = tokensSent('/v1/auth/register');
      await walk.open('/register', 'title.register');
      await walk.type('phone', numberOf(1));
      await walk.fill('password', PASSWORD);
      await walk.press('title.register');
      await walk.arrivedAt('title.code');
      await walk.tells('delivery.delivered');
      expect(sent).toEqual([undefined, expect.stringMatching(/\.\d+$/)]);
    });

    it('a forgotten password on the page goes well: it is refused once, the puzzle is solved, and it is sent again', async () => {
      const phone = numberOf(2);
      await system.restart(0, { CHALLENGE_GATE: 'off' });
      await signUp(system, phone, PASSWORD);
      await system.restart(0);
      system.clock.advance(60);
      const after = await system.phone.newest(phone);
      const sent = tokensSent('/v1/auth/password/forgot');
      await walk.open('/forgot', 'title.forgot');
      await walk.type('phone', phone);
      await walk.press('continue');
      await walk.arrivedAt('title.reset');
      await walk.fill('code', await system.phone.codeFor(phone, { after }));
      await walk.fill('password.new', `${PASSWORD}-new`);
      await walk.press('password.change');
      await walk.arrivedAt('title.login');
      expect(sent).toEqual([undefined, expect.stringMatching(/\.\d+$/)]);
    });

    it.each(['turnstile', 'hcaptcha'])(
      'of a widget of %s both pages say that they do not show it, and fetch nothing of it',
      async (kind) => {
        await system.restart(0, { CHALLENGE_GATE_KIND: kind });
        expect(system.logs()).toContain(`the pages show no widget of ${kind}`);
        await walk.open('/register', 'title.register');
        await walk.type('phone', numberOf(3));
        await walk.fill('password', PASSWORD);
        await walk.press('title.register');
        await walk.refusedBy('error.gate_required');
        expect(await walk.visit.inspect(`register-${kind}`)).toEqual([]);
        await walk.open('/forgot', 'title.forgot');
        await walk.type('phone', numberOf(3));
        await walk.press('continue');
        await walk.refusedBy('error.gate_required');
        expect(await walk.visit.inspect(`forgot-${kind}`)).toEqual([]);
      },
    );
  },
);
