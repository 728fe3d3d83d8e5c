// One GET of a small JSON document: in time, not large, not somewhere else. The issuer is trusted to sign tokens, but what
// answers in its place during an outage may be anything.
import { timeLimit } from './time-limit';
import { LatchkeyVerifyError } from './verify-error';

/** A metadata document or a key set has 1 to 3 kB. */
const MOST_BYTES = 64 * 1024;

/** @throws LatchkeyVerifyError issuer_unavailable, with the cause */
export async function getJson(url: URL, settings: { fetch: typeof fetch; timeoutMs: number }): Promise<unknown> {
  const limit = timeLimit(settings.timeoutMs);
  try {
    const response = await settings.fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: limit.signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`answered ${response.status}`);
    }
    return JSON.parse(await textWithin(response, MOST_BYTES));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LatchkeyVerifyError('issuer_unavailable', `${url.href}: ${reason}`, { cause });
  } finally {
    limit.clear();
  }
}

async function textWithin(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new Error(`is larger than ${most} bytes`); // leaving the loop cancels the rest
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
