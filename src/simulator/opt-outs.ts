// Who has told which vendor to stop, as carriers and vendors keep it: STOP and START as the whole text, for all senders of that
// vendor. What our own app makes of the same message is another matter.
const STOP = /^\s*(stop|stopall|unsubscribe|cancel|end|quit)\s*$/i;
const START = /^\s*(start|yes|unstop)\s*$/i;

export class OptOuts {
  private readonly stopped = new Set<string>();

  hear(provider: string, phone: string, text: string): void {
    const key = `${provider} ${phone}`;
    if (STOP.test(text)) this.stopped.add(key);
    else if (START.test(text)) this.stopped.delete(key);
  }

  has(provider: string, phone: string): boolean {
    return this.stopped.has(`${provider} ${phone}`);
  }
}
