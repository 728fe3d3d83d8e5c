// F33: hundreds of connections that send a header, or a body, byte by byte, and some that only stay. Nobody else notices, each is ended at
// its time (headers 10 s, the whole request 15 s, security.md 5.8), and who merely keeps a connection may use it. SLOW_SOCKETS: 150.
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem, type System } from '../../support/instance';
import { patiently, until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { residentBytes } from '../../support/processes';
import { kinds, tell, times, watched } from '../load/traffic';

jest.setTimeout(patiently(180_000));

const SOCKETS = Number(process.env['SLOW_SOCKETS'] ?? 150);
const BYTE_EVERY_MS = 1000;
/** Long after the last of them should be gone, on a machine however busy. */
const PATIENCE_MS = 90_000;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

type Kind = 'headers' | 'body' | 'idle';

interface Slow {
  readonly kind: Kind;
  readonly socket: Socket;
  readonly openedAt: number;
  answer: string;
  endedAt: number;
}

const START: Readonly<Record<Kind, string>> = {
  headers: 'POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nX-',
  body: 'POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"identifier":"',
  idle: 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n',
};

function open(kind: Kind): Promise<Slow> {
  const { hostname, port } = new URL(system.api.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const slow: Slow = { kind, socket, openedAt: performance.now(), answer: '', endedAt: 0 };
    socket.on('data', (bytes) => (slow.answer += bytes.toString('latin1')));
    socket.on('error', reject).on('close', () => (slow.endedAt = performance.now()));
    socket.on('connect', () => {
      socket.on('error', () => undefined).write(START[kind]);
      resolve(slow);
    });
  });
}

/** A byte now and then, until all that are to end have ended. */
async function drip(all: readonly Slow[]): Promise<void> {
  const open = () => all.filter(({ kind, endedAt }) => kind !== 'idle' && endedAt === 0);
  const areEnded = (): boolean => {
    for (const { socket } of open()) socket.write('a');
    return open().length === 0;
  };
  await until(areEnded, () => `the end of the ${open().length} connections that are open`, PATIENCE_MS, BYTE_EVERY_MS);
}

it('F33: slow headers and slow bodies are ended at their time, others are served meanwhile, and an idle connection is good for more', async () => {
  const before = residentBytes(system.pid(0));
  const all: Slow[] = [];
  for (let n = 0; n < SOCKETS; n += 1) all.push(await open((['headers', 'body', 'idle'] as const)[n % 3] as Kind));
  const of = (kind: Kind) => all.filter((slow) => slow.kind === kind);
  const work = async (turn: number) => {
    await sleep(20);
    return turn % 20 === 0 ? new Person(system, nextPhone()).register() : system.api.get('/.well-known/jwks.json');
  };
  const { samples } = await watched(drip(all), work);
  const during = residentBytes(system.pid(0));

  expect(Object.keys(kinds(samples)).sort()).toEqual(['200', '202']);
  for (const [kind, seconds] of [
    ['headers', 10],
    ['body', 15],
  ] as const) {
    for (const { answer, openedAt, endedAt } of of(kind)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      // Never before its time; and with the next look, of which there is one a second.
      expect(endedAt - openedAt).toBeGreaterThan(seconds * 1000 - 500);
    }
  }
  // However long it took to open them all: each has its own time.
  const lasted = (kind: Kind) => of(kind).map(({ openedAt, endedAt }) => endedAt - openedAt);
  expect(Math.max(...lasted('headers'))).toBeLessThan(Math.min(...lasted('body')));
  for (const { socket } of of('idle')) socket.write(START.idle);
  const twice = () => of('idle').every(({ answer }) => answer.split('HTTP/1.1 200 ').length === 3);
  await until(twice, 'the second answer on each idle connection');
  all.forEach(({ socket }) => socket.destroy());
  const ended = (kind: Kind) => Math.round(Math.max(...lasted(kind)));
  tell('slow clients', {
    sockets: SOCKETS,
    others: times(samples),
    headersEndedAfterMs: ended('headers'),
    bodiesEndedAfterMs: ended('body'),
    rssMB: [before, during].map((bytes) => Math.round(bytes / 2 ** 20)),
  });
});
