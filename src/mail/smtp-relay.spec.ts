// The relay's client against a real SMTP server of another make: what it demands before it hands anything over.
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { loadConfig } from '../config/load-config';
import { markTransaction } from '../platform/request/transaction-mark';
import { MailConfig } from './mail.config';
import { SmtpRelay } from './smtp-relay.service';

const mail = { to: 'jane@example.com', subject: 'Your code', text: '123456\n' };
const stamps = { messageId: 'a1', date: new Date('2026-01-01T00:00:00Z'), signal: new AbortController().signal };
const taken: string[] = [];
const servers: SMTPServer[] = [];

async function server(options: SMTPServerOptions = {}): Promise<number> {
  const made = new SMTPServer({
    authOptional: true,
    logger: false,
    closeTimeout: 10,
    onAuth: ({ username, password }, _session, done) =>
      username === 'user' && password === 'p@ss' ? done(null, { user: 'user' }) : done(new Error('no')),
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        taken.push(text);
        done();
      });
    },
    ...options,
  });
  made.on('error', () => undefined);
  servers.push(made);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.server.address() as AddressInfo).port;
}

function relay(url: string, NODE_ENV = 'production'): SmtpRelay {
  const variables = { NODE_ENV, SMTP_URL: url, MAIL_FROM: 'Example <no-reply@example.com>' };
  return new SmtpRelay(loadConfig([MailConfig], variables).get(MailConfig));
}

beforeEach(() => (taken.length = 0));
afterEach(() => Promise.all(servers.splice(0).map((each) => new Promise<void>((resolve) => each.close(resolve)))));

describe('TLS', () => {
  it.each<[string, string, SMTPServerOptions]>([
    ['a relay without STARTTLS', 'smtp', { disabledCommands: ['STARTTLS'] }],
    ['STARTTLS with a certificate of nobody we trust', 'smtp', {}],
    ['TLS with a certificate of nobody we trust', 'smtps', { secure: true }],
    ['no TLS where it was to be there from the start', 'smtps', { disabledCommands: ['STARTTLS'] }],
  ])('nothing is handed over to %s', async (_, scheme, options) => {
    const port = await server(options);
    expect(await relay(`${scheme}://user:p%40ss@127.0.0.1:${port}`).send(mail, stamps)).toMatchObject({
      ok: false,
      kind: 'unavailable',
    });
    expect(taken).toEqual([]);
  });
});

describe('a relay of development', () => {
  const here = async (options: SMTPServerOptions = { disabledCommands: ['STARTTLS', 'AUTH'] }) =>
    relay(`smtp://127.0.0.1:${await server(options)}`, 'development');

  it('gets one plain text, from whom and by which id it was told, and no word of this machine', async () => {
    expect(await (await here()).send(mail, stamps)).toEqual({ ok: true });
    expect(taken[0]).toMatch(/^From: Example <no-reply@example\.com>\r\n/m);
    expect(taken[0]).toMatch(/^Message-ID: <a1@example\.com>\r\n/m);
    expect(taken[0]).toMatch(/^Auto-Submitted: auto-generated\r\n/m);
    expect(taken[0]).toMatch(/^Date: Thu, 01 Jan 2026 00:00:00 \+0000\r\n/m);
    expect(taken[0]).toMatch(/^Content-Type: text\/plain; charset=utf-8\r\n/m);
  });

  it('is told user and password, in the clear here and nowhere else', async () => {
    const port = await server({ disabledCommands: ['STARTTLS'], authOptional: false });
    const to = (login: string) => relay(`smtp://${login}@127.0.0.1:${port}`, 'development').send(mail, stamps);
    expect(await to('user:p%40ss')).toEqual({ ok: true });
    expect(await to('user:wrong')).toMatchObject({ ok: false, kind: 'unavailable' });
  });

  it.each([
    [550, 'refused'],
    [450, 'unavailable'],
  ])('%i about the recipient is %s', async (responseCode, kind) => {
    const refuse = Object.assign(new Error('jane@example.com is not here'), { responseCode });
    const client = await here({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: (_address, _session, done) => done(refuse),
    });
    const result = await client.send(mail, stamps);
    expect(result).toMatchObject({ ok: false, kind });
    expect(JSON.stringify(result)).not.toMatch(/jane/);
  });

  it('A63: a header that a control character would break is not sent', async () => {
    const client = await here();
    for (const broken of [
      { ...mail, to: 'jane@example.com\r\nBcc: eve@example.com' },
      { ...mail, subject: 'x\nBcc: eve@example.com' },
    ]) {
      await expect(client.send(broken, stamps)).rejects.toThrow('control character');
    }
    expect(taken).toEqual([]);
  });

  it('is not called inside a transaction', async () => {
    const client = await here();
    await expect(markTransaction(() => client.send(mail, stamps))).rejects.toThrow('inside a transaction');
  });

  it('F01: is given 5 s in all, whatever it says meanwhile', async () => {
    const client = await here({ disabledCommands: ['STARTTLS', 'AUTH'], onData: (stream) => void stream.resume() });
    const result = await client.send(mail, { ...stamps, signal: AbortSignal.timeout(300) });
    expect(result).toEqual({ ok: false, kind: 'unavailable', reason: 'time' });
  });

  it('F23: is given no mail by a process that was told to stop while the mail was being made', async () => {
    const result = await (await here()).send(mail, { ...stamps, signal: AbortSignal.abort() });
    expect(result).toEqual({ ok: false, kind: 'unavailable', reason: 'time' });
    expect(taken).toEqual([]);
  });
});
