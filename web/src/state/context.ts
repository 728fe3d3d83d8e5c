// What every page may use: the server, who is signed in, the words, and the way to another page.
import type { LatchkeyClient, User } from '@latchkey/client';
import type { MetadataJson } from 'libphonenumber-js/core';
import { createContext, useContext } from 'react';
import type { Language, Texts } from '../texts/texts.ts';
import type { Settings } from './latchkey.ts';

export interface App extends Texts {
  readonly latchkey: LatchkeyClient;
  readonly settings: Settings;
  /** How numbers are written. */
  readonly plans: MetadataJson;
  /** null: nobody is signed in. */
  readonly user: User | null;
  readonly setUser: (user: User | null) => void;
  readonly setLanguage: (language: Language) => void;
  readonly invite: string | null;
  readonly path: string;
  /** Shows another page. @param said what the page there tells first */
  readonly go: (path: string, said?: string) => void;
  /** What brought the person here, such as a password that was changed. */
  readonly said: string | undefined;
  /** Runs what may need a fresh sign-in; asks the person for one when it does. @throws Cancelled when they decline */
  readonly guarded: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** The person has thought better of it: nothing to tell. */
export class Cancelled extends Error {}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('outside of the app');
  return app;
}
