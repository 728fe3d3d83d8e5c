import { ConfigSlice } from '../../config/config-slice';
import { EnvInt } from '../../config/fields';

/** Moving an account to a new number for somebody who lost their phone (ADR 50). */
export class PhoneRebindConfig extends ConfigSlice {
  /** Hours from the proof of the new number to the move, in which the owner of the old number can stop it. */
  @EnvInt({ min: 1, max: 720 }) PHONE_REBIND_WAIT_HOURS: number = 24;

  /** 2: another operator must approve before anything happens. */
  @EnvInt({ min: 1, max: 2 }) PHONE_REBIND_OPERATORS: number = 1;
}
