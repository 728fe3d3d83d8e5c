// What follows a sign-in: back to the app that the person came from, when the server knows that very address, else their account.
import type { User } from '@latchkey/client';
import { useState } from 'react';
import { useApp } from '../state/context.ts';

export interface AfterSignIn {
  /** Name of the app that the browser is on its way to. */
  readonly returningTo: string | undefined;
  readonly arrive: (user: User) => void;
}

export function useAfterSignIn(): AfterSignIn {
  const { settings, setUser, go } = useApp();
  const [returningTo, setReturningTo] = useState<string>();
  const arrive = (user: User) => {
    setUser(user);
    if (settings.client === null) return go('/account');
    setReturningTo(settings.client.name);
    location.assign(settings.client.redirectUri);
  };
  return { returningTo, arrive };
}
