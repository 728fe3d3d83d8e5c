export interface AcceptedTerms {
  /** What the server asks for; null: it has no terms. */
  readonly current: string | null;
  readonly accepted: string | null;
  readonly acceptedAt: Date | null;
}
