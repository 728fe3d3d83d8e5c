// A client that renews its session without pause, as ours does: at one instance after the other, and an answer that does not come is
// asked for again with the same token. What it is refused is kept for the test to see.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokensBody } from './api-client';
import { refreshAt } from './credentials';
import type { System } from './instance';
import { until } from './patience';
import type { TokensAnswer } from './person';
import { sessionIdOf } from './sessions';

/** The answer, or undefined when there was none or one that says to come back. */
export async function certain(work: Promise<TokensAnswer>): Promise<TokensAnswer | undefined> {
  const answer = await work.catch(() => undefined);
  return answer === undefined || answer.status === 503 ? undefined : answer;
}

export class RefreshChain {
  readonly sessionId: string;
  readonly refusals: string[] = [];
  /** Changes that were answered. */
  steps = 0;
  private token: string;
  private running = true;
  private readonly done: Promise<void>;

  constructor(
    private readonly system: System,
    tokens: TokensBody,
  ) {
    this.token = tokens.refreshToken ?? '';
    this.sessionId = sessionIdOf(tokens);
    this.done = this.run();
  }

  /** @returns the newest token */
  async stop(): Promise<string> {
    this.running = false;
    await this.done;
    return this.token;
  }

  private async run(): Promise<void> {
    for (let turn = 0; this.running; turn += 1) {
      const answer = await certain(
        refreshAt(this.system.apis[turn % 2] ?? this.system.api, { refreshToken: this.token }),
      );
      if (answer === undefined) await sleep(20);
      else if (answer.status === 200) {
        this.token = answer.body.refreshToken ?? '';
        this.steps += 1;
      } else return void this.refusals.push(answer.text);
    }
  }
}

/** Returns when each client has got so much further, or was refused. @throws Error when one stands still for a minute */
export async function progress(chains: readonly RefreshChain[], steps: number): Promise<void> {
  const goals = chains.map((chain) => chain.steps + steps);
  const behind = () => chains.some((chain, at) => chain.refusals.length === 0 && chain.steps < (goals[at] ?? 0));
  await until(() => !behind(), 'the next steps of every client', 60_000, 10);
}
