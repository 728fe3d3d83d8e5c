// Devices that are signed in or trusted, each with what it is called, when it was used and a button that ends that.
import type { ReactNode } from 'react';
import { useApp } from '../state/context.ts';

export interface DeviceRow {
  readonly id: string;
  readonly deviceName: string | null;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly lastUsedAt: string;
  readonly current?: boolean;
}

interface RowListProps {
  readonly rows: readonly DeviceRow[];
  readonly onEnd: (id: string) => void;
  readonly label: string;
}

export function RowList({ rows, onEnd, label }: RowListProps) {
  const { t, language } = useApp();
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <ul className="rows" aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <div>
            <p>
              <bdi>{row.deviceName ?? nameOf(row.userAgent) ?? t('device.unknown')}</bdi>
              {row.current === true && <strong> · {t('sessions.this')}</strong>}
            </p>
            <p className="quiet">
              {t('sessions.used', { time: time.format(new Date(row.lastUsedAt)) })}
              {row.address !== null && <Address address={row.address} />}
            </p>
          </div>
          {row.current !== true && (
            <button
              type="button"
              aria-label={`${t('end')}: ${row.deviceName ?? nameOf(row.userAgent) ?? t('device.unknown')}`}
              onClick={() => onEnd(row.id)}
            >
              {t('end')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Address({ address }: { readonly address: string }): ReactNode {
  return (
    <>
      {' · '}
      <bdi>{address}</bdi>
    </>
  );
}

/** Browser and system, as far as a user agent tells; a guess for people to recognise, nothing hangs on it. */
function nameOf(userAgent: string | null): string | undefined {
  if (userAgent === null) return undefined;
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(userAgent)?.[1];
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(userAgent)?.[1];
  const known = [browser && ({ Edg: 'Edge', OPR: 'Opera' }[browser] ?? browser), system?.replace(' OS X', 'OS')];
  return known.filter(Boolean).join(', ') || userAgent.slice(0, 60);
}
