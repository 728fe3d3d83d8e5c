// What an operator may do to an account: the same as `npm run cli -- users`, each with what comes of it. Nobody is shown a code or chooses
// somebody's password here; the API has no such route.
import type { Account, Act, AdminApi, Rebind } from '../state/admin-api.ts';

export interface AccountAct {
  readonly label: string;
  readonly consequence: string;
  /** Said afterwards. */
  readonly done: string;
  readonly harms: boolean;
  /** Wants the new number. */
  readonly asksPhone?: boolean;
  /** @returns the challenge token, where there is one to pass on. @throws AdminError */
  readonly run: (api: AdminApi, id: string, act: Act, phone: string) => Promise<string | undefined>;
}

const nothing = async (work: Promise<unknown>): Promise<undefined> => {
  await work;
  return undefined;
};

const disable: AccountAct = {
  label: 'Disable',
  consequence: 'Its sessions and codes end. Nobody signs in to it until it is enabled.',
  done: 'The account is disabled.',
  harms: true,
  run: (api, id, act) => nothing(api.disable(id, act)),
};
const enable: AccountAct = {
  label: 'Enable',
  consequence: 'Its owner may sign in again. What disabling ended stays ended.',
  done: 'The account is enabled.',
  harms: false,
  run: (api, id, act) => nothing(api.enable(id, act)),
};
const mustChange: AccountAct = {
  label: 'Force a new password',
  consequence: 'Its sessions end, and the password signs in no more until its owner has replaced it.',
  done: 'The password has to be replaced.',
  harms: true,
  run: (api, id, act) => nothing(api.mustChange(id, act)),
};
const endSessions: AccountAct = {
  label: 'End all sessions',
  consequence: 'It is signed out everywhere; codes under way are worth nothing.',
  done: 'All sessions have ended.',
  harms: true,
  run: (api, id, act) => nothing(api.endSessions(id, act)),
};
const reopenSecondFactor: AccountAct = {
  label: 'Reopen the second factor',
  consequence: 'Codes are taken again after a hundred wrong ones in a row; sessions end. Make sure who asks for it.',
  done: 'Codes are taken again.',
  harms: true,
  run: (api, id, act) => nothing(api.reopenSecondFactor(id, act)),
};
const startReset: AccountAct = {
  label: 'Start a password reset',
  consequence: 'Its phone gets a code for a new password.',
  done: 'A code is on its way to the phone.',
  harms: false,
  run: async (api, id, act) => (await api.startReset(id, act)).challengeToken,
};
const beginRebind: AccountAct = {
  label: 'Move to another number',
  consequence:
    'For a lost phone. Its sessions end, the old number is told, the new one gets a code; a day after the code was entered the account moves, unless somebody signs in before.',
  done: 'The move has begun.',
  harms: true,
  asksPhone: true,
  run: async (api, id, act, phone) => (await api.beginRebind(id, { ...act, phone })).challenge?.challengeToken,
};
const approveRebind: AccountAct = {
  label: 'Approve the move',
  consequence:
    'As the second operator: enter the number that the person has told you. The old one is told, the new one gets a code.',
  done: 'The move is approved.',
  harms: true,
  asksPhone: true,
  run: async (api, id, act, phone) => (await api.approveRebind(id, { ...act, phone })).challenge?.challengeToken,
};
const cancelRebind: AccountAct = {
  label: 'Cancel the move',
  consequence: 'The account keeps its number.',
  done: 'The move is cancelled.',
  harms: false,
  run: (api, id, act) => nothing(api.cancelRebind(id, act)),
};

export function actsFor({ status, phone, secondFactorLocked }: Account, rebind: Rebind | null): AccountAct[] {
  const isMoving = rebind !== null && ['needs_approval', 'needs_code', 'waiting'].includes(rebind.state);
  return [
    ...(status === 'disabled' ? [enable] : [disable, mustChange]),
    endSessions,
    ...(secondFactorLocked ? [reopenSecondFactor] : []),
    ...(status === 'active' && phone !== null ? [startReset] : []),
    ...(rebind?.state === 'needs_approval' ? [approveRebind] : []),
    isMoving ? cancelRebind : beginRebind,
  ];
}
