/** An account whose password was right a moment ago. */
export interface ProvedAccount {
  readonly userId: string;
  /** Null once it went to somebody else (A98). */
  readonly phone: string | null;
  /** The proved address. */
  readonly email: string | null;
  /** As read with the password: whatever is done next demands that it still stands. */
  readonly authEpoch: number;
  /** Budget of wrong passwords, to be forgiven by the statement that goes on from here. */
  readonly failuresKey: string;
}
