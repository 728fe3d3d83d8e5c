// Canaries: every sort of secret, logged in every way a careless line could, must not appear in the output (case A92).
import { Secret } from '../../config/secret';
import { runInRequest } from '../request/request-context';
import { createLogger } from './logger';
import { NestLogger } from './nest-logger';

const secrets = {
  phone: '+12025550123',
  otp: '482913',
  password: 'correct horse battery',
  challenge: `rg6_k1_${'Ab3_-'.repeat(8)}xyz`,
  challengeWithoutKeyId: `lg6_${'Zz9-_'.repeat(8)}qqq`,
  refresh: `rf_${'Q1w2e'.repeat(10)}`,
  jwt: `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.${'s1G'.repeat(20)}`,
};

function capture() {
  const lines: string[] = [];
  const logger = createLogger('trace', { write: (line) => lines.push(line) });
  return { lines, logger, nest: new NestLogger(logger) };
}

type Capture = ReturnType<typeof capture>;
const all = Object.values(secrets).join(' ');

const careless: [string, (log: Capture) => void][] = [
  [
    'a message',
    ({ nest }) =>
      nest.log(`sent code=${secrets.otp} to ${all.replace(secrets.otp, '').replace(secrets.password, '')}`, 'Sms'),
  ],
  ['known keys', ({ nest }) => nest.warn({ ...secrets, code: secrets.otp, challengeToken: secrets.challenge })],
  ['a request body', ({ logger }) => logger.info({ body: { phone: secrets.phone, any: secrets.password } }, 'in')],
  ['deep inside', ({ logger }) => logger.info({ a: { b: [{ c: { refreshToken: 'short', code: secrets.otp } }] } })],
  [
    'JSON in a string',
    ({ logger }) =>
      logger.info({ answer: JSON.stringify({ password: 'hunter2hunter2', code: secrets.otp, to: secrets.phone }) }),
  ],
  ['a URL', ({ logger }) => logger.info(`GET /verify?to=%2B12025550123&code=${secrets.otp}&access_token=abcdef`)],
  [
    'the text of the message',
    ({ logger }) => logger.info(`${secrets.otp} is your App code to sign in.\n\n@auth.example.com #${secrets.otp}`),
  ],
  ['headers', ({ logger }) => logger.info({ headers: { authorization: `Bearer ${secrets.jwt}` } })],
  ['a header in a message', ({ logger }) => logger.info(`sent Authorization: Basic ${'QWxhZGRpbjpvcGVu'.repeat(2)}`)],
  [
    "a driver's error",
    ({ nest }) =>
      nest.error(
        Object.assign(new Error('duplicate key value'), {
          code: '23505',
          constraint: 'users_phone_key',
          detail: `Key (phone)=(${secrets.phone}) already exists.`,
          query: `insert into users values ('${secrets.password}')`,
          parameters: [secrets.password, secrets.otp],
        }),
      ),
  ],
  [
    'the cause of an error',
    ({ nest }) =>
      nest.error({
        err: new Error('vendor', { cause: new Error(`{"code":"${secrets.otp}","to":"${secrets.phone}"}`) }),
      }),
  ],
  [
    'an error under any key',
    ({ logger }) => logger.info({ meta: { failure: Object.assign(new Error('x'), { config: secrets }) } }),
  ],
];

describe('the log (A92)', () => {
  it.each(careless)('shows no secret that comes in %s', (_, log) => {
    const captured = capture();
    log(captured);
    const output = captured.lines.join('');
    expect(captured.lines).toHaveLength(1);
    expect(() => JSON.parse(output) as unknown).not.toThrow();
    for (const secret of [...Object.values(secrets), '12025550123', 'hunter2hunter2', 'QWxhZGRpbjpvcGVu', 'abcdef']) {
      expect(output).not.toContain(secret);
    }
  });

  it('shows a Secret as redacted wherever it is', () => {
    const { lines, logger } = capture();
    logger.info({ settings: { any: new Secret('s3cret-value') } }, `${String(new Secret('s3cret-value'))}`);
    expect(lines.join('')).not.toContain('s3cret-value');
  });

  // ASVS 16.2.2
  it('keeps what an operator needs: SQL state, constraint, stack, ids, error codes, times and masks', () => {
    const { lines, nest } = capture();
    const id = '0197e6a0-7c1e-7bbb-8000-1234567890ab';
    const error = Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'users_phone_key' });
    nest.error({ problem: 'code_invalid', userId: id, destinationMask: '+1******0123', at: new Date(0), err: error });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      problem: 'code_invalid',
      userId: id,
      destinationMask: '+1******0123',
      at: '1970-01-01T00:00:00.000Z',
      err: {
        type: 'Error',
        errorCode: '23505',
        constraint: 'users_phone_key',
        stack: expect.stringContaining('logger.spec') as string,
      },
    });
  });

  it('writes one line, whatever line breaks a value carries (A86)', () => {
    const { lines, logger } = capture();
    logger.info({ userAgent: 'x\r\n{"event":"fake"}' }, 'a\nb\u2028c');
    expect(lines.join('').trimEnd().split('\n')).toHaveLength(1);
  });

  it('names the request on every line written inside it', () => {
    const { lines, logger } = capture();
    runInRequest({ requestId: 'r1', address: '203.0.113.9', userAgent: null }, () => logger.info('inside'));
    logger.info('outside');
    expect(lines.map((line) => (JSON.parse(line) as { requestId?: string }).requestId)).toEqual(['r1', undefined]);
  });

  // ASVS 1.3.12
  it('takes linear time over a long hostile line', () => {
    const { lines, logger } = capture();
    logger.info(`${'code'.repeat(20_000)}${'eyJ.'.repeat(10_000)}${'@a'.repeat(10_000)}${'+1'.repeat(10_000)}`);
    expect(lines).toHaveLength(1);
  }, 2_000);
});
