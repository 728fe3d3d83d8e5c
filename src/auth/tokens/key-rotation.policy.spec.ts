import { acceptedUntil, JWKS_MAX_AGE_SECONDS, knownFrom, rotationIsDue } from './key-rotation.policy';

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400;
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const current = { created_at: at(0), activated_at: at(0) };
const next = { created_at: at(0), promote_at: null };

it('a next key is published for more than two ages of a cache before it signs', () => {
  expect(knownFrom(at(0)).getTime() - START).toBeGreaterThan(2 * JWKS_MAX_AGE_SECONDS * 1000);
});

it('a retired key outlives every token: the longest life there is, signed at the last moment, with the leeway of checking', () => {
  const [lease, longestLife, leeway] = [60, 3600, 30];
  expect(acceptedUntil(at(0)).getTime()).toBeGreaterThan(at(lease + longestLife + leeway).getTime());
});

it.each<[string, boolean, Parameters<typeof rotationIsDue>]>([
  ['after the interval', true, [current, next, at(90 * DAY), 90]],
  ['before the interval', false, [current, next, at(90 * DAY - 1), 90]],
  ['never by itself with 0', false, [current, next, at(9000 * DAY), 0]],
  ['with a next key too young', false, [current, { ...next, created_at: at(90 * DAY - 600) }, at(90 * DAY), 90]],
  ['when the operator wants it by now', true, [current, { ...next, promote_at: at(660) }, at(660), 0]],
  ['not before the moment the operator was told', false, [current, { ...next, promote_at: at(900) }, at(899), 0]],
  [
    'not even for the operator with a next key too young',
    false,
    [current, { ...next, promote_at: at(1) }, at(659), 90],
  ],
  ['counted from when the key began to sign', false, [{ ...current, activated_at: at(DAY) }, next, at(90 * DAY), 90]],
])('a rotation is due %s: %s', (_name, due, given) => {
  expect(rotationIsDue(...given)).toBe(due);
});
