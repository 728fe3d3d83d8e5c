import { ConfigSlice } from './config-slice';
import { EnvChoice } from './fields';

/** How much is logged. */
export class LoggingConfig extends ConfigSlice {
  @EnvChoice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent')
  LOG_LEVEL = 'info';
}
