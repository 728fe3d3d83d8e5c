// WebOTP: the browser hands over the code of a message whose last line names this very host (OTP_ORIGIN), after asking the person.
// Where there is no such thing, autocomplete="one-time-code" offers the code above the keyboard.
import { useEffect, useRef } from 'react';

interface OtpCredential extends Credential {
  readonly code?: string;
}

/** @param take called with the code, at most once for each mount */
export function useWebOtp(take: (code: string) => void): void {
  const taker = useRef(take);
  taker.current = take;
  useEffect(() => {
    if (!('OTPCredential' in window)) return undefined;
    const stop = new AbortController();
    const options = { otp: { transport: ['sms'] }, signal: stop.signal } as CredentialRequestOptions;
    navigator.credentials
      .get(options)
      .then((found: OtpCredential | null) => {
        if (found?.code !== undefined) taker.current(found.code);
      })
      // Declined, or nothing came before the page was left: the person types.
      .catch(() => undefined);
    return () => stop.abort();
  }, []);
}
