// What the vendors' documents say that siteverify answers (developers.cloudflare.com/turnstile, docs.hcaptcha.com; 2025-11), and what
// may come instead of it.
import fc from 'fast-check';
import { AppError } from '../../platform/errors/app-error';
import { OutboundHttp, type OutboundAnswer, type OutboundRequest } from '../../platform/http/outbound-http';
import { readVerdict, Siteverify } from './siteverify.service';

const refused = (...codes: unknown[]) => readVerdict(JSON.stringify({ success: false, 'error-codes': codes }));

/** Answers when it is told to. */
class HeldHttp extends OutboundHttp {
  readonly asked: OutboundRequest[] = [];
  private waiting: ((answer: OutboundAnswer) => void)[] = [];

  override request(request: OutboundRequest): Promise<OutboundAnswer> {
    this.asked.push(request);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  answer(text: string): void {
    for (const resolve of this.waiting.splice(0)) resolve({ ok: true, status: 200, headers: {}, text });
  }
}

describe('siteverify', () => {
  it('only a plain true is a yes', () => {
    expect(readVerdict('{"success":true,"challenge_ts":"2026-01-01T00:00:00Z","hostname":"a.example"}')).toEqual({
      answer: 'good',
    });
    for (const success of ['"true"', '1', '{}', '[]', 'null']) {
      expect(readVerdict(`{"success":${success}}`)).toBeUndefined();
    }
  });

  it('a token that was used or is too old is told from one that never was', () => {
    expect(refused('timeout-or-duplicate')).toEqual({ answer: 'expired' });
    expect(refused('expired-input-response')).toEqual({ answer: 'expired' });
    for (const code of [
      'invalid-input-response',
      'already-seen-response',
      'sitekey-secret-mismatch',
      'bad-request',
      7,
    ]) {
      expect(refused(code)).toEqual({ answer: 'bad' });
    }
    expect(readVerdict('{"success":false}')).toEqual({ answer: 'bad' });
  });

  it('what is wrong with our key or with them is no answer about the token', () => {
    for (const code of ['missing-input-secret', 'invalid-input-secret', 'internal-error']) {
      expect(refused('invalid-input-response', code)).toEqual({ answer: 'none', reason: code });
    }
  });

  it('any text at all is a yes only where it says so, and nothing throws', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readVerdict(text)?.answer).not.toBe('good');
      }),
    ));

  it('asks by form with what it is given, and a flood is told to come back instead of being asked about', async () => {
    const http = new HeldHttp();
    const siteverify = new Siteverify(http);
    const ask = () => siteverify.ask('https://vendor.example/siteverify', { secret: 's&=', response: 'ü' });
    const held = Array.from({ length: 20 }, ask);
    const error: unknown = await ask().catch((thrown: unknown) => thrown);
    expect(error instanceof AppError && [error.code, error.context.retryAfterSeconds]).toEqual(['overloaded', 1]);
    expect(http.asked).toHaveLength(20);
    expect(http.asked[0]).toMatchObject({ method: 'POST', body: 'secret=s%26%3D&response=%C3%BC' });
    http.answer('{"success":true}');
    expect(await Promise.all(held)).toEqual(held.map(() => ({ answer: 'good' })));
    const again = ask();
    http.answer('<html>');
    expect(await again).toEqual({ answer: 'none', reason: 'answered 200' });
  });
});
