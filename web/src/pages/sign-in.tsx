// Signing in or up: the first step, then the code, then on to where the person wanted to go. All at one address, so that Back leads out of it.
import type { Challenge } from '@latchkey/client';
import { type ReactNode, useState } from 'react';
import { useApp } from '../state/context.ts';
import { CodeEntry, type Entered } from '../ui/code-entry.tsx';
import { Page } from '../ui/page.tsx';
import { type AfterSignIn, useAfterSignIn } from './use-arrival.ts';

export interface FirstStepProps {
  readonly onChallenge: (challenge: Challenge) => void;
  readonly onSignedIn: AfterSignIn['arrive'];
}

interface SignInProps {
  readonly title: string;
  readonly firstStep: (props: FirstStepProps) => ReactNode;
}

export function SignIn({ title, firstStep }: SignInProps) {
  const { latchkey, t } = useApp();
  const [challenge, setChallenge] = useState<Challenge>();
  const { returningTo, arrive } = useAfterSignIn();
  if (returningTo !== undefined) return <Page title={title}>{t('returning', { app: returningTo })}</Page>;
  if (challenge === undefined) {
    return (
      <Page title={title} key="first">
        {firstStep({ onChallenge: setChallenge, onSignedIn: arrive })}
      </Page>
    );
  }
  const verify = async (entered: Entered) => arrive(await latchkey.verify(entered));
  return (
    <Page title={t('title.code')} key="code">
      <CodeEntry challenge={challenge} onCode={verify} onRestart={() => setChallenge(undefined)} offersTrust />
    </Page>
  );
}
