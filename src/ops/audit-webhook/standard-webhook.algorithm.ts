// Signs webhooks by the Standard Webhooks scheme, version 1: HMAC-SHA-256 over id, time and body, exactly as it is sent.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHmac } from 'node:crypto';
import type { Secret } from '../../config/secret';
import { unixSeconds } from '../../platform/time/seconds';

const form = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const [KEY_MIN_BYTES, KEY_MAX_BYTES] = [24, 64];

/** @param secret `whsec_` and base64; several have commas between them. @returns their keys; none when one has another form or length */
export function keysOf(secret: Secret): Buffer[] {
  const keys = secret
    .reveal()
    .split(',')
    .map((part) => Buffer.from(form.exec(part.trim())?.[1] ?? '', 'base64'));
  return keys.every(({ length }) => length >= KEY_MIN_BYTES && length <= KEY_MAX_BYTES) ? keys : [];
}

/** @param at signed as whole seconds since 1970. @returns the three headers of the scheme, with one signature for each key */
export function signedHeaders(keys: readonly Buffer[], id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(unixSeconds(at));
  const signature = (key: Buffer) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => `v1,${signature(key)}`).join(' '),
  };
}
