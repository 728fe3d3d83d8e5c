// Asks for the code of a challenge, by message, app or recovery code, until it is right or can no longer be.
import type { Challenge } from '@latchkey/client';
import { useState } from 'react';
import { useApp } from '../state/context.ts';
import { type Channel, useChallenge, type UnderWay } from '../state/use-challenge.ts';
import { useWebOtp } from '../state/use-web-otp.ts';
import { useWork, type Work } from '../state/use-work.ts';
import { isolated, type TextKey, type Translate } from '../texts/texts.ts';
import { CodeField } from './code-field.tsx';
import { Delivery } from './delivery.tsx';
import { Check } from './fields.tsx';
import { Form, Send } from './form.tsx';

export type Method = 'sms' | 'email' | 'totp' | 'recovery_code';

export interface Entered {
  readonly challengeToken: string;
  readonly code: string;
  readonly method: Method;
  readonly trustDevice: boolean;
}

interface CodeEntryProps {
  readonly challenge: Challenge;
  readonly onCode: (entered: Entered) => Promise<void>;
  /** Begins anew when this code is no longer good. */
  readonly onRestart: () => void;
  readonly offersTrust?: boolean;
}

const switches: Readonly<Record<Method, TextKey>> = {
  sms: 'use.sms',
  email: 'emailCode',
  totp: 'use.totp',
  recovery_code: 'use.recovery',
};

export function CodeEntry({ challenge: first, onCode, onRestart, offersTrust = false }: CodeEntryProps) {
  const { t, settings } = useApp();
  const underWay = useChallenge(first);
  const { challenge, ended, resend, status } = underWay;
  const methods = challenge.methods.filter((method): method is Method => method in switches);
  const [method, setMethod] = useState<Method>(methods[0] ?? 'sms');
  const work = useWork();
  const choose = (other: Method) => {
    setMethod(other);
    // With an app nothing is sent before it is asked for.
    if (isSent(other) && status?.delivery === 'none') void work.run(() => resend(other));
  };
  const { challengeToken } = challenge;
  return (
    <>
      <CodeForm
        key={method}
        work={work}
        method={method}
        underWay={underWay}
        offersTrust={offersTrust && settings.trustedDeviceDays > 0}
        onCode={(code, trustDevice) => onCode({ challengeToken, code, method, trustDevice })}
      />
      {isSent(method) && <Delivery underWay={underWay} work={work} />}
      <p className="choices">
        {(ended ? [] : methods.filter((other) => other !== method)).map((other) => (
          <button key={other} type="button" className="link" onClick={() => choose(other)}>
            {t(switches[other])}
          </button>
        ))}
        <button type="button" className="link" onClick={onRestart}>
          {t('restart')}
        </button>
      </p>
    </>
  );
}

interface CodeFormProps {
  readonly work: Work;
  readonly method: Method;
  readonly underWay: UnderWay;
  readonly offersTrust: boolean;
  readonly onCode: (code: string, trustDevice: boolean) => Promise<void>;
}

function CodeForm({ work, method, underWay, offersTrust, onCode }: CodeFormProps) {
  const { t, settings } = useApp();
  const [code, setCode] = useState('');
  const [trusts, setTrusts] = useState(false);
  useWebOtp(setCode);
  const { challenge, ended, codeLength } = underWay;
  return (
    <Form work={work} onSend={() => onCode(code, trusts)}>
      <p>{wayText(method, challenge, t)}</p>
      {!ended && (
        <>
          <CodeField
            label={t(method === 'recovery_code' ? 'recovery' : 'code')}
            code={code}
            onCode={setCode}
            kind={method === 'recovery_code' ? 'letters' : 'digits'}
            length={isSent(method) ? codeLength : 6}
            complaint={work.problem.fields['code']}
          />
          {offersTrust && (
            <Check label={t('trust', { days: settings.trustedDeviceDays })} checked={trusts} onChecked={setTrusts} />
          )}
          <Send busy={work.busy} label={t('continue')} />
        </>
      )}
    </Form>
  );
}

/** Whether its code comes in a message. */
function isSent(method: Method): method is Method & Channel {
  return method === 'sms' || method === 'email';
}

function wayText(method: Method, { channel, destination }: Challenge, t: Translate): string {
  if (method === 'totp') return t('code.totp');
  if (method === 'recovery_code') return t('code.recovery');
  return destination === null ? t('code.anonymous') : t(`code.${channel}`, { destination: isolated(destination) });
}
