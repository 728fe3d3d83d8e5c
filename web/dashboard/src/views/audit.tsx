// The audit log as it grows: newest first, asked for every few seconds, a page of rows; from there page by page to older ones.
import { useEffect, useRef, useState } from 'react';
import type { AuditEntry } from '../state/admin-api.ts';
import { useDashboard } from '../state/context.ts';
import { usePoll } from '../state/use-poll.ts';
import { Field } from '../ui/field.tsx';
import { Table } from '../ui/table.tsx';
import { momentText, timeText } from '../ui/words.ts';

const SECONDS = 3;
/** What is old does not change. */
const OLD_SECONDS = 3600;
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

interface Asked {
  readonly type?: string | undefined;
  /** Of this account only. */
  readonly userId?: string;
}

export function AuditRows({ type = '', userId }: { readonly type?: string; readonly userId?: string }) {
  const asked = { type: /^[a-z_]{1,64}$/.test(type) ? type : undefined, ...(userId === undefined ? {} : { userId }) };
  return <Pages key={`${asked.type} ${userId}`} {...asked} />;
}

function Pages(asked: Asked) {
  const { api } = useDashboard();
  /** Where each page began that was gone back to; the newest is none of them. */
  const [trail, setTrail] = useState<readonly string[]>([]);
  const cursor = trail.at(-1);
  const ask = () => api.audit({ ...asked, cursor, limit: ROWS });
  const { known, problem, askedAt } = usePoll(ask, cursor === undefined ? SECONDS : OLD_SECONDS, cursor ?? '');
  const next = known?.nextCursor;
  const where = useFocusWhenMoved(trail);
  return (
    <>
      {problem !== '' && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <p className="quiet" tabIndex={-1} ref={where}>
        <State page={trail.length + 1} askedAt={askedAt} />
      </p>
      {known !== undefined && (
        <Table
          label="Audit log"
          heads={heads}
          rows={known.items.map(rowOf)}
          none={typeof next === 'string' ? 'None on this page; there may be older ones.' : 'Nothing of late.'}
        />
      )}
      <div className="acts" role="group" aria-label="Pages of the audit log">
        {trail.length > 0 && (
          <button type="button" onClick={() => setTrail(trail.slice(0, -1))}>
            Newer events
          </button>
        )}
        {typeof next === 'string' && (
          <button type="button" onClick={() => setTrail([...trail, next])}>
            Older events
          </button>
        )}
      </div>
    </>
  );
}

function State({ page, askedAt }: { readonly page: number; readonly askedAt: Date | undefined }) {
  const { isPaused } = useDashboard();
  const asOf = askedAt === undefined ? '' : `, as of ${timeText(askedAt)}`;
  if (page > 1) return `Older events, page ${page}${asOf}. Newest first, at most ${ROWS}.`;
  return `${isPaused ? 'Paused' : 'Live'}${asOf}. Newest first, at most ${ROWS}.`;
}

/** The button that was pressed may be gone: what page this is, is where to go on. */
function useFocusWhenMoved(trail: readonly string[]) {
  const where = useRef<HTMLParagraphElement>(null);
  const before = useRef(trail);
  useEffect(() => {
    if (before.current !== trail) where.current?.focus();
    before.current = trail;
  }, [trail]);
  return where;
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
