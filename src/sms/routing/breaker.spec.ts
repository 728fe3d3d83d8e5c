// The breaker's whole life on a clock of the test's own (security.md 5.8, F07).
import { Breaker, openForSeconds, Passage, Verdict } from './breaker';

const start = Date.parse('2026-01-01T00:00:00Z');

class Vendor {
  readonly breaker = new Breaker();
  seconds = 0;

  get now(): Date {
    return new Date(start + this.seconds * 1000);
  }

  get state() {
    return this.breaker.state(this.now);
  }

  enter(): Passage {
    const passage = this.breaker.enter(this.now);
    if (passage === undefined) throw new Error('the breaker let nobody through');
    return passage;
  }

  /** @returns whether the call opened the breaker */
  call(verdict: Verdict): boolean {
    return this.breaker.settle(this.enter(), verdict, this.now);
  }

  calls(count: number, verdict: Verdict): boolean[] {
    return Array.from({ length: count }, () => this.call(verdict));
  }
}

describe('a vendor’s circuit breaker', () => {
  it('opens at the fifth fault within 30 s, and says so once', () => {
    const vendor = new Vendor();
    expect(vendor.calls(5, 'down')).toEqual([false, false, false, false, true]);
    expect(vendor.state).toBe('open');
    expect(vendor.breaker.enter(vendor.now)).toBeUndefined();
    expect(vendor.breaker.openFor(vendor.now)).toBe(15_000);
  });

  it('stays closed while five faults are spread over more than 30 s', () => {
    const vendor = new Vendor();
    for (let fault = 0; fault < 20; fault++) {
      expect(vendor.call('down')).toBe(false);
      vendor.seconds += 7.5;
    }
    expect(vendor.state).toBe('closed');
  });

  it('opens when a vendor that worked breaks down, however much went well before', () => {
    const vendor = new Vendor();
    vendor.calls(1000, 'works');
    expect(vendor.calls(5, 'down')).toEqual([false, false, false, false, true]);
  });

  it('stays closed while less than a quarter of the last 20 calls fails', () => {
    const vendor = new Vendor();
    for (let round = 0; round < 50; round++) {
      vendor.call('down');
      vendor.calls(4, 'works');
    }
    expect(vendor.state).toBe('closed');
  });

  it('opens at once when the vendor refuses our key or our money', () => {
    const vendor = new Vendor();
    expect(vendor.call('refuses_us')).toBe(true);
    expect(vendor.state).toBe('open');
  });

  it('lets one probe through after 15 s, and nobody else while it is on its way', () => {
    const vendor = new Vendor();
    vendor.calls(5, 'down');
    vendor.seconds = 14.999;
    expect(vendor.breaker.enter(vendor.now)).toBeUndefined();
    vendor.seconds = 15;
    expect(vendor.state).toBe('half-open');
    const probe = vendor.enter();
    expect(vendor.state).toBe('probing');
    expect(vendor.breaker.enter(vendor.now)).toBeUndefined();
    expect(vendor.breaker.settle(probe, 'works', vendor.now)).toBe(false);
    expect(vendor.state).toBe('closed');
    vendor.calls(4, 'down'); // the faults from before the opening are forgotten
    expect(vendor.state).toBe('closed');
  });

  it('waits another 15 s after a probe that failed, without a second alarm', () => {
    const vendor = new Vendor();
    vendor.calls(5, 'down');
    for (const probed of [15, 30, 45]) {
      vendor.seconds = probed;
      expect(vendor.call('down')).toBe(false);
      expect(vendor.state).toBe('open');
      expect(vendor.breaker.openFor(vendor.now)).toBe(15_000);
    }
    vendor.seconds = 60;
    vendor.call('works');
    expect(vendor.calls(5, 'down').at(-1)).toBe(true); // a new opening is told again
  });

  it('is not closed, and not opened again, by calls from before it opened', () => {
    const vendor = new Vendor();
    const [late, later] = [vendor.enter(), vendor.enter()];
    vendor.calls(5, 'down');
    expect(vendor.breaker.settle(late, 'works', vendor.now)).toBe(false);
    expect(vendor.state).toBe('open');
    vendor.seconds = 15;
    const probe = vendor.enter();
    expect(vendor.breaker.settle(later, 'works', vendor.now)).toBe(false);
    expect(vendor.state).toBe('probing');
    vendor.breaker.settle(probe, 'down', vendor.now);
    expect(vendor.state).toBe('open');
  });

  it('does not stay open for hours when the clock is set back', () => {
    const vendor = new Vendor();
    vendor.calls(5, 'down');
    vendor.seconds = -3600;
    expect(vendor.state).toBe('half-open');
  });
});

it('F07: a route is shut until the first of its vendors lets a call through, and not where it has none', () => {
  expect(openForSeconds([14_001, 3_200, 9_000])).toBe(4);
  expect(openForSeconds([14_001, 0])).toBeUndefined();
  expect(openForSeconds([])).toBeUndefined();
});
