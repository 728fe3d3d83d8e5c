// A number, then the code and a new password; where the account has more factors the server says so, and their codes are asked for
// as well. What is shown is the same whether there is such an account or not.
import { type Challenge, LatchkeyError } from '@latchkey/client';
import { useCallback, useState } from 'react';
import { useApp } from '../state/context.ts';
import { useChallenge } from '../state/use-challenge.ts';
import { useWebOtp } from '../state/use-web-otp.ts';
import { useWork } from '../state/use-work.ts';
import { CodeField } from '../ui/code-field.tsx';
import { Delivery } from '../ui/delivery.tsx';
import { PasswordField } from '../ui/fields.tsx';
import { Form, Send } from '../ui/form.tsx';
import { Link } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';
import { useIdentifier } from './identifier-field.tsx';
import { useMoreFactors } from './more-factors.tsx';

export function Forgot() {
  const { t } = useApp();
  const [challenge, setChallenge] = useState<Challenge>();
  return challenge === undefined ? (
    <Page title={t('title.forgot')} key="who">
      <Who onChallenge={setChallenge} />
      <p>
        <Link to="/login">{t('login.switch')}</Link>
      </p>
    </Page>
  ) : (
    <Page title={t('title.reset')} key="reset">
      <Reset challenge={challenge} onRestart={() => setChallenge(undefined)} />
    </Page>
  );
}

function Who({ onChallenge }: { readonly onChallenge: (challenge: Challenge) => void }) {
  const { latchkey, t } = useApp();
  const work = useWork();
  const identifier = useIdentifier(work.problem.fields['identifier']);
  return (
    <Form work={work} onSend={async () => onChallenge(await latchkey.forgotPassword(identifier.value))}>
      <p>{t('forgot.text')}</p>
      {identifier.field}
      <Send busy={work.busy} label={t('continue')} />
    </Form>
  );
}

interface ResetProps {
  readonly challenge: Challenge;
  readonly onRestart: () => void;
}

function Reset({ challenge: first, onRestart }: ResetProps) {
  const { latchkey, t, go, setUser } = useApp();
  const underWay = useChallenge(first);
  const { challenge, ended, codeLength } = underWay;
  const { challengeToken } = challenge;
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const more = useMoreFactors(codeLength);
  const { ask } = more;
  const needsMore = useCallback(
    ({ code: why, methods }: LatchkeyError) => {
      if (why === 'second_factor_required') ask(methods ?? []);
      return false;
    },
    [ask],
  );
  const work = useWork(needsMore);
  useWebOtp(setCode);
  const send = async () => {
    await latchkey.resetPassword({ challengeToken, code, newPassword: password, ...more.given });
    setUser(null);
    go('/login', t('reset.done'));
  };
  const { fields } = work.problem;
  return (
    <>
      <Form work={work} onSend={send}>
        <p>{t('code.anonymous')}</p>
        {!ended && (
          <>
            <CodeField label={t('code')} code={code} onCode={setCode} length={codeLength} complaint={fields['code']} />
            <PasswordField
              label={t('password.new')}
              value={password}
              onValue={setPassword}
              complaint={fields['newPassword']}
              isNew
            />
            {more.fields}
            <Send busy={work.busy} label={t('password.change')} />
          </>
        )}
      </Form>
      <Delivery underWay={underWay} work={work} />
      <Restart onRestart={onRestart} />
    </>
  );
}

function Restart({ onRestart }: Pick<ResetProps, 'onRestart'>) {
  const { t } = useApp();
  return (
    <p className="choices">
      <button type="button" className="link" onClick={onRestart}>
        {t('restart')}
      </button>
    </p>
  );
}
