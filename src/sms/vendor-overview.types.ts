/** One entry of SMS_PROVIDERS, as an operator sees it. */
export interface VendorOverview {
  readonly provider: string;
  /** sender: carries a text of ours. code-sender: carries our code in its own words. service: makes and checks the code. */
  readonly kind: 'sender' | 'code-sender' | 'service';
  readonly channels: readonly string[];
  /** Its place in the order of SMS_PROVIDERS, from 1. */
  readonly place: number;
  /** Where SMS_ROUTES has another order that names it: GB, or `*` for all countries without one of their own. */
  readonly routes: readonly string[];
  /** Its breaker in this process. Each instance has its own. */
  readonly breaker: 'closed' | 'open' | 'half-open' | 'probing';
  /** Hand-overs of all instances in the hour before now, and how many of them it took. */
  readonly handOvers: number;
  readonly accepted: number;
  /** Of that hour: when some instance's breaker opened last, and the newest failure. */
  readonly openedAt: Date | null;
  readonly lastFailure: string | null;
  readonly lastFailureAt: Date | null;
}
