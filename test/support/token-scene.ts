// Access tokens and their keys without a database: the table of keys, two client apps, a clock moved by hand, and a forger
// who signs with the real key.
import { JsonWebKey, KeyObject, sign as signBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { ClientsService } from '../../src/auth/clients/clients.service';
import { ClientsStore } from '../../src/auth/clients/clients.store';
import { AccessTokenVerifier } from '../../src/auth/tokens/access-token-verifier.service';
import { AccessTokensService } from '../../src/auth/tokens/access-tokens.service';
import type { ClaimsSource } from '../../src/auth/tokens/claims-source';
import { CustomClaims } from '../../src/auth/tokens/custom-claims.service';
import { Issuer } from '../../src/auth/tokens/issuer.service';
import { OwnClaims } from '../../src/auth/tokens/own-claims.source';
import { SigningKeysService } from '../../src/auth/tokens/signing-keys.service';
import { SigningKeyRow, SigningKeysStore } from '../../src/auth/tokens/signing-keys.store';
import { TokensConfig } from '../../src/auth/tokens/tokens.config';
import { LoadedConfig } from '../../src/config/load-config';
import type { Sql, Statement } from '../../src/database/sql';
import { Clock } from '../../src/platform/clock/clock';
import { Keyring } from '../../src/platform/crypto/keyring';
import { SealedBox } from '../../src/platform/crypto/sealed-box';
import { NodeRandom } from '../../src/platform/random/node-random';
import { PublicUrl } from '../../src/platform/request/public-url';

class HandClock extends Clock {
  at = Date.UTC(2026, 0, 1);
  override now(): Date {
    return new Date(this.at);
  }
}

/** Stands for the database: the table as PostgreSQL keeps it, at most one current and one next key. */
export class KeyTable implements Sql {
  rows: SigningKeyRow[] = [];
  reads = 0;
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    if (statement.text.startsWith('SELECT')) {
      this.reads += 1;
      return Promise.resolve([...this.rows] as Row[]);
    }
    const [kid, jwk, private_sealed, state, created_at] = values as [string, string, Buffer, 'current' | 'next', Date];
    if (!this.rows.some((row) => row.state === state)) {
      const times = { created_at, activated_at: created_at, retired_at: null, promote_at: null, accepted_until: null };
      this.rows.push({ kid, public_jwk: JSON.parse(jwk) as JsonWebKey, private_sealed, state, ...times });
    }
    return Promise.resolve([]);
  }
}

/** Client apps: shop has an audience and a lifetime of its own, plain neither. */
const clientTable: Sql = {
  run<Row>(_: Statement, [clientId]: readonly unknown[]): Promise<Row[]> {
    const shop = { clientId, audience: 'https://shop.example', accessTokenTtlSeconds: 3600, disabledAt: null };
    const plain = { ...shop, audience: 'http://127.0.0.1:3000', accessTokenTtlSeconds: null };
    return Promise.resolve((clientId === 'shop' ? [shop] : clientId === 'plain' ? [plain] : []) as Row[]);
  },
};

Logger.overrideLogger(false);

export const random = new NodeRandom();
export const userId = random.uuid();
export const sessionId = random.uuid();
const ring = new Keyring([{ kid: 'k1', bytes: Buffer.alloc(32, 1) }]);

export function tokenScene(
  table = new KeyTable(),
  clock = new HandClock(),
  settings: Partial<TokensConfig> = {},
  source: ClaimsSource = new OwnClaims(),
) {
  const keys = new SigningKeysService(new SigningKeysStore(table), new SealedBox(ring, random), clock);
  const publicUrl = new PublicUrl();
  publicUrl.set('http://127.0.0.1:3000');
  const config = Object.assign(new TokensConfig(), settings);
  const jwt = new JwtService({});
  const issuer = new Issuer(config, publicUrl);
  const tokens = new AccessTokenVerifier(jwt, keys, issuer, clock);
  const issued = new AccessTokensService(
    keys,
    new ClientsService(clientTable, new ClientsStore(), new LoadedConfig({ production: true }, new Map()), clock),
    new CustomClaims(source, config),
    issuer,
    clock,
    random,
  );
  const issue = async (clientId = 'first-party') =>
    (
      await issued.issue({
        userId,
        phoneVerified: true,
        sessionId,
        clientId,
        authenticatedAt: clock.now(),
        amr: ['pwd', 'sms', 'mfa'],
      })
    ).token;
  return { keys, tokens, clock, table, issue };
}

export const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const part = (token: string, at: number) =>
  JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** Signs whatever the test asks for with the real key. */
export function forge(header: unknown, payload: unknown, key: KeyObject): string {
  const text = `${b64(header)}.${b64(payload)}`;
  const signature = signBytes('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

export async function forger() {
  const base = tokenScene();
  const good = await base.issue();
  const { privateKey } = await base.keys.current();
  const now = Math.floor(base.clock.at / 1000);
  const withClaims = (change: Record<string, unknown>) =>
    forge(part(good, 0), { ...part(good, 1), ...change }, privateKey);
  const withHeader = (change: Record<string, unknown>) =>
    forge({ ...part(good, 0), ...change }, part(good, 1), privateKey);
  return { ...base, good, privateKey, now, withClaims, withHeader };
}
