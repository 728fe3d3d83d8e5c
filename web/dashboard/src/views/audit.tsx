// The audit log as it grows: newest first, asked for every few seconds, kept up to a number of rows.
import { useState } from 'react';
import type { AuditEntry } from '../state/admin-api.ts';
import { useDashboard } from '../state/context.ts';
import { usePoll } from '../state/use-poll.ts';
import { Field } from '../ui/field.tsx';
import { Table } from '../ui/table.tsx';
import { momentText, timeText } from '../ui/words.ts';

const SECONDS = 3;
const ROWS = 200;
const heads = ['Event', 'When', 'Outcome', 'Account', 'Reason', 'Address', 'More'];

export function Audit() {
  const [type, setType] = useState('');
  return (
    <>
      <div className="inline">
        <form onSubmit={(event) => event.preventDefault()}>
          <Field
            label="Only events called"
            value={type}
            onValue={setType}
            hint="Such as otp_fail; the whole name"
            autoCapitalize="none"
          />
        </form>
      </div>
      <AuditRows type={type.trim()} />
    </>
  );
}

/** @param userId of this account only */
export function AuditRows({ type = '', userId }: { readonly type?: string; readonly userId?: string }) {
  const { api, isPaused } = useDashboard();
  const asked = /^[a-z_]{1,64}$/.test(type) ? type : undefined;
  const ask = () => api.audit({ type: asked, userId, limit: ROWS });
  const { known, problem, askedAt } = usePoll(ask, SECONDS, `${asked} ${userId}`);
  return (
    <>
      {problem !== '' && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <p className="quiet">
        {isPaused ? 'Paused' : 'Live'}
        {askedAt !== undefined && `, as of ${timeText(askedAt)}`}. Newest first, at most {ROWS}.
      </p>
      {known !== undefined && <Table label="Audit log" heads={heads} rows={known.map(rowOf)} none="Nothing of late." />}
    </>
  );
}

function rowOf({ id, type, at, outcome, userId, reason, address, meta }: AuditEntry) {
  const more = meta === null ? '–' : Object.entries(meta).map(([name, value]) => `${name}: ${textOf(value)}`);
  return {
    key: id,
    cells: [
      type,
      `${momentText(at)}:${at.slice(17, 19)}`,
      <span key="outcome" className={outcome === 'failure' ? 'badge bad' : 'badge'}>
        {outcome}
      </span>,
      userId === null ? '–' : <code key="user">{userId}</code>,
      reason ?? '–',
      address ?? '–',
      typeof more === 'string' ? more : more.join(', '),
    ],
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
