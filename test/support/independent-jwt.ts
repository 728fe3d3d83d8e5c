// Checks our access tokens as another service would: with jose, over HTTP against our JWKS, in a process of its own
// (jose is an ES module, which Jest cannot load).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ROOT } from './program';

const script = `
  import { createRemoteJWKSet, jwtVerify } from 'jose';
  const [jwks, token, options] = process.argv.slice(1);
  try {
    const { payload, protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks)), JSON.parse(options));
    console.log(JSON.stringify({ payload, protectedHeader }));
  } catch (error) {
    console.log(JSON.stringify({ refused: error.code ?? String(error) }));
  }`;

export interface IndependentVerdict {
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly protectedHeader?: Readonly<Record<string, unknown>>;
  /** jose's error code. */
  readonly refused?: string;
}

/** @param options jose's JWTVerifyOptions */
export async function verifyIndependently(jwks: string, token: string, options: object): Promise<IndependentVerdict> {
  const parameters = ['--input-type=module', '-e', script, jwks, token, JSON.stringify(options)];
  const child = spawn(process.execPath, parameters, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(output) as IndependentVerdict;
}
