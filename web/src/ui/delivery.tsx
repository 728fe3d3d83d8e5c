// Where the message with the code is, and what can be done when it does not come.
import { useState } from 'react';
import { useApp } from '../state/context.ts';
import { clockOf } from '../state/problem.ts';
import type { Channel, UnderWay } from '../state/use-challenge.ts';
import type { Work } from '../state/use-work.ts';

interface DeliveryProps {
  readonly underWay: UnderWay;
  readonly work: Work;
}

export function Delivery({ underWay, work }: DeliveryProps) {
  const { t } = useApp();
  const { challenge, status, resendIn, ended, resend } = underWay;
  const [again, setAgain] = useState(0);
  if (ended) return <p role="status">{t('code.ended')}</p>;
  const send = (channel: Channel) => void work.run(() => resend(channel)).then((went) => went && setAgain(again + 1));
  const main = challenge.channel === 'voice' ? 'sms' : challenge.channel;
  const waits = resendIn !== null && resendIn > 0;
  return (
    <div className="delivery">
      <p role="status" className="quiet" data-delivery={status?.delivery}>
        {textOf(status, t)}
      </p>
      {resendIn === null ? (
        <p className="quiet">{t('resend.none')}</p>
      ) : (
        <p className="choices">
          <button type="button" className="link" aria-disabled={waits} onClick={() => waits || send(main)}>
            {waits ? t('resend.in', { time: clockOf(resendIn) }) : t('resend')}
          </button>
          {challenge.channels.includes('voice') && (
            <button type="button" className="link" aria-disabled={waits} onClick={() => waits || send('voice')}>
              {t('use.voice')}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function textOf(status: UnderWay['status'], t: ReturnType<typeof useApp>['t']): string {
  if (status === undefined || status.delivery === 'none') return '';
  if (status.deliveryFailure === 'opted_out') return t('delivery.opted_out');
  return t(`delivery.${status.delivery}`);
}
