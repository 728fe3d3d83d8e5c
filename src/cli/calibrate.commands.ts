// calibrate: which BCRYPT_COST this machine can bear. Hashes with each cost from the least that production takes, and names the highest
// whose login still takes no longer than wanted and leaves the wanted logins a second (performance.md P4, ADR 9).
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { hash } from 'bcrypt';
import { OperatorError } from '../platform/process/operator-error';
import type { CommandGroup } from './command-group.types';

/** What production takes, and what a single login may still be asked to wait for. */
const COSTS = { min: 10, max: 15 } as const;
const DEFAULT_MILLISECONDS = 500;
const BOUNDS = { min: 50, max: 5000 } as const;
/** The quickest of so many: another program's time is not the cost's. */
const TRIES = 3;

export const calibrateCommands: CommandGroup = {
  name: 'calibrate',
  summary: 'the BCRYPT_COST that this machine can bear',
  add(group, run) {
    group
      .option(
        '--milliseconds <n>',
        `longest time of one hash, ${BOUNDS.min} to ${BOUNDS.max}`,
        String(DEFAULT_MILLISECONDS),
      )
      .action(
        run(async ({ output }, { milliseconds }: { milliseconds: string }) => {
          const longest = Number(milliseconds);
          if (!Number.isInteger(longest) || longest < BOUNDS.min || longest > BOUNDS.max) {
            throw new OperatorError(`--milliseconds must be a whole number from ${BOUNDS.min} to ${BOUNDS.max}`);
          }
          const measured = await measure(longest);
          const fitting = measured.filter(({ hashMilliseconds }) => hashMilliseconds <= longest);
          const best = fitting.at(-1);
          const cost = best?.cost ?? COSTS.min;
          output.list(measured, '');
          output.result({ recommended: cost, cores: availableParallelism() }, recommendation(cost, best === undefined));
        }),
      );
  },
};

interface Measured {
  readonly [column: string]: number;
  readonly cost: number;
  readonly hashMilliseconds: number;
  readonly loginsPerSecond: number;
}

/** From the lowest cost to the first that takes longer than wanted: each step doubles, so no step further has to be tried. */
async function measure(longest: number): Promise<Measured[]> {
  const all: Measured[] = [];
  for (let cost: number = COSTS.min; cost <= COSTS.max; cost += 1) {
    const hashMilliseconds = await quickest(cost);
    all.push({
      cost,
      hashMilliseconds,
      loginsPerSecond: Math.round((availableParallelism() * 10_000) / hashMilliseconds) / 10,
    });
    if (hashMilliseconds > longest) break;
  }
  return all;
}

async function quickest(cost: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const began = performance.now();
    await hash('as long as the keyed digest that is hashed: 64 characters of it', cost);
    least = Math.min(least, performance.now() - began);
  }
  return Math.round(least);
}

function recommendation(cost: number, isTooSlow: boolean): string {
  if (isTooSlow)
    return `not even cost ${cost} is quick enough here, and production takes none below it: BCRYPT_COST=${cost}, on more or faster cores`;
  return `BCRYPT_COST=${cost}; the logins a second are those of all cores when nothing else runs`;
}
