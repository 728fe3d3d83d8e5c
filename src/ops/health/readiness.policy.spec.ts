import { notReadyBecause, Observation } from './readiness.policy';

const well: Observation = {
  draining: false,
  database: { migrationsMissing: 0, schemaTooNew: false, skewMilliseconds: 2000 },
  canSign: true,
  loopLagMilliseconds: 500,
};

describe('readiness', () => {
  it('is given when the database is current, the clocks agree and the loop is prompt, bounds included', () => {
    expect(notReadyBecause(well)).toEqual([]);
  });

  it.each<[string, Partial<Observation>]>([
    ['draining', { draining: true }],
    ['event loop late', { loopLagMilliseconds: 501 }],
    ['signing key closed (SECRET_KEYS)', { canSign: false }],
    [
      'migrations behind (npm run migrate)',
      { database: { migrationsMissing: 1, schemaTooNew: false, skewMilliseconds: 0 } },
    ],
    ['schema too new', { database: { migrationsMissing: 0, schemaTooNew: true, skewMilliseconds: 0 } }],
    ['clock skew', { database: { migrationsMissing: 0, schemaTooNew: false, skewMilliseconds: 2001 } }],
    ['clock skew', { database: { migrationsMissing: 0, schemaTooNew: false, skewMilliseconds: -2001 } }],
    ['database read-only', { database: 'read-only' }],
    [
      'no rights in the database (npm run migrate with MIGRATION_DATABASE_URL and DATABASE_URL)',
      { database: 'no-rights' },
    ],
  ])('is refused for %s alone', (reason, change) => {
    expect(notReadyBecause({ ...well, ...change })).toEqual([reason]);
  });

  it('is refused when the database is silent', () => {
    expect(notReadyBecause({ draining: false, canSign: false, loopLagMilliseconds: 0 })).toEqual(['database silent']);
  });
});
