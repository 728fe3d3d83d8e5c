// What no answer of a vendor shows: a call that breaks on our side, and how many codes are asked about at a time. The database is away
// (port 1 refuses connections): an opening that cannot be recorded must not change what the caller hears.
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.service';
import { Secret } from '../../config/secret';
import { DatabaseConfig } from '../../database/database.config';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { Metrics } from '../../platform/metrics/metrics';
import { NoTracer } from '../../platform/tracing/tracer';
import { Standstill } from '../../platform/process/standstill';
import type { ProviderResult } from '../contract/failure';
import { SmsMetrics } from '../sms.metrics';
import { VendorHealth } from './vendor-health.service';

const NOWHERE = 'postgres://nobody@127.0.0.1:1/none';
const lasting = new AbortController().signal;
const ok: ProviderResult<string> = { ok: true, value: 'an id' };

class MovedClock extends Clock {
  seconds = 0;

  override now(): Date {
    return new Date(1_767_225_600_000 + this.seconds * 1000);
  }
}

describe('the health of a vendor', () => {
  const clock = new MovedClock();
  const pool = new Pool({ connectionString: NOWHERE });
  let database: Database;
  let health: VendorHealth;
  const call = (provider: string, hand: () => Promise<ProviderResult<string>>, signal: AbortSignal) =>
    health.call(provider, () => Promise.resolve(true), hand, signal);

  beforeAll(() => {
    Logger.overrideLogger(false);
    const metrics = new Metrics();
    const config = Object.assign(new DatabaseConfig(), { DATABASE_URL: new Secret(NOWHERE) });
    const dataSource = { driver: { master: pool } } as unknown as DataSource;
    database = new Database(dataSource, config, metrics, new NoTracer());
    health = new VendorHealth(
      clock,
      database,
      new AuditLog(),
      new SmsMetrics(metrics, new NoTracer()),
      new Standstill(),
    );
  });

  afterAll(async () => {
    await database.onApplicationShutdown();
    await pool.end();
  });

  it('a call that throws is a fault, five open the breaker, and one that was the probe lets the next one probe', async () => {
    const broken = () => call('telnyx', () => Promise.reject(new Error('broken')), lasting);
    for (let call = 1; call <= 5; call++) {
      expect(health.state('telnyx')).toBe('closed');
      await expect(broken()).rejects.toThrow('broken');
    }
    expect(health.state('telnyx')).toBe('open');
    clock.seconds += 15;
    await expect(broken()).rejects.toThrow('broken');
    expect(await call('telnyx', () => Promise.resolve(ok), lasting)).toBeUndefined();
    clock.seconds += 15;
    expect(await call('telnyx', () => Promise.resolve(ok), lasting)).toEqual(ok);
    expect(health.state('telnyx')).toBe('closed');
  });

  it('F23: who waits for one of twenty places while its run is aborted calls nobody, and keeps no place from others', async () => {
    const ending = new AbortController();
    const called: (() => void)[] = [];
    const hand = () => new Promise<ProviderResult<string>>((done) => called.push(() => done(ok)));
    const taken = Array.from({ length: 20 }, () => call('sinch', hand, lasting));
    const cut = Array.from({ length: 30 }, () => call('sinch', hand, ending.signal));
    const later = call('sinch', hand, lasting);
    while (called.length < 20) await new Promise(setImmediate);
    ending.abort(new Error('the process ends'));
    called.splice(0).forEach((answer) => answer());
    for (const call of cut) await expect(call).rejects.toThrow('the process ends');
    while (called.length === 0) await new Promise(setImmediate);
    called.forEach((answer) => answer());
    expect(await Promise.all([...taken, later])).toEqual(Array(21).fill(ok));
    expect(health.state('sinch')).toBe('closed');
  });

  it('F07, F23: a probe that is not made, since its run was aborted or could not be prepared, is left to the next', async () => {
    const ending = new AbortController();
    const hand = jest.fn(() => Promise.resolve(ok));
    const broken = () => call('twilio', () => Promise.reject(new Error('broken')), lasting);
    for (let fault = 1; fault <= 5; fault++) await expect(broken()).rejects.toThrow('broken');
    clock.seconds += 15;
    const unprepared = () => Promise.reject(new Error('the database is away'));
    await expect(health.call('twilio', unprepared, hand, lasting)).rejects.toThrow('the database is away');
    const ended = () => Promise.resolve(ending.abort(new Error('the process ends')));
    await expect(health.call('twilio', ended, hand, ending.signal)).rejects.toThrow('the process ends');
    expect(await health.call('twilio', () => Promise.resolve(undefined), hand, lasting)).toBeUndefined();
    expect([hand.mock.calls.length, health.state('twilio')]).toEqual([0, 'half-open']);
    expect(await call('twilio', hand, lasting)).toEqual(ok);
    expect(health.state('twilio')).toBe('closed');
  });

  it('F03: asks about twenty codes at a time, forty wait, and one more is refused unasked', async () => {
    const asked: (() => void)[] = [];
    const check = () =>
      health.check('sinch', () => new Promise<ProviderResult<string>>((done) => asked.push(() => done(ok))));
    const taken = Array.from({ length: 60 }, check);
    expect(await check()).toEqual({ ok: false, failure: { kind: 'throttled', certainty: 'not-sent' } });
    expect(asked).toHaveLength(20);
    for (let answered = 0; answered < 60; answered++) {
      asked[answered]?.();
      await new Promise(setImmediate);
    }
    expect(await Promise.all(taken)).toEqual(taken.map(() => ok));
  });
});
