// Replace this file to add claims of your own to access tokens; docs/claims.md has the rules and an example. The class is a Nest provider,
// so it can inject what our modules export, such as Database. As delivered, it adds nothing.
import { Injectable } from '@nestjs/common';
import { ClaimsSource } from './claims-source';

@Injectable()
export class OwnClaims extends ClaimsSource {}
