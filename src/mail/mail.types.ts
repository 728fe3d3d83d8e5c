// How a `mail` job gets its mail. The job has ids only: address, text and code are composed when it runs (design D5).

/** The payload of a `mail` job. */
export interface MailReference {
  /** Name of a registered MailSource: `code`, `notice`, or a notice in place of a code, such as `locked_notice`. */
  readonly source: string;
  /** Id of what the mail is about; for codes that of the challenge. */
  readonly id: string;
  /** Number of the send, 1 for the first. */
  readonly send: number;
}

export interface Mail {
  /** An address in the form that canonicalEmail gives. */
  readonly to: string;
  readonly subject: string;
  /** Plain text, never HTML, so that nothing in it can load or run. */
  readonly text: string;
}

/** Registers itself with MailSources when its module starts. */
export interface MailSource {
  readonly name: string;
  /** @returns undefined when nothing is to be sent any more */
  compose(reference: MailReference): Promise<Mail | undefined>;
  /** Called when the relay has refused the mail, or it is too late for it. The person may then ask for another one at once (N10). */
  sendFailed?(reference: MailReference): Promise<void>;
}

/** What became of the newest mail about something. `sent` means that the relay took it. Whether it has arrived is never known. */
export interface MailDeliveryState {
  readonly status: 'queued' | 'sent' | 'failed';
  readonly updatedAt: Date;
  readonly send: number;
}
