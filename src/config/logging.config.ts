import { ConfigSlice } from './config-slice';
import { EnvChoice } from './fields';

export class LoggingConfig extends ConfigSlice {
  @EnvChoice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent')
  LOG_LEVEL = 'info';
}
