// Hashes of a password as other systems make them, of each scheme that can be imported; cheap ones, as tests have many.
import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { hashSync as argon2 } from '@node-rs/argon2';
import { hashSync as bcrypt } from 'bcrypt';

const SALT = Buffer.from('0123456789abcdef');
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

export function foreignHashes(password: string): { scheme: string; hash: string }[] {
  const scrypt = scryptSync(password, SALT, 64, { N: 2 ** 10, r: 8, p: 1 });
  const pbkdf2 = (rounds: number, digest: string) => pbkdf2Sync(password, SALT, rounds, 32, digest);
  const salt = base64(SALT);
  return [
    { scheme: 'bcrypt $2a', hash: bcrypt(password, 4).replace('$2b', '$2a') },
    { scheme: 'bcrypt $2b', hash: bcrypt(password, 4) },
    { scheme: 'bcrypt $2y', hash: bcrypt(password, 4).replace('$2b', '$2y') },
    { scheme: 'argon2id', hash: argon2(password, { memoryCost: 1024, timeCost: 2, parallelism: 1 }) },
    { scheme: 'scrypt', hash: `$scrypt$ln=10,r=8,p=1$${salt}$${base64(scrypt)}` },
    { scheme: 'scrypt of Django', hash: `scrypt$1024$${SALT.toString()}$8$1$${scrypt.toString('base64')}` },
    { scheme: 'PBKDF2', hash: `$pbkdf2-sha512$i=1000$${salt}$${base64(pbkdf2(1000, 'sha512'))}` },
    {
      scheme: 'PBKDF2 of passlib',
      hash: `$pbkdf2-sha256$1000$${salt.replaceAll('+', '.')}$${base64(pbkdf2(1000, 'sha256')).replaceAll('+', '.')}`,
    },
    {
      scheme: 'PBKDF2 of Django',
      hash: `pbkdf2_sha256$1000$${SALT.toString()}$${pbkdf2(1000, 'sha256').toString('base64')}`,
    },
  ];
}
