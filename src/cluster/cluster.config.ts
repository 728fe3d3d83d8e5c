// How many instances `npm run start:cluster` keeps running on this machine.
import { availableParallelism } from 'node:os';
import { ConfigSlice } from '../config/config-slice';
import { EnvString } from '../config/fields';

export class ClusterConfig extends ConfigSlice {
  /** 1 to 128, or auto: one per core. Set it where a container may use less than the machine has, because Node sees all cores. */
  @EnvString({
    matches: /^(auto|[1-9]|[1-9]\d|1[01]\d|12[0-8])$/,
    message: 'must be auto or a whole number from 1 to 128',
  })
  CLUSTER_INSTANCES = 'auto';

  get instances(): number {
    return this.CLUSTER_INSTANCES === 'auto' ? availableParallelism() : Number(this.CLUSTER_INSTANCES);
  }

  /** How many cores each instance has, at least 1: so many passwords it may hash at a time. */
  get coresEach(): number {
    return Math.max(1, Math.floor(availableParallelism() / this.instances));
  }
}
