// The simulated Sinch SMS takes batches of its customer, keeps them, and refuses what the vendor's pages say it refuses.
import { dialect } from '../../src/sms/providers/sinch/sinch.dialect';
import { DialectBench } from './dialect-bench';

const authorization = ({ SINCH_API_TOKEN }: Readonly<Record<string, string>>) => `Bearer ${SINCH_API_TOKEN}`;
const text = 'Your code is 123456.\n\n@localhost #123456';

describe('the Sinch SMS dialect', () => {
  let bench: DialectBench;
  beforeEach(() => {
    bench = new DialectBench(dialect, authorization);
  });

  const batches = (plan = bench.credentials['SINCH_SERVICE_PLAN_ID']) => `/xms/v1/${plan}/batches`;
  const send = (change: object = {}) => {
    const body = { from: bench.credentials['SINCH_FROM'], to: ['+12025550143'], body: text, ...change };
    return bench.call('POST', batches(), { body });
  };
  const idOf = ({ body }: { body?: unknown }) => (body as { id: string }).id;

  it('puts a batch on the phone and answers 201 with numbers without +', () => {
    const { status, body } = send({ client_reference: 'ours-1', expire_at: '2026-07-16T12:05:00.000Z' });
    expect(status).toBe(201);
    const kept = { to: ['12025550143'], canceled: false, type: 'mt_text', client_reference: 'ours-1' };
    expect(body).toMatchObject({ ...kept, expire_at: '2026-07-16T12:05:00.000Z' });
    expect(bench.phone).toMatchObject([{ to: '+12025550143', text, code: '123456', channel: 'sms' }]);
  });

  it('delivers to everyone in a batch, with or without +', () => {
    expect(send({ to: ['+12025550143', '12025550144'] }).status).toBe(201);
    expect(bench.phone.map(({ to }) => to)).toEqual(['+12025550143', '+12025550144']);
  });

  it('sends a batch with the same client_reference again: it is no key', () => {
    expect(idOf(send({ client_reference: 'ours-1' }))).not.toBe(idOf(send({ client_reference: 'ours-1' })));
    expect(bench.phone).toHaveLength(2);
  });

  it('keeps a batch, and cancels it', () => {
    const id = idOf(send());
    expect(bench.call('GET', `${batches()}/${id}`)).toMatchObject({ status: 200, body: { id, canceled: false } });
    expect(bench.call('DELETE', `${batches()}/${id}`)).toMatchObject({ status: 200, body: { id, canceled: true } });
    expect(bench.call('GET', `${batches()}/${id}`)).toMatchObject({ status: 200, body: { canceled: true } });
    expect(bench.call('GET', `${batches()}/other`)).toEqual({ status: 404 });
    expect(bench.call('DELETE', `${batches()}/other`)).toEqual({ status: 404 });
  });

  it.each([
    ['a number that is none', { to: ['+12025550143', '+1'] }, 'syntax_invalid_parameter_format', /'to\[1\]'.*'\+1'/],
    ['no number', { to: [] }, 'syntax_constraint_violation', /'to'/],
    ['a number that is no list', { to: '+12025550143' }, 'syntax_constraint_violation', /'to'/],
    ['no body', { body: undefined }, 'syntax_constraint_violation', /'body'/],
    ['a body of 1601 characters', { body: 'x'.repeat(1601) }, 'syntax_constraint_violation', /'body'/],
    ['a type that it has not', { type: 'mt_pigeon' }, 'syntax_invalid_parameter_format', /'type'/],
    ['an end that is no time', { expire_at: 'soon' }, 'syntax_invalid_parameter_format', /'expire_at'/],
    ['an end that has passed', { expire_at: '2026-07-16T12:00:00.000Z' }, 'syntax_constraint_violation', /'expire_at'/],
  ])('refuses %s and sends nothing', (_what, change, code, said) => {
    expect(send(change)).toMatchObject({ status: 400, body: { code, text: expect.stringMatching(said) as string } });
    expect(bench.phone).toEqual([]);
  });

  it('refuses what is not JSON', () => {
    expect(bench.call('POST', batches(), { body: 'to=1' })).toMatchObject({
      status: 400,
      body: { code: 'syntax_invalid_json' },
    });
  });

  it.each(['Bearer wrong', 'Basic wrong', ''])('refuses the credentials "%s" with a bare 401', (wrong) => {
    expect(bench.call('POST', batches(), { body: {}, headers: { authorization: wrong } })).toEqual({ status: 401 });
    expect(bench.phone).toEqual([]);
  });

  it("refuses another customer's service plan", () => {
    expect(bench.call('POST', batches('other'), { body: {} })).toEqual({ status: 401 });
  });
});
