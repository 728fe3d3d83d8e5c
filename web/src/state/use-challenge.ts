// A code that is under way: where its message is, when it may be sent again, and whether it is good still. It asks the server
// while somebody looks at the page, less often once the message has arrived.
import type { Challenge, ChallengeStatus } from '@latchkey/client';
import { useEffect, useRef, useState } from 'react';
import { useApp } from './context.ts';

const ASK_EVERY_MS = 2000;
const ASK_LATER_EVERY_MS = 5000;

export type Channel = Challenge['channel'];

export interface UnderWay {
  readonly challenge: Challenge;
  /** undefined until it was asked for. */
  readonly status: ChallengeStatus | undefined;
  /** Seconds until it may be sent again; null: no more. */
  readonly resendIn: number | null;
  readonly ended: boolean;
  /** Of the code by message, as it is known now: the vendor that sends it may change. null: not known. */
  readonly codeLength: number | null;
  /** @throws LatchkeyError */
  readonly resend: (channel: Channel) => Promise<void>;
}

export function useChallenge(first: Challenge): UnderWay {
  const { latchkey } = useApp();
  const [challenge, setChallenge] = useState(first);
  const [status, setStatus] = useState<ChallengeStatus>();
  const { challengeToken } = challenge;
  const newest = status ?? challenge;
  const resendIn = useCountdown(newest);
  const quiet = status?.delivery === 'delivered' || status?.delivery === 'none';
  const ended = status !== undefined && status.state !== 'pending';

  useEffect(() => {
    if (ended) return undefined;
    const ask = () => {
      if (document.hidden) return;
      // Where it is helps, and nothing hangs on it: an answer that does not come is asked for again.
      latchkey.status(challengeToken).then(setStatus, () => undefined);
    };
    ask();
    const timer = setInterval(ask, quiet ? ASK_LATER_EVERY_MS : ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [latchkey, challengeToken, quiet, ended]);

  const resend = async (channel: Channel) => {
    // A code by e-mail has no other way to go.
    const next = await latchkey.resend(channel === 'email' ? { challengeToken } : { challengeToken, channel });
    setChallenge(next);
    setStatus(await latchkey.status(next.challengeToken).catch(() => undefined));
  };
  return { challenge, status, resendIn, ended, codeLength: newest.codeLength, resend };
}

/** Counts by the time that has passed here, so that a tab that slept shows the right number when it wakes. */
function useCountdown(told: Challenge): number | null {
  const { resendAfter } = told;
  const since = useRef({ told, at: performance.now() });
  if (since.current.told !== told) since.current = { told, at: performance.now() };
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  if (resendAfter === null) return null;
  return Math.max(0, Math.ceil(resendAfter - (performance.now() - since.current.at) / 1000));
}
