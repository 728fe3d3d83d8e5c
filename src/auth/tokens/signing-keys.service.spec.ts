import { Keyring } from '../../platform/crypto/keyring';
import { SealedBox } from '../../platform/crypto/sealed-box';
import { KeyTable, random, tokenScene } from '../../../test/support/token-scene';
import { SigningKeyRow, SigningKeysStore } from './signing-keys.store';
import { SigningKeysService } from './signing-keys.service';

describe('signing keys', () => {
  it('two instances that start at once end with one current key and accept each other', async () => {
    const table = new KeyTable();
    const [a, b] = [tokenScene(table), tokenScene(table)];
    const [fromA, fromB] = await Promise.all([a.issue(), b.issue()]);
    expect(table.rows).toHaveLength(2);
    expect(await b.tokens.verify(fromA)).toBeDefined();
    expect(await a.tokens.verify(fromB)).toBeDefined();
  });

  it('a key that another instance has made is found when its first token comes', async () => {
    const [old, young] = [tokenScene(), tokenScene()];
    const token = await young.issue();
    await old.issue();
    old.table.rows.push({ ...young.table.rows[0], state: 'next' } as SigningKeyRow);
    old.clock.at += 5000;
    expect(await old.tokens.verify(token)).toBeDefined();
  });

  it('a removed key takes its tokens with it, the remembered ones too', async () => {
    const { tokens, issue, table, clock, keys } = tokenScene();
    const token = await issue();
    expect(await tokens.verify(token)).toBeDefined();
    table.rows = (await newTable()).rows;
    clock.at += 5000;
    await keys.verifier('unknown');
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('publishes public members only, under the RFC 7638 thumbprint', async () => {
    const { keys } = tokenScene();
    const [key] = await keys.published();
    expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(key?.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('lies sealed in the table, and a ring without its secret answers 503', async () => {
    const { table, keys, clock } = tokenScene();
    const { privateKey } = await keys.current();
    const [row] = table.rows;
    const d = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    expect(row?.private_sealed?.includes(d)).toBe(false);
    expect(row?.public_jwk).not.toHaveProperty('d');
    const other = new SealedBox(new Keyring([{ kid: 'k2', bytes: Buffer.alloc(32, 2) }]), random);
    const stranger = new SigningKeysService(new SigningKeysStore(table), other, clock);
    await expect(stranger.onApplicationBootstrap()).resolves.toBeUndefined();
    await expect(stranger.current()).rejects.toMatchObject({ code: 'not_ready' });
  });

  async function newTable(): Promise<KeyTable> {
    const other = tokenScene();
    await other.issue();
    return other.table;
  }
});
