// calibrate: finds the BCRYPT_COST for this machine. It hashes with each cost from the least that production accepts. It names the highest
// with which a login takes no longer than wanted and the machine can do the wanted number of logins a second (performance.md P4, ADR 9).
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { hash } from 'bcrypt';
import { OperatorError } from '../platform/process/operator-error';
import type { CommandGroup } from './command-group.types';

/** The least cost that production accepts, and the highest for which a login may still have to wait. */
const COSTS = { min: 10, max: 15 } as const;
const DEFAULT_MILLISECONDS = 500;
const BOUNDS = { min: 50, max: 5000 } as const;
/** Of so many tries the quickest counts, because other programs slow the others down. */
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

/** Measures from the lowest cost to the first that takes longer than wanted. Each step doubles the time, so no further one is needed. */
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
