// The example of docs/claims.md, compiled with everything else; readme.e2e-spec.ts holds the page to it.
import { Injectable } from '@nestjs/common';
import { Database } from '../../src/database/database.service';
import { statement } from '../../src/database/sql';
import { type Claims, type ClaimsClient, ClaimsSource, type ClaimsUser } from '../../src/auth/tokens/claims-source';

const rolesOfUser = statement('own_roles_of_user', 'SELECT role FROM shop_roles WHERE user_id = $1 ORDER BY role');

@Injectable()
export class OwnClaims extends ClaimsSource {
  constructor(private readonly database: Database) {
    super();
  }

  override async claimsFor(user: ClaimsUser, client: ClaimsClient): Promise<Claims> {
    if (client.clientId !== 'shop') return {};
    const rows = await this.database.run<{ role: string }>(rolesOfUser, [user.id]);
    return { 'https://shop.example/roles': rows.map(({ role }) => role) };
  }
}
