// What every view may use.
import { createContext, useContext } from 'react';
import type { Act, AdminApi } from './admin-api.ts';

export interface Dashboard {
  readonly api: AdminApi;
  /** Nothing is asked by itself while it is so. */
  readonly isPaused: boolean;
  /** Begin of what is shown, ISO 8601; asked anew each time. */
  readonly from: () => string;
  /** Of the period that is shown. */
  readonly hours: number;
  /** @returns what the audit log is to keep */
  readonly act: (reason: string) => Act;
  /** Called when the key opens nothing any more. */
  readonly onKeyRefused: () => void;
}

export const DashboardContext = createContext<Dashboard | null>(null);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (dashboard === null) throw new Error('outside of the dashboard');
  return dashboard;
}
