// One account: how it stands, its sessions, what was recorded about it, and what an operator may do.
import { useEffect, useRef, useState } from 'react';
import { Said } from '../../../src/ui/form.tsx';
import type { Account, AdminApi } from '../state/admin-api.ts';
import { useDashboard } from '../state/context.ts';
import { usePoll } from '../state/use-poll.ts';
import { Table } from '../ui/table.tsx';
import { momentText } from '../ui/words.ts';
import { ActDialog } from './act-dialog.tsx';
import { type AccountAct, actsFor } from './acts.ts';
import { AuditRows } from './audit.tsx';

const SECONDS = 5;

async function all(api: AdminApi, id: string) {
  const [account, sessions, rebind] = await Promise.all([api.account(id), api.sessions(id), api.rebind(id)]);
  return { account, sessions, rebind };
}

export function AccountView({ id }: { readonly id: string }) {
  const { api } = useDashboard();
  const { known, problem, again } = usePoll(() => all(api, id), SECONDS, id);
  const heading = useRef<HTMLHeadingElement>(null);
  const [acting, setActing] = useState<AccountAct>();
  const [said, setSaid] = useState<string>();
  const [token, setToken] = useState<string>();
  const done = (act: AccountAct, challengeToken: string | undefined) => {
    setActing(undefined);
    setSaid(act.done);
    setToken(challengeToken);
    again();
  };
  // The button that was pressed may be gone: what was said is where to go on.
  useEffect(() => {
    if (said !== undefined) heading.current?.focus();
  }, [said]);
  const begin = (act: AccountAct) => {
    setSaid(undefined);
    setToken(undefined);
    setActing(act);
  };
  return (
    <section aria-labelledby="account">
      <h2 id="account" tabIndex={-1} ref={heading}>
        Account {id}
      </h2>
      <Said text={said} />
      {token !== undefined && <ChallengeToken token={token} />}
      {problem !== '' && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      {known !== undefined && <Known {...known} onAct={begin} />}
      <h3>Recorded about it</h3>
      <AuditRows userId={id} />
      {acting !== undefined && (
        <ActDialog act={acting} id={id} onCancel={() => setActing(undefined)} onDone={(token) => done(acting, token)} />
      )}
    </section>
  );
}

function Known({ account, sessions, rebind, onAct }: Everything & { readonly onAct: (act: AccountAct) => void }) {
  return (
    <>
      <Standing account={account} rebind={rebind} />
      <div className="acts">
        {actsFor(account, rebind).map((act) => (
          <button key={act.label} type="button" className={act.harms ? 'danger' : ''} onClick={() => onAct(act)}>
            {act.label}
          </button>
        ))}
      </div>
      <h3>Sessions</h3>
      <Sessions sessions={sessions} />
    </>
  );
}

function ChallengeToken({ token }: { readonly token: string }) {
  return (
    <p className="said">
      For the person’s app; worth nothing without the code, which goes to the phone alone: <code>{token}</code>
    </p>
  );
}

type Everything = Awaited<ReturnType<typeof all>>;

function Standing({ account, rebind }: Omit<Everything, 'sessions'>) {
  const facts: readonly (readonly [string, string])[] = [
    ['Status', account.status],
    ['Number', account.phone ?? 'none'],
    ['E-mail', account.email === null ? 'none' : `${account.email}${account.emailVerified ? '' : ' (not proved)'}`],
    ['Since', momentText(account.createdAt)],
    ['Last code', momentText(account.lastAuthenticatedAt)],
    ['Password', passwordOf(account)],
    ['Second factor', account.secondFactorLocked ? 'locked' : 'open'],
    ...(rebind === null ? [] : [['Move to another number', `${rebind.state} (${rebind.phone})`] as const]),
  ];
  return (
    <dl className="tiles">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function passwordOf({ passwordLocked, mustChangePassword }: Account): string {
  if (passwordLocked) return 'locked';
  return mustChangePassword ? 'must be changed' : 'open';
}

function Sessions({ sessions }: Pick<Everything, 'sessions'>) {
  const rows = sessions.map(({ id, deviceName, userAgent, address, createdAt, lastUsedAt }) => ({
    key: id,
    cells: [deviceName ?? userAgent ?? 'unnamed', address ?? '–', momentText(createdAt), momentText(lastUsedAt)],
  }));
  return <Table label="Sessions" heads={['Device', 'Address', 'Since', 'Used']} rows={rows} none="None lives." />;
}
