import 'reflect-metadata';
import { sign } from 'node:crypto';
import { readsWhateverComes } from '../../../../test/support/receipt-properties';
import { webhookKey } from './telnyx.keys';

/** RFC 8032 section 7.1, test 1: the public key of the fixtures is that of this seed. */
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex').toString('base64');

describe.each(['telnyx', 'telnyx-verify'])('%s', (name) => {
  readsWhateverComes(name, 'json', ({ rawBody }, at) => {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature = sign(null, Buffer.concat([Buffer.from(`${timestamp}|`), rawBody]), webhookKey(seed));
    return { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature.toString('base64') };
  });
});
