// How many instances `npm run start:cluster` keeps running on this machine.
import { availableParallelism } from 'node:os';
import { ConfigSlice } from '../config/config-slice';
import { EnvString } from '../config/fields';

export class ClusterConfig extends ConfigSlice {
  /**
   * 1 to 128, or auto: one per core. It should be set in a container with a quota of CPU, because how many cores Node counts there depends on its
   * version: Node 20 counts those of the machine (libuv 1.46), later ones in most cases the whole cores of the quota (libuv 1.49).
   */
  @EnvString({
    matches: /^(auto|[1-9]|[1-9]\d|1[01]\d|12[0-8])$/,
    message: 'must be auto or a whole number from 1 to 128',
  })
  CLUSTER_INSTANCES = 'auto';

  get instances(): number {
    return this.CLUSTER_INSTANCES === 'auto' ? availableParallelism() : Number(this.CLUSTER_INSTANCES);
  }

  /** How many cores each instance has, at least 1. An instance may hash this many passwords at a time. */
  get coresEach(): number {
    return Math.max(1, Math.floor(availableParallelism() / this.instances));
  }
}
