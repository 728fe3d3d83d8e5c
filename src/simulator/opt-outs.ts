// Which numbers have told which vendor to stop, by the rules of vendors: the whole text must be a word such as STOP or START, and it holds for all
// senders of that vendor. The app has rules of its own for the same message (src/sms/opt-outs).
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
