// In development there is an administrator without any command: a client app whose key lies in LATCHKEY_DIR/admin-key, readable by the owner only.
// Instances that share the folder share the key. It is never made in production, where ClientsService refuses it as well.
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { keptOnce } from '../../config/development-secrets';
import { LoadedConfig } from '../../config/load-config';
import { ADMIN_KEY_FILE } from '../../config/own-folder';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { Clock } from '../../platform/clock/clock';
import { Random } from '../../platform/random/random';
import { clientSecrets } from '../opaque-tokens.algorithm';
import { DEVELOPMENT_ADMIN } from './client.policy';
import { ClientsConfig } from './clients.config';

// Without a conflict target, because an instance that starts at the same moment may run into either unique index. Both insert the same key.
const seed = statement(
  'clients_seed_development_admin',
  `INSERT INTO api_clients (id, client_id, name, audience, allowed_origins, scopes, secret_digest, created_at, updated_at, secret_created_at)
   VALUES ($1, $2, 'Administrator of development', $2, '{}', '{admin,introspect,revoke,phone_verifications}', $3, $4::timestamptz, $4::timestamptz, $4::timestamptz)
   ON CONFLICT DO NOTHING`,
);

// Keeps what the operator has changed about it, even its deletion.
const renew = statement(
  'clients_renew_development_admin',
  `UPDATE api_clients SET secret_digest = $2, secret_created_at = $3, updated_at = $3
   WHERE client_id = $1 AND deleted_at IS NULL AND secret_digest <> $2`,
);

@Injectable()
export class DevelopmentAdmin implements OnApplicationBootstrap {
  private readonly logger = new Logger('clients');

  constructor(
    private readonly config: LoadedConfig,
    private readonly settings: ClientsConfig,
    private readonly database: Database,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.environment.production) return;
    try {
      await this.store();
    } catch (error) {
      this.logger.warn({ msg: `the key in ${ADMIN_KEY_FILE} does not work yet: start again`, err: error as Error });
    }
  }

  private async store(): Promise<void> {
    const make = (): string => clientSecrets.make(this.random).token.reveal();
    const digest = clientSecrets.digest(keptOnce(this.settings.LATCHKEY_DIR, ADMIN_KEY_FILE, make).trim());
    if (digest === undefined) throw new Error('the file holds no API key');
    await this.database.run(seed, [this.random.uuid(), DEVELOPMENT_ADMIN, digest, this.clock.now()]);
    await this.database.run(renew, [DEVELOPMENT_ADMIN, digest, this.clock.now()]);
  }
}
