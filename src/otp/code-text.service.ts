// The text in which a message sender carries the code of a challenge, and how many segments it takes, which a decoy is charged for as well.
import { Injectable } from '@nestjs/common';
import { HttpConfig } from '../config/http.config';
import { ProductConfig } from '../config/product.config';
import { languageOf } from '../platform/text/language';
import { segmentCount } from '../platform/text/segments';
import { codeText, type Letterhead } from './message-text';
import { OtpConfig } from './otp.config';
import type { ChallengeToSend } from './otp.types';

@Injectable()
export class CodeText {
  private readonly letterhead: Letterhead;

  constructor(
    { OTP_ORIGIN, OTP_ANDROID_APP_HASH: androidAppHash }: OtpConfig,
    product: ProductConfig,
    http: HttpConfig,
  ) {
    const origin = OTP_ORIGIN ?? new URL(http.PUBLIC_URL ?? 'http://localhost').hostname;
    this.letterhead = { app: product.APP_NAME, origin, androidAppHash };
  }

  of({ purpose, locale }: Pick<ChallengeToSend, 'purpose' | 'locale'>, code: string): string {
    return codeText(code, purpose, languageOf(locale), this.letterhead);
  }

  /** The same for every code. */
  segments(challenge: Pick<ChallengeToSend, 'purpose' | 'locale' | 'codeLength'>): number {
    return segmentCount(this.of(challenge, '0'.repeat(challenge.codeLength)));
  }
}
