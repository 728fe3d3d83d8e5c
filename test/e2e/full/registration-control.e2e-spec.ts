// Who may register: REGISTRATION=open|invite|closed, invitations, and the terms that were accepted. Refusals are the same for every
// number; an invitation makes as many accounts as it says, whatever happens at once.
import type { ApiAnswer, JsonObject, ProblemBody } from '../../support/api-client';
import { cliRecords, runCli } from '../../support/cli';
import { kind } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';

interface Invite extends ProblemBody {
  readonly id: string;
  readonly inviteToken: string;
  readonly uses: number;
  readonly revokedAt: string | null;
}

const INVITES = '/v1/admin/invites';
const nextPhone = phoneNumbers();
const newcomer = (system: System, phone = nextPhone()) => new Person(system, phone);

describe('registration by invitation', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ instances: 2, env: { REGISTRATION: 'invite', TERMS_VERSION: '2026-11' } });
  });
  afterAll(() => system.stop());

  const ask = (method: string, path: string, body?: JsonObject): Promise<ApiAnswer<Invite & JsonObject>> =>
    system.admin.request(method, `${INVITES}${path}`, body, { token: system.adminKey });
  const invite = async (body: JsonObject = {}): Promise<Invite> => (await ask('POST', '', body)).body;
  const usesOf = async (id: string): Promise<number> => {
    const { rows } = await system.database.query<{ uses: number }>('SELECT uses FROM invites WHERE id = $1', [id]);
    return rows[0]?.uses ?? -1;
  };
  const withToken = (inviteToken?: string) => ({ termsVersion: '2026-11', ...(inviteToken && { inviteToken }) });

  it('an invitation makes one account, and then none; without one there is none, with one face for all', async () => {
    const { inviteToken, id } = await invite();
    expect(inviteToken).toMatch(/^iv_[A-Za-z0-9_-]{43}$/);
    const member = newcomer(system);
    await member.joined(withToken(inviteToken));
    expect(await usesOf(id)).toBe(1);
    const face = async (phone: string, token?: string) => {
      const { status, text } = await newcomer(system, phone).register(withToken(token));
      return [status, text.replace(/"requestId":"[^"]+"/, '')];
    };
    const free = nextPhone();
    const expected = await face(free);
    expect(expected[0]).toBe(403);
    expect(String(expected[1])).toContain('registration_closed');
    for (const phone of [member.phone, free])
      for (const token of [undefined, inviteToken, 'iv_', `iv_${'A'.repeat(43)}`])
        expect(await face(phone, token)).toEqual(expected);
    const { rows } = await system.database.query(
      `SELECT FROM invites WHERE encode(token_digest, 'escape') LIKE '%iv_%'`,
    );
    expect([rows.length, system.logs().includes(inviteToken)]).toEqual([0, false]);
  });

  it('two uses are two accounts, of six that enter their codes at once on two instances', async () => {
    const { inviteToken, id } = await invite({ uses: 2 });
    const ready = [];
    for (const person of Array.from({ length: 6 }, () => newcomer(system)))
      ready.push(await person.challenged('register', withToken(inviteToken)));
    // Held until several have begun, or they would come one after another.
    const holder = await system.database.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM invites WHERE id = $1 FOR UPDATE', [id]);
    const answering = Promise.all(
      ready.map(({ token, code }, n) =>
        (system.apis[n % 2] ?? system.api).post<ProblemBody>('/v1/auth/otp/verify', { challengeToken: token, code }),
      ),
    );
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    // Not by the holder: within one transaction the view shows who was connected when it was first looked at.
    await until(async () => ((await system.database.query(waiting)).rowCount ?? 0) >= 3, 'the third that waits');
    await holder.query('COMMIT');
    holder.release();
    const said = (await answering).map(kind).sort();
    expect(said).toEqual([...Array<string>(2).fill('200'), ...Array<string>(4).fill('403 registration_closed')]);
    expect(await usesOf(id)).toBe(2);
    const { rows } = await system.database.query(`SELECT FROM audit_log WHERE event = 'invite_used' AND ref = $1`, [
      id,
    ]);
    expect(rows).toHaveLength(2);
  });

  it('a use is counted when the account is made: not by a registration that ends, nor by a number that is taken', async () => {
    const { inviteToken, id } = await invite();
    const [one, other] = [newcomer(system), newcomer(system)];
    await one.challenged('register', withToken(inviteToken));
    expect(await usesOf(id)).toBe(0);
    await other.joined(withToken(inviteToken));
    expect(await usesOf(id)).toBe(1);
  });

  it('one that was revoked, has expired or is for another number is good for nothing', async () => {
    const [revoked, expiring, bound] = [
      await invite(),
      await invite({ days: 1 }),
      await invite({ phone: nextPhone() }),
    ];
    const under = await newcomer(system).challenged('register', withToken(revoked.inviteToken));
    const revokedAt = async () => {
      expect((await ask('DELETE', `/${revoked.id}`)).status).toBe(204);
      const items = (await ask('GET', '')).body['items'] as Invite[];
      return items.find(({ id }) => id === revoked.id)?.revokedAt;
    };
    const first = await revokedAt();
    expect([await revokedAt(), first]).toEqual([first, expect.any(String)]);
    const late = await system.api.post<ProblemBody>('/v1/auth/otp/verify', {
      challengeToken: under.token,
      code: under.code,
    });
    expect(kind(late)).toBe('403 registration_closed');
    for (const { inviteToken } of [revoked, bound])
      expect(kind(await newcomer(system).register(withToken(inviteToken)))).toBe('403 registration_closed');
    system.clock.advance(86_401);
    expect(kind(await newcomer(system).register(withToken(expiring.inviteToken)))).toBe('403 registration_closed');
    for (const nobody of ['00000000-0000-4000-8000-000000000000', 'nobody', '%00'])
      expect((await ask('DELETE', `/${nobody}`)).status).toBe(404);
  });

  it('one that is for a number makes its account', async () => {
    const person = newcomer(system);
    const { inviteToken } = await invite({ phone: person.phone });
    expect((await person.joined(withToken(inviteToken))).user['phone']).toMatch(/\*/);
  });

  it('operators list them without their tokens, page by page; the command line does the same', async () => {
    const args = ['invites', 'create', '--uses', '2', '--note', 'for the press'];
    const [made] = await cliRecords<Invite>(system.env, ...args);
    await newcomer(system).joined(withToken(made?.inviteToken));
    const first = await ask('GET', '?limit=1');
    const [item] = first.body['items'] as Invite[];
    expect(item).toMatchObject({ id: made?.id, note: 'for the press', usesMax: 2, uses: 1 });
    expect(JSON.stringify(first.body)).not.toContain('iv_');
    expect(first.body['nextCursor']).toBe(made?.id);
    for (const twice of [1, 2])
      expect([twice, (await runCli(system.env, ['invites', 'revoke', made?.id ?? ''])).code]).toEqual([twice, 0]);
    const [listed] = await cliRecords<Invite>(system.env, 'invites', 'list', '--limit', '1');
    expect([listed?.id, listed?.revokedAt]).toEqual([made?.id, expect.any(String)]);
    const { rows } = await system.database.query<{ event: string }>(
      'SELECT event FROM audit_log WHERE ref = $1 ORDER BY id',
      [made?.id],
    );
    expect(rows.map(({ event }) => event)).toEqual(['invite_created', 'invite_used', 'invite_revoked']);
  });

  it.each([
    { uses: 0 },
    { uses: 10_001 },
    { days: 366 },
    { phone: '12' },
    { note: 'x'.repeat(201) },
    { note: 'a\0b' },
    { note: '\ud83d' },
    { token: 'iv_mine' },
  ])('one that cannot be is refused: %j', async (body) => {
    expect((await ask('POST', '', body)).status).toBe(400);
  });

  it('terms have to be accepted by their current version, and that is kept with its time', async () => {
    const { inviteToken } = await invite({ uses: 2 });
    for (const [termsVersion, code] of [
      [undefined, 'required'],
      ['2025-01', 'not_current'],
    ]) {
      const answer = await newcomer(system).register({ inviteToken, ...(termsVersion && { termsVersion }) });
      expect([kind(answer), answer.body.errors]).toEqual([
        '400 validation_failed',
        [{ pointer: '/termsVersion', code }],
      ]);
    }
    const { accessToken } = await newcomer(system).joined(withToken(inviteToken));
    const { body } = await system.api.get('/v1/users/me/terms', { token: accessToken });
    expect(body).toEqual({
      currentVersion: '2026-11',
      acceptedVersion: '2026-11',
      acceptedAt: expect.any(String) as string,
    });
  });
});

describe('registration that is closed', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  it('is 403 for every number, new or taken, and keeps nobody out who has an account; terms are accepted later', async () => {
    const member = newcomer(system);
    await member.joined();
    await system.restart(0, { REGISTRATION: 'closed', TERMS_VERSION: '2027-01' });
    const here = new Person(system, member.phone);
    for (const person of [here, newcomer(system)])
      expect(kind(await person.register({ termsVersion: '2027-01' }))).toBe('403 registration_closed');
    const { token, code } = await here.challenged('login');
    const { body: tokens } = await here.verify(token, code);
    const terms = (method: string, body?: JsonObject) =>
      system.api.request<JsonObject>(method, '/v1/users/me/terms', body, { token: tokens.accessToken });
    expect((await terms('GET')).body).toEqual({ currentVersion: '2027-01', acceptedVersion: null, acceptedAt: null });
    expect((await terms('PUT', { termsVersion: '2026-11' })).status).toBe(400);
    expect((await terms('PUT', { termsVersion: '2027-01' })).status).toBe(204);
    const { acceptedAt, acceptedVersion } = (await terms('GET')).body;
    system.clock.advance(5);
    expect((await terms('PUT', { termsVersion: '2027-01' })).status).toBe(204);
    expect((await terms('GET')).body).toMatchObject({ acceptedAt, acceptedVersion });
    const { rows } = await system.database.query(`SELECT FROM audit_log WHERE event = 'terms_accepted'`);
    expect([acceptedVersion, rows.length]).toEqual(['2027-01', 1]);
  });
});
