import { ConfigSlice, type Environment } from './config-slice';
import { EnvBoolean } from './fields';

/** Whether the hosted pages are served at `/`, or only the API. */
export class PagesConfig extends ConfigSlice {
  /** Serves the pages of web/; on in development, off in production. */
  @EnvBoolean()
  HOSTED_PAGES?: boolean;

  override applyDefaults({ production }: Environment): void {
    this.HOSTED_PAGES ??= !production;
  }
}
