// What an operator should look at, as sentences; announced when it changes.
import type { MessageFigures } from '../state/message-figures.ts';
import { momentText, spanText } from '../ui/words.ts';

/** Of a budget's window: the second of its three alarms (src/limits/spend.sql.ts). */
const NEARLY_SPENT = 0.8;

export function Unusual({ known }: { readonly known: MessageFigures }) {
  const sentences = [...ofVendors(known), ...ofBudgets(known), ...ofAlarms(known)];
  return (
    <section aria-labelledby="unusual">
      <h2 id="unusual">Now</h2>
      <div role="status" className={sentences.length === 0 ? 'news' : 'news bad'}>
        {sentences.length === 0 ? (
          'Nothing unusual.'
        ) : (
          <ul>
            {sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function ofVendors({ vendors }: MessageFigures): string[] {
  return vendors.flatMap(({ provider, breaker, lastFailure }) => {
    if (breaker === 'closed') return [];
    const why = lastFailure === null ? '' : ` Last failure: ${lastFailure}.`;
    return [`${provider} is ${breaker === 'open' ? 'not called: its breaker is open' : 'being tried again'}.${why}`];
  });
}

function ofBudgets({ budget: { windows, unverified } }: MessageFigures): string[] {
  const now = Date.now();
  const shut = unverified.filter(({ closedUntil }) => closedUntil !== null && Date.parse(closedUntil) > now);
  const spent = windows.filter((window) => window.cap > 0 && window.spent >= window.cap * NEARLY_SPENT);
  return [
    ...shut.map(({ scope, closedUntil }) => `${placeOf(scope)} takes no strangers until ${momentText(closedUntil)}.`),
    ...spent.map(
      ({ scope, seconds, spent: used, cap }) =>
        `The budget ${scope} of ${spanText(seconds)} is ${Math.floor((used / cap) * 100)} % spent.`,
    ),
  ];
}

function ofAlarms({ alarms: { secondFactors, gate } }: MessageFigures): string[] {
  const { raisedAt, failed, attempts } = secondFactors;
  return [
    ...(raisedAt === null
      ? []
      : [`Most second factors fail: ${failed} of ${attempts} (since ${momentText(raisedAt)}).`]),
    ...(gate.mode === 'alarm' && gate.shut ? ['The gate is shut: newcomers solve a puzzle first.'] : []),
  ];
}

/** country:GB as `GB`, prefix:44791 as `+44791…`. */
export function placeOf(scope: string): string {
  const [kind, place = ''] = scope.split(':');
  return kind === 'prefix' ? `+${place}…` : place;
}
