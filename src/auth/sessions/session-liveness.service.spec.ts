import { Clock } from '../../platform/clock/clock';
import type { Sql } from '../../database/sql';
import { SessionLivenessService } from './session-liveness.service';

class HandClock extends Clock {
  at = Date.UTC(2026, 0, 1);
  override now(): Date {
    return new Date(this.at);
  }
}

/** Stands for the database: what it would answer, how often it was asked, and a gate to hold an answer back. */
class FakeSql implements Sql {
  asked = 0;
  answer: () => Promise<unknown[]> = () => Promise.resolve([]);
  run<Row>(): Promise<Row[]> {
    this.asked += 1;
    return this.answer() as Promise<Row[]>;
  }
}

function scene() {
  const clock = new HandClock();
  const sql = new FakeSql();
  const lives = (seconds = 3600) => Promise.resolve([{ endsAt: new Date(clock.at + seconds * 1000) }]);
  sql.answer = () => lives();
  return { clock, sql, lives, service: new SessionLivenessService(sql, clock) };
}

it('A38, A39: an ending on another instance counts here within 5 s', async () => {
  const { clock, sql, service } = scene();
  expect(await service.find('s', 'u')).toBeDefined();
  sql.answer = () => Promise.resolve([]);
  clock.at += 4999;
  expect(await service.find('s', 'u')).toBeDefined();
  expect(sql.asked).toBe(1);
  clock.at += 1;
  expect(await service.find('s', 'u')).toBeUndefined();
  expect(await service.find('s', 'u')).toBeUndefined();
});

it('A38: an ending on this instance counts at once, for one session and for all of a person', async () => {
  const { sql, service } = scene();
  for (const session of ['a', 'b', 'c']) await service.find(session, session === 'c' ? 'other' : 'u');
  sql.answer = () => Promise.resolve([]);
  service.forget('a');
  expect(await service.find('a', 'u')).toBeUndefined();
  expect(await service.find('b', 'u')).toBeDefined();
  service.forgetUser('u');
  expect(await service.find('b', 'u')).toBeUndefined();
  expect(await service.find('c', 'other')).toBeDefined();
});

it('does not remember a look that was under way when the session was ended', async () => {
  const { sql, lives, service } = scene();
  let release = (): void => undefined;
  sql.answer = () => new Promise((resolve) => (release = () => resolve(lives())));
  const early = service.find('s', 'u');
  service.forget('s');
  sql.answer = () => Promise.resolve([]);
  release();
  await early;
  expect(await service.find('s', 'u')).toBeUndefined();
});

it('remembers no longer than the session itself lasts, and not across a clock set back', async () => {
  const { clock, sql, lives, service } = scene();
  sql.answer = () => lives(2);
  await service.find('brief', 'u');
  clock.at += 2000;
  sql.answer = () => Promise.resolve([]);
  expect(await service.find('brief', 'u')).toBeUndefined();
  sql.answer = () => lives(2);
  expect(await service.find('s', 'u')).toBeDefined();
  sql.answer = () => Promise.resolve([]);
  clock.at -= 1;
  expect(await service.find('s', 'u')).toBeUndefined();
});

it('fails closed: an error of the database is passed on, and a remembered session of another person is not theirs', async () => {
  const { sql, service } = scene();
  await service.find('s', 'u');
  sql.answer = () => Promise.reject(new Error('away'));
  await expect(service.find('s', 'mallory')).rejects.toThrow('away');
  await expect(service.find('t', 'u')).rejects.toThrow('away');
});
