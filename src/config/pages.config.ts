import { ConfigSlice, type Environment } from './config-slice';
import { EnvBoolean } from './fields';

/** Whether people find pages at `/`, or only the API that such pages use. */
export class PagesConfig extends ConfigSlice {
  /** Serves the pages of web/; on in development, off in production. */
  @EnvBoolean()
  HOSTED_PAGES?: boolean;

  override applyDefaults({ production }: Environment): void {
    this.HOSTED_PAGES ??= !production;
  }
}
