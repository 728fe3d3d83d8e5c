import * as timers from 'node:timers/promises';
import { NodeRandom } from '../platform/random/node-random';
import { VendorLatency } from './vendor-latency';

jest.mock('node:timers/promises');

it.each([
  [undefined, 250],
  [700, 700],
  [60_000, 15_000],
])(
  'a decoy waits as long as a refusal took (%s ms), and no longer than a confirmation may take',
  async (took, waited) => {
    const latency = new VendorLatency(new NodeRandom());
    if (took !== undefined) latency.record(took);
    await latency.pretend();
    expect(timers.setTimeout).toHaveBeenLastCalledWith(waited);
  },
);
