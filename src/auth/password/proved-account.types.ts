/** An account whose password was just found right. */
export interface ProvedAccount {
  readonly userId: string;
  /** Null when its number went to somebody else (A98). */
  readonly phone: string | null;
  /** The proved address. */
  readonly email: string | null;
  /** As read with the password. Whatever is done next must demand that it is still the same. */
  readonly authEpoch: number;
  /** Key of the wrong passwords, to be forgiven by the statement that follows. */
  readonly failuresKey: string;
}
