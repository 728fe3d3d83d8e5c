// F29, the keys that vendors give: the one that we call with and the one that their webhooks are signed with are changed instance by
// instance while people join, renew and are told of. Nobody is turned away, no receipt is refused, and what was removed opens nothing.
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { developmentKeys } from '../../../src/sms/providers/telnyx/telnyx.keys';
import { startSystem, type System } from '../../support/instance';
import { patiently } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { progress, RefreshChain } from '../../support/refresh-chain';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';
import { LIMITS_OFF } from '../../races/burst';

jest.setTimeout(patiently(180_000));

const STEPS = 3;
const nextPhone = phoneNumbers();
const [firstKey, secondKey] = [
  developmentKeys['TELNYX_API_KEY']?.({}) ?? '',
  developmentKeys['TELNYX_API_KEY']?.({}) ?? '',
];
const [firstSeed, secondSeed] = [1, 2].map(() => randomBytes(32).toString('base64')) as [string, string];
const publicKeyOf = (seed: string) => developmentKeys['TELNYX_PUBLIC_KEY']?.({ SIMULATOR_TELNYX_SEED: seed }) ?? '';
/** Keys that the vendor takes now. */
let taken: readonly string[] = [firstKey];
const calls: { key: string; status: number }[] = [];
let system: System;
let vendor: Server;

/** The simulator behind a door of its own: vendors let an account have two keys for a while, the simulator knows one. */
async function startVendor(): Promise<string> {
  vendor = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const key = (request.headers.authorization ?? '').replace('Bearer ', '');
      const authorization = `Bearer ${taken.includes(key) ? firstKey : 'refused'}`;
      const headers = { authorization, 'content-type': 'application/json' };
      void fetch(`${system.simulator}${request.url ?? ''}`, {
        method: 'POST',
        headers,
        body: Buffer.concat(parts),
      }).then(async (answer) => {
        calls.push({ key, status: answer.status });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
      });
    });
  });
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const origin = await startVendor();
  const keys = {
    TELNYX_API_KEY: firstKey,
    SIMULATOR_TELNYX_SEED: firstSeed,
    TELNYX_PUBLIC_KEY: publicKeyOf(firstSeed),
  };
  system = await startSystem({
    instances: 2,
    env: {
      ...LIMITS_OFF,
      ...keys,
      TELNYX_BASE_URL: origin,
      JWT_ISSUER: 'https://id.example',
      LIMIT_REFRESH_FAMILY: 'off',
    },
  });
});
afterAll(async () => {
  await system.stop();
  vendor.close();
});

/** Somebody joins at each instance, and the vendor tells of it to each. @returns statuses of the webhooks signed with this key */
async function told(seed: string): Promise<number[]> {
  const webhooks = new TelnyxWebhooks(system, seed);
  const statuses: number[] = [];
  for (const api of system.apis) {
    const person = new Person(system, nextPhone(), undefined, api);
    await person.joined();
    const receipt = webhooks.about(await webhooks.idFor(person.phone), 'delivered');
    for (const at of system.apis) statuses.push((await webhooks.post(receipt, at)).status);
  }
  return statuses;
}

const all = (status: number) => [status, status, status, status];

async function inTurn(
  chains: readonly RefreshChain[],
  env: Record<string, string>,
  meanwhile: () => Promise<void>,
): Promise<void> {
  for (const instance of [0, 1]) {
    await progress(chains, STEPS);
    await system.restart(instance, env);
    await meanwhile();
  }
}

it('F29: the key that calls a vendor and the key of its webhooks are changed in use: no code, no session and no receipt is lost, and the old ones end', async () => {
  const chains = await Promise.all(
    [1, 2].map(async () => new RefreshChain(system, await new Person(system, nextPhone()).joined())),
  );
  expect(await told(firstSeed)).toEqual(all(200));
  expect(await told(secondSeed)).toEqual(all(401));

  taken = [firstKey, secondKey];
  const after = { TELNYX_API_KEY: secondKey, TELNYX_PUBLIC_KEY: publicKeyOf(secondSeed) };
  const both = { ...after, TELNYX_PUBLIC_KEY_PREVIOUS: publicKeyOf(firstSeed) };
  await inTurn(chains, both, async () => expect(await told(firstSeed)).toEqual(all(200)));
  // Now the vendor changes its own, at some moment.
  for (const seed of [firstSeed, secondSeed, firstSeed]) expect(await told(seed)).toEqual(all(200));
  taken = [secondKey];
  await inTurn(chains, after, async () => expect(await told(secondSeed)).toEqual(all(200)));
  expect(await told(firstSeed)).toEqual(all(401));

  await progress(chains, STEPS);
  await Promise.all(chains.map((chain) => chain.stop()));
  expect(chains.flatMap(({ refusals }) => refusals)).toEqual([]);
  expect(calls.filter(({ status }) => status >= 400)).toEqual([]);
  expect(new Set(calls.map(({ key }) => key))).toEqual(new Set([firstKey, secondKey]));
  expect(calls.at(-1)?.key).toBe(secondKey);
});
