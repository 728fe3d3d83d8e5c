// The claims that an operator adds: a fixed map of the configuration, and those that their ClaimsSource gives for a person. When the source
// fails, is late or returns what is not allowed, the token is issued without its claims, so that nobody is kept out. Therefore added claims
// must only ever give rights, never take any away (ADR 0021).
import { Injectable, Logger } from '@nestjs/common';
import { inTime } from '../../platform/time/in-time';
import { type Claims, type ClaimsClient, type ClaimsSession, ClaimsSource, type ClaimsUser } from './claims-source';
import { addedClaimsProblem } from './custom-claims.policy';
import { TokensConfig } from './tokens.config';

const SOURCE_MILLISECONDS = 500;

@Injectable()
export class CustomClaims {
  private readonly logger = new Logger('claims');
  private readonly fixed: Claims;

  constructor(
    private readonly source: ClaimsSource,
    config: TokensConfig,
  ) {
    this.fixed = config.customClaims;
  }

  /** The claims that everybody gets; undefined when a source is asked about each person (`claimsFor`). */
  get forAnybody(): Claims | undefined {
    return this.source.claimsFor === undefined ? this.fixed : undefined;
  }

  /** Takes 500 ms at most and never throws. */
  async claimsFor(user: ClaimsUser, client: ClaimsClient, session: ClaimsSession): Promise<Claims> {
    const ask = this.source.claimsFor?.bind(this.source);
    if (ask === undefined) return this.fixed;
    const ending = new AbortController();
    try {
      const asked = ask(user, client, session, ending.signal);
      const said: unknown = await inTime(SOURCE_MILLISECONDS, asked, (error) => ending.abort(error));
      // Turned into JSON and back, so that what is not JSON is dropped, or throws here and not when the token is signed.
      const both = { ...this.fixed, ...(JSON.parse(JSON.stringify(said)) as Claims) };
      const problem = addedClaimsProblem(said) ?? addedClaimsProblem(both);
      if (problem === undefined) return both;
      this.logger.warn({ msg: `claims of the source are left out: they ${problem}`, clientId: client.clientId });
    } catch (error) {
      this.logger.warn({ msg: 'the claims source failed: its claims are left out', err: error as Error });
    }
    return this.fixed;
  }
}
